import type { Machine } from "../../machine.ts";
import type { ExecResult } from "../../program.ts";
import { failed, printed, type Tool } from "./tool.ts";

const builtIn: Readonly<Record<string, readonly string[]>> = {
  nat: ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"],
  filter: ["INPUT", "FORWARD", "OUTPUT"],
  mangle: ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"],
  raw: ["PREROUTING", "OUTPUT"],
};

const notRoot = "Permission denied (you must be root)";

/** The lab's machines keep all rules in the nft backend, so the legacy tools see empty tables. */
const isLegacy = (name: string) => name.includes("-legacy");

function chainsOf(machine: Machine, table: string): Map<string, string[]> {
  const chains = new Map<string, string[]>((builtIn[table] ?? []).map((name) => [name, []]));
  for (const [key, rules] of machine.chains) {
    if (key.startsWith(`${table}/`)) chains.set(key.slice(table.length + 1), rules);
  }
  return chains;
}

/** A rule as iptables-save prints it, whether or not its chain was written into it. */
function printable(chain: string, rule: string): string {
  return rule.startsWith("-A ") ? rule : `-A ${chain} ${rule}`;
}

/** iptables-save and its two backends: [-t table]. */
export const iptablesSave: Tool = (argv, { machine, inRootNetwork }) => {
  const at = argv.findIndex((word) => word === "-t" || word === "--table");
  const tables = at > 0 ? [argv[at + 1] ?? ""] : tablesOf(machine);
  if (!inRootNetwork || isLegacy(argv[0] ?? "")) return printed("");
  return printed(tables.map((table) => saved(machine, table)).join(""));
};

/** The kernel has a table once somebody wrote to it; of these all machines have rules. */
function tablesOf(machine: Machine): readonly string[] {
  const hasRaw = [...machine.chains.keys()].some((key) => key.startsWith("raw/"));
  return [...(hasRaw ? ["raw"] : []), "mangle", "filter", "nat"];
}

function saved(machine: Machine, table: string): string {
  const chains = [...chainsOf(machine, table)];
  const heads = chains.map(([name]) => `:${name} ${builtIn[table]?.includes(name) ? "ACCEPT" : "-"} [0:0]\n`);
  const rules = chains.flatMap(([name, all]) => all.map((rule) => `${printable(name, rule)}\n`));
  return `*${table}\n${heads.join("")}${rules.join("")}COMMIT\n`;
}

interface Request {
  readonly table: string;
  /** "D" for -D or --delete. */
  readonly verb: string;
  readonly chain: string | undefined;
  readonly rule: readonly string[];
}

const longVerbs: Readonly<Record<string, string>> = {
  "--delete": "D",
  "--flush": "F",
  "--delete-chain": "X",
  "--list-rules": "S",
  "--list": "L",
  "--append": "A",
  "--insert": "I",
  "--new-chain": "N",
  "--check": "C",
};

const noise = new Set(["-w", "--wait", "-n", "--numeric", "-v", "-x"]);

function read(argv: readonly string[]): Request | null {
  const bare = argv.slice(1).filter((word, at, all) => !noise.has(word) && !isWaitSeconds(word, all[at - 1]));
  const at = bare.findIndex((word) => word === "-t" || word === "--table");
  const table = at < 0 ? "filter" : bare.splice(at, 2).at(1);
  const first = bare.shift() ?? "";
  const verb = longVerbs[first] ?? /^-([DFXSLAINC])$/.exec(first)?.[1];
  if (verb === undefined) return null;
  const chain = bare[0]?.startsWith("-") ? undefined : bare.shift();
  return { table: table ?? "", verb, chain, rule: bare };
}

function isWaitSeconds(word: string, before: string | undefined): boolean {
  return (before === "-w" || before === "--wait") && /^\d+$/.test(word);
}

