import {
  type HostLeftovers,
  type HostRoute,
  type LeftoverKinds,
  moduleLinks,
} from "../../engine/model/cluster/leftovers.ts";
import type { CrossfadeError } from "../../engine/model/errors.ts";
import { lastWords } from "../client/redact.ts";
import { commandFailed, type HostExec } from "./host-exec.ts";
import { commentedRules, parseSaved, removal, type SavedTable } from "./iptables.ts";

/** What of a host's leftovers is in its kernel, and is seen and changed through the agent, which has the node's network. */
type InKernel = Pick<HostLeftovers, "links" | "routes" | "blackholes" | "chains" | "rules" | "ipsets" | "unseen">;

/** A command on a node, and what it may fail with: then it is done already, or the kernel's restart does it. */
export interface Change {
  readonly argv: readonly string[];
  readonly mayFail: RegExp;
}

/** Both flavours keep rules of their own; where neither is named, the plain command is the only one. */
const flavours = ["iptables-legacy", "iptables-nft"] as const;

const notThere = (exitCode: number) => exitCode === 126 || exitCode === 127;

async function linesOf(exec: HostExec, node: string, argv: readonly string[]): Promise<readonly string[]> {
  const answer = await exec.inAgent(node, argv, "read");
  if (answer.exitCode !== 0) throw commandFailed(node, argv, answer);
  return answer.stdout.split("\n");
}

async function linksOf(exec: HostExec, node: string): Promise<readonly string[]> {
  const lines = await linesOf(exec, node, ["ip", "-o", "link", "show"]);
  return lines.flatMap((line) => /^\d+:\s+([^:@\s]+)/.exec(line)?.[1] ?? []);
}

interface FlavouredTable {
  readonly command: string;
  readonly table: string;
  readonly saved: SavedTable;
}

interface Flavour {
  readonly tables: readonly FlavouredTable[];
  /** Why it could not be asked: a kernel without it holds no rules of it, but one of them must answer. */
  readonly failed: CrossfadeError | null;
}

/** All tables that the kernel has of a flavour, without loading a module to look; null where the image has no such command. */
async function saveWith(exec: HostExec, node: string, command: string): Promise<Flavour | null> {
  const argv = [`${command}-save`];
  const answer = await exec.inAgent(node, argv, "read");
  if (notThere(answer.exitCode)) return null;
  if (answer.exitCode !== 0) return { tables: [], failed: commandFailed(node, argv, answer) };
  const tables = [...parseSaved(answer.stdout)].map(([table, saved]) => ({ command, table, saved }));
  return { tables, failed: null };
}

async function allTables(exec: HostExec, node: string): Promise<readonly FlavouredTable[]> {
  const both = await Promise.all(flavours.map((flavour) => saveWith(exec, node, flavour)));
  const found = both.some((flavour) => flavour !== null) ? both : [await saveWith(exec, node, "iptables")];
  const present = found.filter((flavour) => flavour !== null);
  const [failure] = present.flatMap(({ failed }) => failed ?? []);
  if (failure && present.every(({ failed }) => failed !== null)) throw failure;
  return present.flatMap(({ tables }) => tables);
}

/** Routes of the main table: those by way of another machine, and those to nowhere; those to a link go with it. */
async function routesOf(
  exec: HostExec,
  node: string,
): Promise<{ readonly routes: readonly HostRoute[]; readonly blackholes: readonly string[] }> {
  const lines = (await linesOf(exec, node, ["ip", "-4", "route", "show"])).map((line) => line.trim());
  return {
    routes: lines.flatMap((line) => {
      const [, to, via] = /^(\d\S*) via (\S+)/.exec(line) ?? [];
      return to === undefined || via === undefined ? [] : [{ to, via }];
    }),
    // 80 is what Felix writes by, bird the daemon that shares ranges out by BGP.
    blackholes: lines.flatMap((line) => /^blackhole (\d\S*) proto (?:80|bird)\b/.exec(line)?.[1] ?? []),
  };
}

