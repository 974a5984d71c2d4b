import { closeSync, constants, existsSync, fstatSync, mkdirSync, openSync, type Stats, statSync } from "node:fs";
import { dirname } from "node:path";
import { CrossfadeError } from "../engine/model/errors.ts";
import { type Reason, reason } from "../engine/model/reason.ts";

/** A container's user may have no name; it always has a number. */
export const ownUid = (): number => process.getuid?.() ?? -1;

/**
 * Makes a folder and what is missing above it, for us alone. One by one: Node's recursive mkdirSync never returns for a
 * folder that is missing below /proc.
 */
export function makeFolder(path: string): void {
  const missing: string[] = [];
  for (let at = path; !existsSync(at) && dirname(at) !== at; at = dirname(at)) missing.unshift(at);
  for (const folder of missing) {
    try {
      mkdirSync(folder, { mode: 0o700 });
    } catch (thrown) {
      // Somebody was faster; whether it is a folder is seen by what is put into it.
      if ((thrown as NodeJS.ErrnoException).code !== "EEXIST") throw thrown;
    }
  }
}

const followsNothing = constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Opens a file to write it, made for us alone where it is missing. No link is followed, no FIFO waited for, and nothing that
 * is no file or not ours is written: what we say would go elsewhere.
 */
export function openOwnFile(path: string, how: "append" | "anew"): number {
  const way = how === "append" ? constants.O_APPEND : constants.O_TRUNC;
  const file = openSync(path, constants.O_WRONLY | constants.O_CREAT | way | followsNothing, 0o600);
  const found = fstatSync(file);
  if (found.isFile() && found.uid === ownUid()) return file;
  closeSync(file);
  throw new Error(`${path} is not a file of yours`);
}

function found(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

const refuse = (why: Reason): CrossfadeError => new CrossfadeError("USAGE", why);

/** Whoever may write a folder may put another in the place of what is in it; a sticky one keeps others from that. */
function refuseShared(path: string, { uid, gid, mode }: Stats): void {
  const sticky = (mode & 0o1000) !== 0;
  if (uid !== ownUid() && uid !== 0) throw refuse(reason("folder-of-other-user", { path, owner: uid }));
  if ((mode & 0o002) !== 0 && !sticky) throw refuse(reason("folder-of-everyone", { path }));
  if ((mode & 0o020) !== 0 && !sticky && gid !== process.getgid?.())
    throw refuse(reason("folder-of-group", { path, group: gid }));
}

/** The folder of what we keep, and the one that it lies in, which may not be there yet: others must not be able to write either. */
export function checkStateFolder(path: string): void {
  const own = found(path);
  if (own !== null) {
    if (!own.isDirectory()) throw refuse(reason("not-a-folder", { path }));
    if (own.uid !== ownUid()) throw refuse(reason("folder-of-other-user", { path, owner: own.uid }));
    if ((own.mode & 0o022) !== 0) throw refuse(reason("folder-writable", { path }));
  }
  const above = found(dirname(path));
  if (above !== null) refuseShared(dirname(path), above);
}
