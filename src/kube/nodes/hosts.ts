import type { HostLeftovers, LeftoverKinds } from "../../engine/model/cluster/leftovers.ts";
import { CrossfadeError } from "../../engine/model/errors.ts";
import type { CniFile } from "../../engine/model/facts.ts";
import type { Hosts } from "../../engine/model/ports/hosts.ts";
import { reason } from "../../engine/model/reason.ts";
import { runAll } from "./batch.ts";
import { cleanDisk, diskLeftovers, lookInFolder, removeFiles } from "./host-disk.ts";
import { cniFolder, commandFailed, type HostExec } from "./host-exec.ts";
import { type Change, kernelChanges, kernelLeftovers } from "./host-kernel.ts";

/** Only configuration is read: the folder may hold a kubeconfig with a token. */
const readable = /\.(conf|conflist|json)(\.cilium_bak)?$/;

/** No CNI configuration comes near; a node that sends megabytes only costs. */
const longestFile = 64 * 1024;
/** All are named in one command, and recorded on the node. */
const mostFiles = 100;

/** Names come from a directory listing and go back into a command: no way out of the folder. */
function fileAt(name: string): string {
  if (name === "" || name.includes("/") || name === "." || name === "..") throw new Error(`not a file name: ${name}`);
  return `${cniFolder}/${name}`;
}

interface Names {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

async function namesIn(exec: HostExec, node: string): Promise<Names> {
  const argv = ["ls", "-1Ap", cniFolder];
  const answer = await exec.read(node, argv);
  if (answer.exitCode !== 0) throw commandFailed(node, argv, answer);
  const found = answer.stdout
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  if (found.length > mostFiles) {
    const facts = { node, folder: cniFolder, files: found.length, most: mostFiles };
    throw new CrossfadeError("COMMAND_FAILED", reason("cni-folder-crowded", facts));
  }
  return {
    files: found.filter((name) => !name.endsWith("/")).toSorted(),
    folders: found.filter((name) => name.endsWith("/")).map((name) => name.slice(0, -1)),
  };
}

/** What grep -H printed of a file, up to the longest that is kept. */
function contentIn(stdout: string, path: string): string {
  const lines = stdout.split("\n").filter((line) => line.startsWith(`${path}:`));
  return lines
    .map((line) => `${line.slice(path.length + 1)}\n`)
    .join("")
    .slice(0, longestFile);
}

/** All in one command, since a command in a pod costs the node more than the reading; a file that went meanwhile is not in it. */
async function contentsOf(
  exec: HostExec,
  node: string,
  files: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (files.length === 0) return new Map();
  const argv = ["grep", "-H", "", ...files.map(fileAt)];
  const answer = await exec.read(node, argv);
  const complaints = answer.stderr.split("\n").filter((line) => line.trim() !== "");
  const isUnread = (line: string) => /is a directory|no such file/i.test(line);
  // Above 2 grep did not come to its end, or is not there: what it said by then is not all.
  if (answer.exitCode > 2 || !complaints.every(isUnread)) throw commandFailed(node, argv, answer);
  const read = files.filter((name) => !complaints.some((line) => line.includes(`${fileAt(name)}:`)));
  return new Map(read.map((name) => [name, contentIn(answer.stdout, fileAt(name))]));
}

async function cniFilesOn(exec: HostExec, node: string): Promise<readonly CniFile[]> {
  const { files, folders } = await namesIn(exec, node);
  const contents = await contentsOf(
    exec,
    node,
    files.filter((name) => readable.test(name)),
  );
  const read = files.flatMap((name): readonly CniFile[] => {
    const content = readable.test(name) ? contents.get(name) : "";
    return content === undefined ? [] : [{ name, content }];
  });
  const others = folders.filter((name) => !readable.test(name)).map((name): CniFile => ({ name, content: "" }));
  return [...read, ...others].toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

async function leftovers(exec: HostExec, node: string, of: LeftoverKinds): Promise<HostLeftovers> {
  const [kernel, files, disk] = await Promise.all([
    kernelLeftovers(exec, node, of),
    of.confFiles.length === 0 ? [] : namesIn(exec, node).then(({ files: named }) => named),
    diskLeftovers(exec, node, of),
  ]);
  return {
    ...kernel,
    files: files.filter((file) => of.confFiles.includes(file)),
    ...disk,
    unseen: [...kernel.unseen, ...disk.unseen],
  };
}

const removalOf = (name: string): Change => ({ argv: ["rm", "-f", fileAt(name)], mayFail: /no such file/i });

async function must(exec: HostExec, node: string, changes: readonly Change[]): Promise<void> {
  const answers = await runAll(
    (argv) => exec.inAgent(node, argv, "write"),
    changes.map(({ argv }) => argv),
  );
  for (const [index, { argv, mayFail }] of changes.entries()) {
    const answer = answers[index];
    if (answer && answer.exitCode !== 0 && !mayFail.test(answer.stderr)) throw commandFailed(node, argv, answer);
  }
}

/** The port `hosts`. */
export function kubeHosts(exec: HostExec): Hosts {
  return {
    cniFiles: (node) => cniFilesOn(exec, node),
    removeCniFile: async (node, name) => must(exec, node, [removalOf(name)]),
    renameCniFile: async (node, from, to) =>
      must(exec, node, [{ argv: ["mv", "-f", fileAt(from), fileAt(to)], mayFail: /(?!)/ }]),
    leftovers: (node, of) => leftovers(exec, node, of),
    async clean(node, found, of) {
      await must(exec, node, [...(await kernelChanges(exec, node, found)), ...found.files.map(removalOf)]);
      return cleanDisk(exec, node, found, of);
    },
    namesIn: (node, folder) => lookInFolder(exec, node, folder),
    removeFiles: (node, paths) => removeFiles(exec, node, paths),
  };
}
