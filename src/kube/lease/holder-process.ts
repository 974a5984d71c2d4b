import { readFileSync, readlinkSync } from "node:fs";

/** "boot id:pid namespace:pid:start time" of a process on Linux, or "" where that cannot be told. */
function describe(pid: number): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const namespace = readlinkSync("/proc/self/ns/pid");
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // Field 22, counted after the command's name, which may hold blanks and brackets.
    const started = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
    return `${boot} ${namespace} ${pid} ${started}`;
  } catch {
    return "";
  }
}

/** Written into the lease, so that a crashed runner's successor on the same machine need not wait the lease out. */
export function thisProcess(): string {
  return describe(process.pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}

/** True only for a process of this very kernel and pid namespace that certainly runs no more. */
export function isGone(description: string): boolean {
  const [boot, namespace, pid, started] = description.split(" ");
  const mine = thisProcess().split(" ");
  if (mine.length !== 4 || started === undefined || boot !== mine[0] || namespace !== mine[1]) return false;
  const now = describe(Number(pid));
  return now === "" ? !isAlive(Number(pid)) : now !== description;
}
