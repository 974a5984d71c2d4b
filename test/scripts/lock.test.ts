import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface Entry {
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
}

const { packages } = JSON.parse(readFileSync(new URL("../../package-lock.json", import.meta.url), "utf8")) as {
  readonly packages: Readonly<Record<string, Entry>>;
};

/** What is fetched: neither the checkout itself nor a workspace of it. */
const fetched = Object.entries(packages).filter(([path, { link }]) => path.includes("node_modules/") && link !== true);

test("every package that npm ci may fetch, on whatever platform, is pinned by its hash", () => {
  expect(fetched.length).toBeGreaterThan(200);
  const unpinned = fetched.filter(([, { integrity }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? ""));
  expect(unpinned.map(([path]) => path)).toEqual([]);
});

test("none is fetched from elsewhere than the registry", () => {
  const elsewhere = fetched.filter(
    ([, { resolved }]) => resolved !== undefined && !resolved.startsWith("https://registry.npmjs.org/"),
  );
  expect(elsewhere.map(([path]) => path)).toEqual([]);
});
