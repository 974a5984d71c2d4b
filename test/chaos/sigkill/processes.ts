import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { EngineEvent, Outcome } from "../../../src/engine/model/events.ts";
import type { World } from "../../support/lab/lab-run.ts";
import type { Launch } from "../crash/killed-engines.ts";

const program = fileURLToPath(new URL("../../../src/crossfade.ts", import.meta.url));

/** What the last line of crossfade --json says. */
function outcomeIn(line: string): Outcome | null {
  const event = JSON.parse(line) as EngineEvent;
  return event.type === "run-finished" ? event.outcome : null;
}

/**
 * Each process reaches the lab by a port of its own, which makes it another cluster's name, and a plan that was agreed to at
 * one is not agreed to at the next: so its person says --agree, as on another machine.
 */
function agreedBefore(folder: string): readonly string[] {
  const state = join(folder, "crossfade");
  const files = existsSync(state) ? readdirSync(state).filter((name) => name.endsWith(".agreed.json")) : [];
  const [last] = files
    .flatMap((name) => {
      const { agreed } = JSON.parse(readFileSync(join(state, name), "utf8")) as {
        readonly agreed: readonly { readonly plan: string; readonly at: number }[];
      };
      return agreed;
    })
    .toSorted((one, other) => other.at - one.at);
  return last === undefined ? [] : ["--agree", last.plan];
}

/** Engines in processes of their own, as a person without a terminal starts them; killed by SIGKILL. */
export const processes =
  (world: World, args: readonly string[], folder: string): Launch =>
  async (port) => {
    const told: string[] = [];
    const { promise: ended, resolve, reject } = Promise.withResolvers<Outcome>();
    ended.catch(() => undefined);
    const child = spawn(process.execPath, [program, ...args, ...agreedBefore(folder)], {
      cwd: folder,
      env: {
        ...world.environment(port),
        HOME: folder,
        XDG_STATE_HOME: folder,
        XDG_RUNTIME_DIR: folder,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let complaint = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      complaint += text;
    });
    createInterface({ input: child.stdout }).on("line", (line) => {
      told.push(line);
    });
    const gone = new Promise<void>((done) => {
      child.once("close", (code, signal) => {
        done();
        if (signal === "SIGKILL") return;
        const outcome = told.length > 0 ? outcomeIn(told.at(-1) ?? "") : null;
        if (outcome) resolve(outcome);
        else reject(new Error(`crossfade ended with ${code} and told no outcome: ${complaint}`));
      });
    });
    return {
      told,
      ended,
      kill() {
        child.kill("SIGKILL");
        return gone;
      },
    };
  };
