import { isDeepStrictEqual } from "node:util";
import { type FaultKind, faultKinds, scheduleOf } from "../proxy/faults.ts";
import { type ChaosResult, nothingRun, type Suite, together } from "../result.ts";
import { type Direction, speedup, type WatchedRun, watchedRun } from "./watched-run.ts";

const numbered = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index);
/** In short one that is taken back while its credentials expire and an outage comes, and one that goes silent and goes back. */
const seedsOf = { short: [5, 38], full: numbered(1, 210) } as const;
/** Not quite all that a calm run sends: the last episode is to be met. */
const scheduleRequests = { migrated: 1_300, "rolled-back": 850 } as const;
/** Requests of a whole run against the calm one's: a bad server makes it longer, and what repeats itself with it. */
export const mostTimesCalm = 3;
/** In one second of the client's clock: the budget's burst and its rate, and the writes, execs and helm beside it. */
export const mostPerSecond = 200;

/** Every fifth run is taken back after its first node. */
const directionOf = (seed: number): Direction => (seed % 5 === 0 ? "rolled-back" : "migrated");

function judge(run: WatchedRun, calm: WatchedRun): readonly string[] {
  const wrong = [...run.wrong];
  if (run.outcome === calm.outcome && !isDeepStrictEqual(run.end, calm.end)) {
    wrong.push(`its end is not the calm run's: ${difference(run.end, calm.end)}`);
  }
  if (run.requests > calm.requests * mostTimesCalm) {
    wrong.push(`it sent ${run.requests} requests, a calm run ${calm.requests}`);
  }
  if (run.peakPerSecond > mostPerSecond) wrong.push(`it sent ${run.peakPerSecond} requests within one second`);
  return wrong;
}

function difference(one: Readonly<Record<string, unknown>>, other: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(other).filter((name) => !isDeepStrictEqual(one[name], other[name]));
  return names
    .map((name) => `${name}: ${JSON.stringify(one[name])} instead of ${JSON.stringify(other[name])}`)
    .join("; ");
}

/** What a number of seeds came to, beside the counts that every suite has. */
export interface BadApiResult extends ChaosResult {
  readonly injected: ReadonlyMap<FaultKind, number>;
  readonly requests: readonly { readonly calm: number; readonly faulty: number; readonly peak: number }[];
}

/** One seed's run beside the calm one, as counts. */
function counted(seed: number, run: WatchedRun, wrong: readonly string[]): ChaosResult {
  const right = wrong.length === 0;
  return {
    runs: 1,
    faults: faultsOf(run),
    endedRight: right && !run.held ? 1 : 0,
    heldWithReason: right && run.held ? 1 : 0,
    wrong: right ? [] : [{ what: wrong.join("; "), seed, story: run.story }],
  };
}

const faultsOf = ({ injected }: WatchedRun) => [...injected.values()].reduce((total, count) => total + count, 0);

/** Played once for each direction. */
class CalmRuns {
  readonly #known: Partial<Record<Direction, WatchedRun>> = {};

  async like(direction: Direction): Promise<WatchedRun> {
    const known = this.#known[direction] ?? (await watchedRun(0, [], direction));
    if (known.wrong.length > 0) throw new Error(`the calm run went wrong: ${known.wrong.join("; ")}\n${known.story}`);
    this.#known[direction] = known;
    return known;
  }
}

/** These seeds, one after the other. */
export async function runSeeds(chosen: readonly number[], tell: (line: string) => void): Promise<BadApiResult> {
  const calmRuns = new CalmRuns();
  const injected = new Map<FaultKind, number>(faultKinds.map((kind) => [kind, 0]));
  const requests: { calm: number; faulty: number; peak: number }[] = [];
  let sum = nothingRun;
  for (const seed of chosen) {
    const direction = directionOf(seed);
    const calm = await calmRuns.like(direction);
    const began = performance.now();
    const run = await watchedRun(seed, scheduleOf(seed, scheduleRequests[direction]), direction);
    const wrong = judge(run, calm);
    for (const [kind, count] of run.injected) injected.set(kind, (injected.get(kind) ?? 0) + count);
    requests.push({ calm: calm.requests, faulty: run.requests, peak: run.peakPerSecond });
    sum = together(sum, counted(seed, run, wrong));
    const took = `${((performance.now() - began) / 1_000).toFixed(1)} s`;
    const sent = `${run.requests} requests (calm ${calm.requests}, peak ${run.peakPerSecond}/s)`;
    const how = wrong.length === 0 ? "" : ` WRONG: ${wrong.join("; ")}`;
    tell(`seed ${seed}: ${direction}, ${faultsOf(run)} faults, ${sent}, ${took}${how}`);
  }
  return { ...sum, injected, requests };
}

function summary({ injected, requests }: BadApiResult): string {
  const kinds = [...injected].map(([kind, count]) => `${kind} ${count}`).join(", ");
  const mean = (pick: (one: { calm: number; faulty: number; peak: number }) => number) =>
    Math.round(requests.reduce((total, one) => total + pick(one), 0) / Math.max(1, requests.length));
  const peak = Math.max(0, ...requests.map((one) => one.peak));
  return `by kind: ${kinds}. Requests a run: ${mean(({ calm }) => calm)} calm, ${mean(({ faulty }) => faulty)} faulty; peak ${peak} in a second of the client's clock, which runs ${speedup} times as fast`;
}

/** Whole migrations, and some undone, through an API server that is bad on a seeded schedule. */
export const run: Suite = async (size, tell) => {
  const { CHAOS_FIRST_SEED: first, CHAOS_SEEDS: count } = process.env;
  const chosen =
    first === undefined && count === undefined ? seedsOf[size] : numbered(Number(first ?? 1), Number(count ?? 1));
  const result = await runSeeds(chosen, tell);
  tell(summary(result));
  return result;
};
