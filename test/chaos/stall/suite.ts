import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { builtProgram } from "../../support/built-program.ts";
import { hearEngine, tickMs } from "../../support/hear-engine.ts";
import { World } from "../../support/lab/lab-run.ts";
import { Terminal } from "../../support/panel/terminal.ts";
import { differences, endState } from "../crash/end-state.ts";
import { type ChaosResult, nothingRun, type Suite, together } from "../result.ts";

const flags = ["--soak", "0", "--consent", "nodes,finalize,remove-source"];

/** A lab of this speed, against the wall's clock, needs longer for its migration than its terminal stands still. */
interface Stall {
  readonly forMs: number;
  readonly speed: number;
}

const stalls = {
  short: [{ forMs: 4_000, speed: 40 }],
  full: [
    { forMs: 60_000, speed: 4 },
    { forMs: 60_000, speed: 4 },
    { forMs: 15_000, speed: 20 },
  ],
} as const satisfies Record<string, readonly Stall[]>;

const endsWithinMs = 240_000;
const seed = 1;

interface Ended {
  readonly said: readonly string[];
  readonly state: ReturnType<typeof endState>;
}

/** A panel whose terminal reads nothing for so long, in the middle of the run; null: one that reads on. */
async function played(program: string, stall: Stall | null): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), "crossfade-stall-"));
  const runtime = join(folder, "run");
  mkdirSync(runtime, { mode: 0o700 });
  const world = await World.make({ seed, pods: 10, speed: stall?.speed ?? 40 });
  const own = { HOME: folder, XDG_STATE_HOME: folder, XDG_RUNTIME_DIR: runtime, TERM: "xterm-256color" };
  const env = { ...world.environment(), ...own };
  const panel = new Terminal({
    file: process.execPath,
    args: [program, ...flags],
    env,
    cwd: folder,
    columns: 120,
    rows: 40,
  });
  const said: string[] = [];
  try {
    await panel.until("migrating nodes");
    if (stall) said.push(...(await stalled(panel, runtime, stall)));
    await panel.until("every node runs on Cilium", endsWithinMs);
    panel.press("q");
    const code = await panel.exit();
    if (code !== 0) said.push(`the panel ended with ${code}`);
    return { said, state: endState(world) };
  } catch (thrown) {
    return { said: [...said, thrown instanceof Error ? thrown.message : String(thrown)], state: endState(world) };
  } finally {
    panel.end();
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the engine lost meanwhile. */
async function stalled(panel: Terminal, runtime: string, { forMs }: Stall): Promise<readonly string[]> {
  panel.stall();
  const heard = hearEngine(runtime);
  await delay(forMs);
  heard.stop();
  panel.goOn();
  const leastSaid = forMs / tickMs;
  return [
    ...(heard.longestGapMs < 2 * tickMs ? [] : [`the engine was silent for ${Math.round(heard.longestGapMs)} ms`]),
    ...(heard.said >= leastSaid ? [] : [`the engine said ${heard.said} things in ${forMs} ms`]),
  ];
}

/** A panel whose terminal stops reading for up to a minute, beside an engine that must not notice; npm test has it as a journey. */
export const run: Suite = async (size, tell) => {
  const { program, remove } = builtProgram();
  try {
    return await playedAll(program, stalls[size], tell);
  } finally {
    remove();
  }
};

async function playedAll(
  program: string,
  chosen: readonly Stall[],
  tell: (line: string) => void,
): Promise<ChaosResult> {
  const calm = await played(program, null);
  let result: ChaosResult = { ...nothingRun, runs: 1, ...verdict(calm.said) };
  for (const stall of chosen) {
    const one = await played(program, stall);
    const said = [...one.said, ...differences(calm.state, one.state)];
    tell(`a terminal that reads nothing for ${stall.forMs / 1_000} s: ${said[0] ?? "ended right"}`);
    result = together(result, { ...nothingRun, runs: 1, faults: 1, ...verdict(said) });
  }
  return result;
}

const verdict = (said: readonly string[]): Pick<ChaosResult, "endedRight" | "wrong"> => ({
  endedRight: said.length === 0 ? 1 : 0,
  wrong: said.map((what) => ({ what: what.split("\n")[0] ?? "", seed, story: what })),
});
