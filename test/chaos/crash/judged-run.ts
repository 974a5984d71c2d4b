import { isDeepStrictEqual } from "node:util";
import { World } from "../../support/lab/lab-run.ts";
import { type ChaosResult, nothingRun, type Wrong } from "../result.ts";
import { differences, endState } from "./end-state.ts";
import { KilledEngines, type Killer, type Launch, type Moment, watchBoots } from "./killed-engines.ts";
import type { Story } from "./stories.ts";

export const seed = 41;
export const moments: readonly Moment[] = ["before", "after"];
export const idOf = (key: string, moment: Moment) => `${moment} ${key}`;

export interface Played {
  readonly outcome: string;
  readonly end: Readonly<Record<string, unknown>>;
  readonly engines: KilledEngines;
  readonly boots: ReadonlyMap<string, ReadonlySet<string>>;
}

/** How the engines of a story are started. */
export type Launcher = (world: World, story: Story) => Launch;

/** A story from its beginning to its end, on a cluster of its own. */
export async function play(story: Story, launcher: Launcher, killer: Killer): Promise<Played> {
  const world = await World.make({ seed });
  try {
    const boots = watchBoots(world);
    await story.before?.(world);
    const engines = new KilledEngines(world, killer);
    const outcome: string = await engines.toTheEnd(launcher(world, story)).catch(String);
    return { outcome, end: endState(world), engines, boots };
  } finally {
    await world.close();
  }
}

/** What of a killed run is not as it must be, in sentences. */
function faultsOf(story: Story, calm: Played, killed: Played): readonly string[] {
  const faults: string[] = [];
  if (killed.outcome !== story.ends) faults.push(`it ended ${killed.outcome}, not ${story.ends}`);
  if (!isDeepStrictEqual(killed.end, calm.end)) faults.push(...differences(calm.end, killed.end));
  for (const [uid, times] of killed.engines.evicted)
    if (times > 1) faults.push(`pod ${uid} was evicted ${times} times`);
  faults.push(...killed.engines.unannounced);
  for (const [node, boots] of killed.boots) {
    const usual = calm.boots.get(node)?.size ?? 0;
    if (boots.size > usual) faults.push(`${node} was booted ${boots.size} times, not ${usual}`);
  }
  return faults;
}

/** Compares a run in which engines were killed with the calm one. */
export function judge(story: Story, calm: Played, killed: Played): ChaosResult {
  const faults = killed.engines.kills.length;
  const what = faultsOf(story, calm, killed);
  if (what.length === 0) return { ...nothingRun, runs: 1, faults, endedRight: 1 };
  const kills = killed.engines.kills.slice(-3).map(({ key, moment }) => `killed ${moment} ${key}`);
  const told = killed.engines.told.slice(-25).map((line) => line.slice(0, 240));
  const wrong: Wrong = { what: `${story.name}: ${what.join("; ")}`, seed, story: [...kills, ...told].join("\n") };
  return { ...nothingRun, runs: 1, faults, wrong: [wrong] };
}

/** Kills an engine at each of these once. */
export function onceEach(wanted: ReadonlySet<string> | null, killed: Set<string>): Killer {
  return (key, moment) => {
    const id = idOf(key, moment);
    if (killed.has(id) || (wanted !== null && !wanted.has(id))) return false;
    killed.add(id);
    return true;
  };
}