async function ipsetsOf(
  exec: HostExec,
  node: string,
  prefixes: readonly string[],
): Promise<Pick<InKernel, "ipsets" | "unseen">> {
  if (prefixes.length === 0) return { ipsets: [], unseen: [] };
  const answer = await exec.inAgent(node, ["ipset", "list", "-n"], "read");
  if (answer.exitCode === 0) {
    const names = answer.stdout.split("\n").map((line) => line.trim());
    return { ipsets: names.filter((name) => prefixes.some((prefix) => name.startsWith(prefix))), unseen: [] };
  }
  const why = notThere(answer.exitCode) ? "the agent's image has no ipset" : lastWords(answer.stderr);
  // Without the rules that named them they do nothing.
  const unseen = prefixes.map((prefix) => `ipsets ${prefix}*: ${why}; they do no harm and go with the next restart`);
  return { ipsets: [], unseen };
}

const begins = (text: string, prefixes: readonly string[]) => prefixes.some((prefix) => text.startsWith(prefix));

/** What of these kinds is in the node's kernel. */
export async function kernelLeftovers(exec: HostExec, node: string, of: LeftoverKinds): Promise<InKernel> {
  const [links, found, tables, sets] = await Promise.all([
    of.links.length === 0 ? [] : linksOf(exec, node),
    of.routes || of.blackholeRoutes ? routesOf(exec, node) : { routes: [], blackholes: [] },
    of.chainPrefixes.length + of.ruleComments.length === 0 ? [] : allTables(exec, node),
    ipsetsOf(exec, node, of.ipsetPrefixes),
  ]);
  const chains = tables.flatMap(({ table, saved }) =>
    saved.chains.filter((chain) => begins(chain, of.chainPrefixes)).map((chain) => `${table}/${chain}`),
  );
  const rules = tables.flatMap(({ table, saved }) =>
    commentedRules(saved, of).map(({ chain, comment }) => `${table}/${chain} ${comment}`),
  );
  return {
    links: links.filter((link) => of.links.includes(link)),
    routes: of.routes ? found.routes : [],
    blackholes: of.blackholeRoutes ? found.blackholes : [],
    chains: [...new Set(chains)],
    rules: [...new Set(rules)],
    ...sets,
  };
}

async function rulesGone(exec: HostExec, node: string, { chains, rules }: HostLeftovers): Promise<readonly Change[]> {
  const mayFail = /no chain|does a matching rule exist|not exist/i;
  const tables = chains.length + rules.length === 0 ? [] : await allTables(exec, node);
  const within = (table: string, names: readonly string[]) =>
    names.filter((name) => name.startsWith(`${table}/`)).map((name) => name.slice(table.length + 1));
  return tables.flatMap(({ command, table, saved }) =>
    removal(saved, within(table, chains), within(table, rules)).map((change) => ({
      argv: [command, "-w", "-t", table, ...change],
      mayFail,
    })),
  );
}

const noDevice = /cannot find device|does not exist/i;

function linkGone(link: string): readonly Change[] {
  if (!moduleLinks.includes(link)) return [{ argv: ["ip", "link", "delete", "dev", link], mayFail: noDevice }];
  return [
    { argv: ["ip", "-4", "addr", "flush", "dev", link], mayFail: noDevice },
    { argv: ["ip", "link", "set", "dev", link, "down"], mayFail: noDevice },
  ];
}

/** What removes it, in an order in which nothing is in use any more: rules, chains, the sets they named, routes, links. */
export async function kernelChanges(exec: HostExec, node: string, found: HostLeftovers): Promise<readonly Change[]> {
  return [
    ...(await rulesGone(exec, node, found)),
    ...found.ipsets.map((name) => ({
      argv: ["ipset", "destroy", name],
      mayFail: /does not exist|in use by a kernel component/i,
    })),
    // Before the links, with which others of them go.
    ...found.routes.map(({ to, via }) => ({
      argv: ["ip", "-4", "route", "delete", to, "via", via],
      mayFail: /no such process/i,
    })),
    ...found.links.flatMap(linkGone),
    ...found.blackholes.map((to) => ({
      argv: ["ip", "-4", "route", "delete", "blackhole", to],
      mayFail: /no such process/i,
    })),
  ];
}
