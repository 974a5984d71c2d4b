import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { cutOffCode } from "./cut-off.ts";

/** Where the command's own stdin comes in: ours is the engine's. */
const commandInput = 3;

/** How often the keeper looks at its clocks: after a suspended machine wakes up the command has this long. */
const lookEveryMs = 200;

const now = () => ({ wall: Date.now(), steady: performance.now() });

/**
 * Runs a command for an engine and ends it when the engine's lease is not renewed: on each line of stdin stands how many
 * milliseconds from then it may go on until it is asked to end, and until it is killed. An engine that is stopped writes no
 * line; one that was killed closes the pipe, and the command is killed with it. Without a keeper helm would go on changing
 * the cluster beside whoever took the run over.
 */
function keep(program: string, args: readonly string[]): void {
  const child = spawn(program, args, { stdio: [commandInput, "inherit", "inherit"] });
  let heard = now();
  let limits = { askMs: Number.POSITIVE_INFINITY, killMs: Number.POSITIVE_INFINITY };
  let asked = false;
  // We lead the group, which is signalled as a whole: the command ends by it, and we tell how.
  process.on("SIGTERM", () => undefined);
  const killAll = () => process.kill(-process.pid, "SIGKILL");
  const lines = createInterface({ input: process.stdin });
  lines
    .on("line", (line) => {
      const [askMs = 0, killMs = 0] = line.split(" ").map(Number);
      limits = { askMs, killMs };
      heard = now();
    })
    .on("close", killAll);
  const look = setInterval(() => {
    const silentMs = Math.max(now().wall - heard.wall, now().steady - heard.steady);
    if (silentMs >= limits.killMs) {
      asked = true;
      child.kill("SIGKILL");
    } else if (silentMs >= limits.askMs && !asked) {
      asked = true;
      child.kill("SIGTERM");
    }
  }, lookEveryMs);
  const end = (code: number) => {
    clearInterval(look);
    process.exitCode = asked ? cutOffCode : code;
    lines.removeAllListeners();
    process.stdin.destroy();
  };
  child.once("error", (error) => {
    process.stderr.write(`${error.message}\n`);
    end(127);
  });
  child.once("exit", (code, signal) => {
    if (signal !== null && !asked) process.stderr.write(`ended by ${signal}\n`);
    end(code ?? 1);
  });
}

const [program = "", ...args] = process.argv.slice(2);
keep(program, args);
