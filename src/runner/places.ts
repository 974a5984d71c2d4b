import { createHash } from "node:crypto";
import { lstatSync, mkdirSync } from "node:fs";
import { homedir, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { CrossfadeError } from "../engine/errors.ts";

/** Which cluster a socket or journal belongs to, as this machine's kubeconfig names it. */
export interface ClusterName {
  readonly context: string;
  readonly server: string;
}

const key = ({ context, server }: ClusterName) =>
  createHash("sha256").update(`${server}\n${context}`).digest("hex").slice(0, 16);

/** A folder that only we can enter; one that somebody else made under our name is refused. */
function privateFolder(path: string): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const found = lstatSync(path);
  if (!found.isDirectory() || found.uid !== userInfo().uid || (found.mode & 0o077) !== 0) {
    throw new CrossfadeError(
      "USAGE",
      `${path} is not a folder that only you can enter`,
      `remove it, or set XDG_RUNTIME_DIR to a folder of your own`,
    );
  }
  return path;
}

/** Where the engine listens: a Unix socket in the XDG runtime folder, or under the temporary folder where there is none. */
export function socketPath(cluster: ClusterName, env: NodeJS.ProcessEnv): string {
  const runtime = env.XDG_RUNTIME_DIR
    ? join(env.XDG_RUNTIME_DIR, "crossfade")
    : join(tmpdir(), `crossfade-${userInfo().uid}`);
  return join(privateFolder(runtime), `${key(cluster)}.sock`);
}

const stateFolder = (env: NodeJS.ProcessEnv) =>
  join(env.XDG_STATE_HOME ?? join(env.HOME ?? homedir(), ".local", "state"), "crossfade");

const safe = (name: string) => name.replace(/[^A-Za-z0-9._-]/g, "_").slice(0, 60);

export function journalPath(cluster: ClusterName, env: NodeJS.ProcessEnv): string {
  return join(stateFolder(env), `${safe(cluster.context)}-${key(cluster)}.jsonl`);
}

/** What the detached engine prints, should it die of a bug. */
export function engineLogPath(cluster: ClusterName, env: NodeJS.ProcessEnv): string {
  return join(stateFolder(env), `${safe(cluster.context)}-${key(cluster)}.log`);
}
