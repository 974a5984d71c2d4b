import { CrossfadeError } from "../engine/errors.ts";
import type { CniFile } from "../engine/facts.ts";
import type { HostLeftovers, HostRoute, LeftoverKinds } from "../engine/leftovers.ts";
import type { Hosts } from "../engine/ports.ts";
import { cleanDisk, diskLeftovers } from "./host-disk.ts";
import { cniFolder, commandFailed, type HostExec } from "./host-exec.ts";
import { iptablesTables, parseSaved, removal, type SavedTable } from "./iptables.ts";

/** Only configuration is read: the folder may hold a kubeconfig with a token. */
const readable = /\.(conf|conflist|json)(\.cilium_bak)?$/;
/** Both flavours keep rules of their own; where neither is named, the plain command is the only one. */
const flavours = ["iptables-legacy", "iptables-nft"] as const;

/** No CNI configuration comes near; a node that sends megabytes only costs. */
const longestFile = 64 * 1024;
/** Each is read by a command of its own, and their names are recorded on the node. */
const mostFiles = 100;

const notThere = (exitCode: number) => exitCode === 126 || exitCode === 127;

/** Names come from a directory listing and go back into a command: no way out of the folder. */
function fileAt(name: string): string {
  if (name === "" || name.includes("/") || name === "." || name === "..") throw new Error(`not a file name: ${name}`);
  return `${cniFolder}/${name}`;
}

async function names(exec: HostExec, node: string): Promise<readonly string[]> {
  const argv = ["ls", "-1A", cniFolder];
  const answer = await exec.read(node, argv);
  if (answer.exitCode !== 0) throw commandFailed(node, argv, answer);
  const found = answer.stdout
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  if (found.length > mostFiles) {
    throw new CrossfadeError(
      "COMMAND_FAILED",
      `The folder of CNI configuration of ${node} holds ${found.length} files, which is more than ${mostFiles}.`,
      `clear out ${cniFolder} of ${node}`,
    );
  }
  return found.toSorted();
}

/** Null for a directory, and for a file that went meanwhile. */
async function readFile(exec: HostExec, node: string, name: string): Promise<CniFile | null> {
  if (!readable.test(name)) return { name, content: "" };
  const argv = ["cat", fileAt(name)];
  const answer = await exec.read(node, argv);
  if (answer.exitCode === 0) return { name, content: answer.stdout.slice(0, longestFile) };
  if (/is a directory|no such file/i.test(answer.stderr)) return null;
  throw commandFailed(node, argv, answer);
}

async function linksOf(exec: HostExec, node: string): Promise<readonly string[]> {
  const argv = ["ip", "-o", "link", "show"];
  const answer = await exec.inAgent(node, argv, "read");
  if (answer.exitCode !== 0) throw commandFailed(node, argv, answer);
  return answer.stdout.split("\n").flatMap((line) => /^\d+:\s+([^:@\s]+)/.exec(line)?.[1] ?? []);
}

interface FlavouredTable {
  readonly command: string;
  readonly table: string;
  readonly saved: SavedTable;
}

async function saveWith(exec: HostExec, node: string, command: string): Promise<readonly FlavouredTable[] | null> {
  const out: FlavouredTable[] = [];
  for (const table of iptablesTables) {
    const argv = [`${command}-save`, "-t", table];
    const answer = await exec.inAgent(node, argv, "read");
    if (notThere(answer.exitCode)) return null;
    // A flavour whose kernel module is not loaded holds no rules of that table.
    if (answer.exitCode === 0) out.push({ command, table, saved: parseSaved(answer.stdout) });
  }
  return out;
}

async function allTables(exec: HostExec, node: string): Promise<readonly FlavouredTable[]> {
  const found = await Promise.all(flavours.map((flavour) => saveWith(exec, node, flavour)));
  const present = found.filter((tables) => tables !== null);
  if (present.length > 0) return present.flat();
  return (await saveWith(exec, node, "iptables")) ?? [];
}

/** Routes of the main table by way of another machine; those to a link go with it. */
async function routesOf(exec: HostExec, node: string): Promise<readonly HostRoute[]> {
  const argv = ["ip", "-4", "route", "show"];
  const answer = await exec.inAgent(node, argv, "read");
  if (answer.exitCode !== 0) throw commandFailed(node, argv, answer);
  return answer.stdout.split("\n").flatMap((line) => {
    const [, to, via] = /^(\d\S*) via (\S+)/.exec(line.trim()) ?? [];
    return to === undefined || via === undefined ? [] : [{ to, via }];
  });
}

async function leftovers(exec: HostExec, node: string, of: LeftoverKinds): Promise<HostLeftovers> {
  const [links, routes, tables, files, disk] = await Promise.all([
    of.links.length === 0 ? [] : linksOf(exec, node),
    of.routes ? routesOf(exec, node) : [],
    of.chainPrefixes.length === 0 ? [] : allTables(exec, node),
    of.confFiles.length === 0 ? [] : names(exec, node),
    diskLeftovers(exec, node, of),
  ]);
  const chains = tables.flatMap(({ table, saved }) =>
    saved.chains
      .filter((chain) => of.chainPrefixes.some((prefix) => chain.startsWith(prefix)))
      .map((chain) => `${table}/${chain}`),
  );
  return {
    links: links.filter((link) => of.links.includes(link)),
    routes,
    chains: [...new Set(chains)],
    files: files.filter((file) => of.confFiles.includes(file)),
    ...disk,
  };
}

async function must(exec: HostExec, node: string, argv: readonly string[], mayFail: RegExp): Promise<void> {
  const answer = await exec.inAgent(node, argv, "write");
  if (answer.exitCode !== 0 && !mayFail.test(answer.stderr)) throw commandFailed(node, argv, answer);
}

async function removeChains(exec: HostExec, node: string, chains: readonly string[]): Promise<void> {
  for (const { command, table, saved } of await allTables(exec, node)) {
    const mine = chains.filter((chain) => chain.startsWith(`${table}/`)).map((chain) => chain.slice(table.length + 1));
    for (const change of removal(saved, mine)) {
      await must(exec, node, [command, "-w", "-t", table, ...change], /no chain|does a matching rule exist|not exist/i);
    }
  }
}

/** The port `hosts`. */
export function kubeHosts(exec: HostExec): Hosts {
  return {
    async cniFiles(node) {
      const files = await Promise.all((await names(exec, node)).map((name) => readFile(exec, node, name)));
      return files.filter((file) => file !== null);
    },
    removeCniFile: (node, name) => must(exec, node, ["rm", "-f", fileAt(name)], /no such file/i),
    renameCniFile: (node, from, to) => must(exec, node, ["mv", "-f", fileAt(from), fileAt(to)], /(?!)/),
    leftovers: (node, of) => leftovers(exec, node, of),
    async clean(node, found, of) {
      if (found.chains.length > 0) await removeChains(exec, node, found.chains);
      // Before the links, with which others of them go.
      for (const { to, via } of found.routes)
        await must(exec, node, ["ip", "-4", "route", "delete", to, "via", via], /no such process/i);
      for (const link of found.links)
        await must(exec, node, ["ip", "link", "delete", "dev", link], /cannot find device|does not exist/i);
      for (const file of found.files) await must(exec, node, ["rm", "-f", fileAt(file)], /no such file/i);
      return cleanDisk(exec, node, found, of);
    },
  };
}
