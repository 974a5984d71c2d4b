import { createHash } from "node:crypto";
import { lstatSync } from "node:fs";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { CrossfadeError } from "../engine/model/errors.ts";
import { reason } from "../engine/model/reason.ts";
import { checkStateFolder, makeFolder, ownUid } from "../journal/own-folder.ts";
import { homeFolder } from "../kube/process/home-folder.ts";

/** Which cluster a socket or journal belongs to, as this machine's kubeconfig names it. */
export interface ClusterName {
  readonly context: string;
  readonly server: string;
}

const key = ({ context, server }: ClusterName) =>
  createHash("sha256").update(`${server}\n${context}`).digest("hex").slice(0, 16);

/** The XDG rules: a folder that is not absolute counts as not given. */
const given = (path: string | undefined): string | null => (path !== undefined && isAbsolute(path) ? path : null);

function make(path: string): void {
  try {
    makeFolder(path);
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new CrossfadeError("USAGE", reason("folder-not-made", { path, said: why }));
  }
}

/** A folder that only we can enter; one that somebody else made under our name is refused. */
function privateFolder(path: string): string {
  make(path);
  const found = lstatSync(path);
  if (!found.isDirectory() || found.uid !== ownUid() || (found.mode & 0o077) !== 0) {
    throw new CrossfadeError("USAGE", reason("folder-not-private", { path }));
  }
  return path;
}

/** Where the engine listens: a Unix socket in the XDG runtime folder, or under the temporary folder where there is none. */
export function socketPath(cluster: ClusterName, env: NodeJS.ProcessEnv): string {
  const own = given(env.XDG_RUNTIME_DIR);
  const runtime = own === null ? join(tmpdir(), `crossfade-${ownUid()}`) : join(own, "crossfade");
  return join(privateFolder(runtime), `${key(cluster)}.sock`);
}

/** Where nobody has a home there is still a temporary folder. */
const home = (env: NodeJS.ProcessEnv): string =>
  homeFolder(env) ?? privateFolder(join(tmpdir(), `crossfade-${ownUid()}`));

/** Refused where others may write it: what it holds is believed, and shown as what happened. */
function stateFolder(env: NodeJS.ProcessEnv): string {
  const folder = join(given(env.XDG_STATE_HOME) ?? join(home(env), ".local", "state"), "crossfade");
  checkStateFolder(folder);
  return folder;
}

const safe = (name: string) => name.replace(/[^A-Za-z0-9._-]/g, "_").slice(0, 60);

/** Where the journals of this machine are. */
export const journalsFolder = stateFolder;

export function journalPath(cluster: ClusterName, env: NodeJS.ProcessEnv): string {
  return join(stateFolder(env), `${safe(cluster.context)}-${key(cluster)}.jsonl`);
}

/** Where what a run deletes for good is kept: the beginning of the folders' names. */
export function archiveBase(cluster: ClusterName, env: NodeJS.ProcessEnv): string {
  return join(stateFolder(env), `${safe(cluster.context)}-${key(cluster)}`);
}

/** What of this cluster's runs was agreed to on this machine. */
export function agreementsPath(cluster: ClusterName, env: NodeJS.ProcessEnv): string {
  return join(stateFolder(env), `${safe(cluster.context)}-${key(cluster)}.agreed.json`);
}

/** Where charts that were installed are kept, by their digest. */
export const chartsFolder = (env: NodeJS.ProcessEnv): string => join(stateFolder(env), "charts");

/** What the detached engine prints, should it die of a bug. */
export function engineLogPath(cluster: ClusterName, env: NodeJS.ProcessEnv): string {
  return join(stateFolder(env), `${safe(cluster.context)}-${key(cluster)}.log`);
}
