import { readFileSync, readlinkSync, renameSync, symlinkSync, unlinkSync } from "node:fs";
import { hostname } from "node:os";

/** When a process began, in ticks since the boot: tells it from a later one of the same number. */
function beganAt(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold blanks; the 22nd field is the 20th behind it.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

const ourselves = (): string => `${hostname()}/${process.pid}/${beganAt(process.pid)}`;

/** True when the process that wrote this is surely gone; of another machine's nothing is known. */
function isGone(holder: string): boolean {
  const [host, pid = "", began] = holder.split("/");
  if (host !== hostname() || !/^\d+$/.test(pid)) return false;
  try {
    process.kill(Number(pid), 0);
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === "ESRCH";
  }
  return began !== "" && beganAt(Number(pid)) !== began;
}

function holderOf(lock: string): string | null {
  try {
    return readlinkSync(lock);
  } catch {
    return null;
  }
}

/** File systems without symbolic links have no lock; on them a second writer is found by the chain. */
const noLinks: ReadonlySet<string | undefined> = new Set(["EPERM", "ENOSYS", "ENOTSUP", "EOPNOTSUPP"]);

/** The lock is a symbolic link that names its holder: made at once and whole, or not at all. */
function made(lock: string): boolean {
  try {
    symlinkSync(ourselves(), lock);
    return true;
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    if (noLinks.has(code)) return true;
    throw thrown;
  }
}

/** Takes a dead holder's lock away; one that a living process made meanwhile is put back. */
function removeDead(lock: string, dead: string): void {
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
  } catch {
    return;
  }
  if (holderOf(aside) === dead) unlinkSync(aside);
  else renameSync(aside, lock);
}

/** Makes sure that one process at a time writes a journal. Null when a living one writes it. */
export function lockJournal(journal: string): (() => void) | null {
  const lock = `${journal}.lock`;
  for (let turn = 0; turn < 2; turn++) {
    if (made(lock)) {
      return () => {
        if (holderOf(lock) === ourselves()) unlinkSync(lock);
      };
    }
    const holder = holderOf(lock);
    if (holder !== null && !isGone(holder)) return null;
    if (holder !== null) removeDead(lock, holder);
  }
  return null;
}
