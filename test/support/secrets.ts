import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

const secretFields = ["token", "password", "client-key-data"] as const;

interface Kubeconfig {
  readonly users: readonly { readonly user: Readonly<Partial<Record<(typeof secretFields)[number], string>>> }[];
}

/** What of a kubeconfig may be found nowhere else. */
export function secretsOf(kubeconfig: string): readonly string[] {
  const { users } = parse(kubeconfig) as Kubeconfig;
  const known = users.flatMap(({ user }) => secretFields.flatMap((field) => user[field] ?? []));
  if (known.length === 0) throw new Error("a kubeconfig without a secret proves nothing");
  return known;
}

/** Every file below a folder with what is in it; sockets have nothing in them. */
export function* textsBelow(folder: string): Iterable<readonly [file: string, text: string]> {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (entry.isFile()) yield [file, readFileSync(file, "utf8")];
  }
}
