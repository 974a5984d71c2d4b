import type { Consent } from "../../engine/model/plan-types.ts";
import type { Flags, Given } from "../command.ts";
import { CommandError } from "../command-error.ts";

/** How to find the cluster. */
export const clusterFlags = {
  context: { type: "string", value: "NAME", help: "kubeconfig context (default: the current one)" },
  kubeconfig: { type: "string", value: "FILE", help: "kubeconfig file (default: $KUBECONFIG, then ~/.kube/config)" },
} as const satisfies Flags;

/** How to show what happens. */
export const outputFlags = {
  headless: { type: "boolean", help: "plain lines instead of the panel; the default without a terminal" },
  json: { type: "boolean", help: "one JSON event a line on stdout (implies --headless)" },
  plain: { type: "boolean", help: "plain lines, appended and never redrawn, for screen readers and logs" },
  ascii: { type: "boolean", help: "only ASCII in the panel" },
} as const satisfies Flags;

/** For commands that go on with a recorded run. */
export const agreeFlag = {
  agree: {
    type: "string",
    value: "HASH",
    help: "agree to go on here with a recorded plan that was not agreed to on this machine: its hash, or 12 digits of it",
  },
} as const satisfies Flags;

export const consentFlags = {
  ...agreeFlag,
  consent: {
    type: "string",
    value: "LIST",
    help: "consents given beforehand: nodes, finalize, policy-drops, remove-source (comma-separated)",
  },
  "without-saved-source": {
    type: "boolean",
    help: "go on where the old CNI's objects cannot be saved before they are deleted",
  },
} as const satisfies Flags;

const consents: readonly Consent[] = ["nodes", "finalize", "policy-drops", "remove-source"];

export function text(given: Given, flag: string): string | undefined {
  const value = given[flag];
  return typeof value === "string" ? value : undefined;
}

export function texts(given: Given, flag: string): readonly string[] {
  const value = given[flag];
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

export function isSet(given: Given, flag: string): boolean {
  return given[flag] === true;
}

/** A whole number between two bounds. */
export function wholeNumber(given: Given, flag: string, [low, high]: readonly [number, number]): number | undefined {
  const value = text(given, flag);
  if (value === undefined) return undefined;
  const number = Number(value);
  if (/^-?\d+$/.test(value) && number >= low && number <= high) return number;
  throw new CommandError(
    "USAGE",
    `--${flag} ${value} is not a whole number from ${low} to ${high}`,
    `give --${flag} ${low}, for example`,
  );
}

/** A number above 0, such as a speed. */
export function positive(given: Given, flag: string): number | undefined {
  const value = text(given, flag);
  if (value === undefined) return undefined;
  const number = Number(value);
  if (Number.isFinite(number) && number > 0) return number;
  throw new CommandError("USAGE", `--${flag} ${value} is not a number above 0`, `give --${flag} 10, for example`);
}

export function oneOf<T extends string>(given: Given, flag: string, allowed: readonly T[]): T | undefined {
  const value = text(given, flag);
  if (value === undefined) return undefined;
  const found = allowed.find((one) => one === value);
  if (found !== undefined) return found;
  throw new CommandError("USAGE", `--${flag} ${value} is not known`, `it is one of: ${allowed.join(", ")}`);
}

/** The recorded plan that is agreed to, by its hash or the beginning of it; guessing has to be hopeless. */
export function agreedHash(given: Given): { readonly agree?: string } {
  const hash = text(given, "agree")?.toLowerCase();
  if (hash === undefined) return {};
  if (/^[0-9a-f]{12,64}$/.test(hash)) return { agree: hash };
  throw new CommandError(
    "USAGE",
    `--agree ${hash} is not the hash of a plan, nor its first 12 digits or more`,
    "crossfade status prints the hash of the recorded plan",
  );
}

export function consentsGiven(given: Given): ReadonlySet<Consent> {
  const names = (text(given, "consent") ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  return new Set(
    names.map((name) => {
      const found = consents.find((one) => one === name);
      if (found) return found;
      throw new CommandError("USAGE", `--consent ${name} is not known`, `it is one of: ${consents.join(", ")}`);
    }),
  );
}