/** A rule's words without quotes, so that how it was quoted does not matter. */
function essence(rule: string | readonly string[]): string {
  const words = typeof rule === "string" ? (rule.match(/"[^"]*"|\S+/g) ?? []) : rule;
  const bare = words.map((word) => word.replace(/^"(.*)"$/, "$1"));
  return (bare[0] === "-A" ? bare.slice(2) : bare).join(" ");
}

type Act = (machine: Machine, request: Request, fail: (message: string) => ExecResult) => ExecResult;

const remove: Act = (machine, { table, chain = "", rule }, fail) => {
  const rules = machine.chains.get(`${table}/${chain}`) ?? [];
  const number = rule.length === 1 && /^\d+$/.test(rule[0] ?? "") ? Number(rule[0]) - 1 : null;
  const at = number ?? rules.findIndex((candidate) => essence(candidate) === essence(rule));
  if (at < 0 || at >= rules.length) return fail("Bad rule (does a matching rule exist in that chain?).");
  rules.splice(at, 1);
  return printed("");
};

const flush: Act = (machine, { table, chain }) => {
  for (const [key, rules] of machine.chains) {
    if (chain === undefined ? key.startsWith(`${table}/`) : key === `${table}/${chain}`) rules.length = 0;
  }
  return printed("");
};

const dropChain: Act = (machine, { table, chain }, fail) => {
  const ours = [...machine.chains.keys()].filter((key) => key.startsWith(`${table}/`));
  const names = chain === undefined ? ours.map((key) => key.slice(table.length + 1)) : [chain];
  for (const name of names.filter((candidate) => !builtIn[table]?.includes(candidate))) {
    const jumps = ours.some((key) => machine.chains.get(key)?.some((rule) => essence(rule).split(" ").includes(name)));
    if (jumps) return fail(`CHAIN_DEL failed (Device or resource busy): chain ${name}`);
    if ((machine.chains.get(`${table}/${name}`) ?? []).length > 0) return fail("Directory not empty.");
    machine.chains.delete(`${table}/${name}`);
  }
  return printed("");
};

const add: Act = (machine, { table, chain = "", rule, verb }) => {
  const text = `-A ${chain} ${rule.map((word) => (word.includes(" ") ? `"${word}"` : word)).join(" ")}`;
  const rules = machine.chains.get(`${table}/${chain}`) ?? [];
  machine.chains.set(`${table}/${chain}`, verb === "A" ? [...rules, text] : [text, ...rules]);
  return printed("");
};

const list: Act = (machine, { table, chain }) => {
  const chains = [...chainsOf(machine, table)].filter(([name]) => chain === undefined || name === chain);
  const heads = chains.map(([name]) => (builtIn[table]?.includes(name) ? `-P ${name} ACCEPT\n` : `-N ${name}\n`));
  return printed(
    heads.join("") + chains.flatMap(([name, all]) => all.map((rule) => `${printable(name, rule)}\n`)).join(""),
  );
};

const newChain: Act = (machine, { table, chain = "" }, fail) => {
  if (chainsOf(machine, table).has(chain)) return fail("Chain already exists.");
  machine.chains.set(`${table}/${chain}`, []);
  return printed("");
};

const check: Act = (machine, { table, chain = "", rule }, fail) => {
  const rules = machine.chains.get(`${table}/${chain}`) ?? [];
  if (rules.some((candidate) => essence(candidate) === essence(rule))) return printed("");
  return fail("Bad rule (does a matching rule exist in that chain?).");
};

const acts: Readonly<Record<string, Act>> = {
  D: remove,
  F: flush,
  X: dropChain,
  A: add,
  I: add,
  L: list,
  S: list,
  N: newChain,
  C: check,
};

const fail = (message: string) => failed(1, `iptables: ${message}`);
const noChain = "No chain/target/match by that name.";

/** iptables [-w] [-t table] -S|-L|-D|-F|-X|-A|-I|-N|-C [chain] [rule]. */
export const iptables: Tool = (argv, { machine, inRootNetwork }) => {
  const request = read(argv);
  if (!request) return failed(2, "iptables: the lab knows -S, -L, -D, -F, -X, -A, -I, -N and -C");
  if (!inRootNetwork) return failed(4, `iptables: ${notRoot}`);
  return isLegacy(argv[0] ?? "") ? inLegacy(request) : inKernel(machine, request);
};

function inLegacy({ verb }: Request): ExecResult {
  return verb === "L" || verb === "S" ? printed("") : fail(noChain);
}

function inKernel(machine: Machine, request: Request): ExecResult {
  const { table, chain, verb } = request;
  const isThere = chain === undefined || verb === "N" || chainsOf(machine, table).has(chain);
  const act = acts[verb];
  return isThere && act ? act(machine, request, fail) : fail(noChain);
}
