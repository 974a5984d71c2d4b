import { HelmError } from "./helm-error.ts";

/** A helm command line taken apart. */
export interface CommandLine {
  readonly command: string;
  readonly args: readonly string[];
  /** Last value of each flag; "true" for switches. */
  readonly flags: Readonly<Record<string, string>>;
  /** Flags that may come again, in their order. */
  readonly values: readonly ValueSource[];
  /** 3 or 4. */
  readonly major: number;
}

interface ValueSource {
  readonly kind: "file" | "set" | "set-string" | "set-json";
  readonly text: string;
}

const valueKinds: Readonly<Record<string, ValueSource["kind"]>> = {
  values: "file",
  set: "set",
  "set-string": "set-string",
  "set-json": "set-json",
};

const shortNames: Readonly<Record<string, string>> = {
  n: "namespace",
  f: "values",
  o: "output",
  i: "install",
  A: "all-namespaces",
  a: "all",
  h: "help",
  q: "short",
  m: "max",
  d: "destination",
};

/** Flags that take a value; a number says in which major alone they exist. */
const valued: Readonly<Record<string, true | 3 | 4>> = {
  namespace: true,
  values: true,
  set: true,
  "set-string": true,
  "set-json": true,
  output: true,
  version: true,
  repo: true,
  kubeconfig: true,
  "kube-context": true,
  timeout: true,
  "history-max": true,
  filter: true,
  max: true,
  template: true,
  revision: true,
  description: true,
  destination: true,
  "ca-file": true,
  "registry-config": true,
  "repository-config": true,
  cascade: true,
  "server-side": 4,
  "kube-token": true,
  "kube-version": true,
  "kube-apiserver": true,
  "burst-limit": true,
  qps: true,
};

/** Switches; "dry-run" and "wait" may have a value after an equals sign. */
const switches: Readonly<Record<string, true | 3 | 4>> = {
  install: true,
  "create-namespace": true,
  wait: true,
  "wait-for-jobs": true,
  "dry-run": true,
  atomic: true,
  "rollback-on-failure": 4,
  "force-conflicts": 4,
  "take-ownership": true,
  "all-namespaces": true,
  all: true,
  pending: true,
  failed: true,
  deployed: true,
  superseded: true,
  "ignore-not-found": true,
  "keep-history": true,
  "reuse-values": true,
  "reset-values": true,
  "reset-then-reuse-values": true,
  "skip-crds": true,
  "no-hooks": true,
  "force-update": true,
  short: true,
  client: 3,
  debug: true,
  help: true,
  "cleanup-on-fail": true,
  "include-crds": true,
  "dependency-update": true,
  "hide-notes": true,
  "skip-schema-validation": true,
  "no-headers": true,
};

/** Throws as helm does for a flag that this major does not have. */
export function parseCommandLine(argv: readonly string[], major: number): CommandLine {
  const words: string[] = [];
  const flags: Record<string, string> = {};
  const values: ValueSource[] = [];
  const rest = [...argv];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (!word.startsWith("-") || word === "-") {
      words.push(word);
      continue;
    }
    const { name, given } = flagOf(word);
    check(name, word, major);
    const value = given ?? (name in valued ? taken(rest, name) : "true");
    flags[name] = value;
    const kind = valueKinds[name];
    if (kind) values.push({ kind, text: value });
  }
  const [command = "", ...args] = words;
  return { command, args, flags, values, major };
}

function flagOf(word: string): { readonly name: string; readonly given: string | undefined } {
  const [, long, given] = /^--([^=]+)(?:=([\s\S]*))?$/.exec(word) ?? [];
  if (long !== undefined) return { name: long, given };
  const letter = word[1] ?? "";
  const tail = word.slice(2).replace(/^=/, "");
  return { name: shortNames[letter] ?? letter, given: tail === "" ? undefined : tail };
}

function check(name: string, word: string, major: number): void {
  const known = valued[name] ?? switches[name];
  const gone = major >= 4 && name === "all";
  if ((known === true || known === major) && !gone) return;
  throw new HelmError(
    word.startsWith("--") ? `unknown flag: --${name}` : `unknown shorthand flag: '${word[1] ?? ""}' in ${word}`,
  );
}

function taken(rest: string[], name: string): string {
  const value = rest.shift();
  if (value === undefined) throw new HelmError(`flag needs an argument: --${name}`);
  return value;
}

/** 5m0s as milliseconds. */
export function durationMs(text: string): number {
  const units = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)];
  if (parts.map(([part]) => part).join("") !== text || parts.length === 0) {
    throw new HelmError(`invalid argument "${text}" for "--timeout" flag: time: invalid duration "${text}"`);
  }
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * units[unit as keyof typeof units], 0);
}
