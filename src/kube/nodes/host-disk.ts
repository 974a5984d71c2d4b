import {
  type FolderLook,
  filesPattern,
  type HostLeftovers,
  type LeftoverKinds,
} from "../../engine/model/cluster/leftovers.ts";
import { inParts } from "../../engine/model/in-parts.ts";
import { lastWords } from "../client/redact.ts";
import { runAll } from "./batch.ts";
import { hostRoot } from "./cleaner-manifest.ts";
import { commandFailed, type HostExec } from "./host-exec.ts";

type OnDisk = Pick<HostLeftovers, "paths" | "reserved" | "nftTables" | "unseen">;

const isMissing = /no such file|not a directory/i;
const isAddress = /^[0-9a-f:.]+$/i;
/** So many names fit a command line. */
const atOnce = 200;

/** Thrown where no cleaner runs on the node: what it would have looked at is not known. */
class NoCleaner extends Error {}

async function inCleaner(exec: HostExec, node: string, argv: readonly string[], access: "read" | "write") {
  const answer = await exec.inCleaner(node, argv, access);
  if (answer === null) throw new NoCleaner();
  return answer;
}

/** Names in a folder of the node's disk; none where it is not there. A name cannot lead out of its folder. */
async function namesIn(exec: HostExec, node: string, folder: string): Promise<readonly string[]> {
  const argv = ["ls", "-1A", hostRoot + folder];
  const answer = await inCleaner(exec, node, argv, "read");
  if (answer.exitCode === 0)
    return answer.stdout
      .split("\n")
      .filter((name) => name !== "" && name !== "." && name !== ".." && !name.includes("/"));
  if (isMissing.test(answer.stderr)) return [];
  throw commandFailed(node, argv, answer);
}

const parentOf = (path: string) => path.slice(0, path.lastIndexOf("/"));
const nameOf = (path: string) => path.slice(path.lastIndexOf("/") + 1);

/** Files of these paths and patterns that are there. */
async function filesThere(exec: HostExec, node: string, paths: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    paths.map(async (path) => {
      const pattern = filesPattern(path);
      const names = await namesIn(exec, node, pattern?.folder ?? parentOf(path));
      if (pattern === null) return names.includes(nameOf(path)) ? [path] : [];
      return names.filter((name) => name.startsWith(pattern.prefix)).map((name) => `${pattern.folder}/${name}`);
    }),
  );
  return found.flat();
}

async function nftTablesOn(exec: HostExec, node: string, wanted: readonly string[]): Promise<Partial<OnDisk>> {
  if (wanted.length === 0) return {};
  const argv = ["nft", "list", "tables"];
  const answer = await inCleaner(exec, node, argv, "read");
  if (answer.exitCode !== 0) {
    const why = answer.exitCode === 127 ? "the image has no nft" : lastWords(answer.stderr);
    return { unseen: wanted.map((name) => `nft table ${name}: ${why}`) };
  }
  const there = answer.stdout.split("\n").map((line) => line.trim().replace(/^table\s+/, ""));
  return { nftTables: wanted.filter((name) => there.includes(name)) };
}

/** What of these kinds only a cleaner reaches. */
export async function diskLeftovers(exec: HostExec, node: string, of: LeftoverKinds): Promise<OnDisk> {
  const places = [...of.folders, ...(of.reservations === null ? [] : [of.reservations]), ...of.plugins, ...of.files];
  const nothing: OnDisk = { paths: [], reserved: [], nftTables: [], unseen: [] };
  if (places.length === 0 && of.nftTables.length === 0) return nothing;
  try {
    const folders = await Promise.all(
      of.folders.map(async (folder) => ((await namesIn(exec, node, folder)).length > 0 ? [folder] : [])),
    );
    const files = await filesThere(exec, node, [...of.plugins, ...of.files]);
    const inIt = of.reservations === null ? [] : await namesIn(exec, node, of.reservations);
    const reserved = inIt.filter((name) => isAddress.test(name));
    // The allocator's own files, of no use without an address.
    const spent = of.reservations !== null && inIt.length > 0 && reserved.length === 0 ? [of.reservations] : [];
    return {
      ...nothing,
      paths: [...folders.flat(), ...spent, ...files],
      reserved,
      ...(await nftTablesOn(exec, node, of.nftTables)),
    };
  } catch (thrown) {
    if (!(thrown instanceof NoCleaner)) throw thrown;
    const unseen = [...places, ...of.nftTables.map((name) => `nft table ${name}`)];
    return { ...nothing, unseen: unseen.map((place) => `${place}: no pod of ours runs on the node`) };
  }
}

/** Removes what was found; with the words of what did not let go. */
export async function cleanDisk(
  exec: HostExec,
  node: string,
  found: HostLeftovers,
  of: LeftoverKinds,
): Promise<readonly string[]> {
  const complaints: string[] = [];
  const removeAll = async (commands: readonly (readonly string[])[]) => {
    const answers = await runAll((argv) => inCleaner(exec, node, argv, "write"), commands);
    for (const { exitCode, stderr } of answers)
      if (exitCode !== 0 && !isMissing.test(stderr)) complaints.push(lastWords(stderr));
  };
  const within = (folder: string, names: readonly string[], ...command: readonly string[]) =>
    inParts(names, atOnce).map((part) => [...command, ...part.map((name) => `${hostRoot}${folder}/${name}`)]);
  // A folder may be a mount of the cleaner's own, so its content goes and it stays, empty.
  const pathGone = async (path: string) =>
    of.folders.includes(path)
      ? within(path, await namesIn(exec, node, path), "rm", "-rf", "--")
      : [["rm", path === of.reservations ? "-rf" : "-f", "--", hostRoot + path]];
  const reservations = found.reserved.length > 0 ? of.reservations : null;
  try {
    await removeAll([
      ...(await Promise.all(found.paths.map(pathGone))).flat(),
      ...(reservations === null ? [] : within(reservations, found.reserved, "rm", "-f", "--")),
      ...found.nftTables.map((table) => ["nft", "delete", "table", ...table.split(" ")]),
    ]);
    // With the last address the allocator's own files lose their use.
    if (reservations !== null && !(await namesIn(exec, node, reservations)).some((name) => isAddress.test(name)))
      await removeAll([["rm", "-rf", "--", hostRoot + reservations]]);
  } catch (thrown) {
    if (!(thrown instanceof NoCleaner)) throw thrown;
    complaints.push("no pod of ours runs on the node any more");
  }
  return [...new Set(complaints)];
}

/** What a cleaner sees in a folder; a refusal of the node's is an answer, and not ours to judge. */
export async function lookInFolder(exec: HostExec, node: string, folder: string): Promise<FolderLook> {
  const answer = await exec.inCleaner(node, ["ls", "-1A", hostRoot + folder], "read");
  if (answer === null) return { unseen: "no pod of ours runs on the node" };
  if (answer.exitCode === 0) return { names: answer.stdout.split("\n").filter((name) => name !== "") };
  return isMissing.test(answer.stderr) ? { names: [] } : { unseen: lastWords(answer.stderr) };
}

/** Removes files by their paths on the node; with the words of what did not let go. */
export async function removeFiles(exec: HostExec, node: string, paths: readonly string[]): Promise<readonly string[]> {
  const argv = ["rm", "-f", "--", ...paths.map((path) => hostRoot + path)];
  const answer = await exec.inCleaner(node, argv, "write");
  if (answer === null) return ["no pod of ours runs on the node any more"];
  return answer.exitCode === 0 ? [] : [lastWords(answer.stderr)];
}
