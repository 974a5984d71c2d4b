import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededRandom } from "crossfade-lab/random.ts";
import { checkJournals } from "../../../src/journal/journal-files.ts";
import { ClusterView } from "../../support/lab/lab-cluster.ts";
import { World } from "../../support/lab/lab-run.ts";
import { differences, endState } from "../crash/end-state.ts";
import { type ChaosResult, nothingRun, type Size, together, type Wrong } from "../result.ts";
import { type Blow, blows, stoppedBeyondItsLease, strike } from "./struck-process.ts";

const seeds = { short: 1, full: 36 } as const;
const blowsARun = 3;
/** A run says some 250 lines; the first dozen come before anything is changed. */
const lines = { first: 6, last: 150 } as const;
/** One in so many is stopped for longer than its lease. */
const longStopEvery = 9;
/** Slow enough that a struck process is in the middle of something. */
const speed = 45;

type EndState = ReturnType<typeof endState>;

/** What must hold wherever a process was ended: nobody is left cordoned between two networks by a pause, and each journal's chain is whole. */
function faultsOf(world: World, folder: string, end: number | NodeJS.Signals): readonly string[] {
  const view = new ClusterView(world.lab);
  const between = end === 3 ? view.cordoned.filter((node) => view.labelled.includes(node)) : [];
  const state = join(folder, "crossfade");
  const journals = readdirSync(state).filter((name) => name.endsWith(".jsonl"));
  const broken = journals.flatMap((name) => checkJournals(join(state, name)).filter((one) => one.broken !== null));
  return [
    ...between.map((node) => `the pause left ${node} cordoned between two networks`),
    ...broken.map(({ file, broken: why }) => `${file}: ${why?.why}`),
  ];
}

function chosen(seed: number, size: Size): readonly Blow[] {
  const first = Array.from({ length: blowsARun }, (_, at) => blows[(seed * blowsARun + at) % blows.length] as Blow);
  return size === "full" && seed % longStopEvery === 0 ? [...first, stoppedBeyondItsLease] : first;
}

interface Playing {
  readonly world: World;
  readonly folder: string;
  readonly seed: number;
}

/** The blows one after the other, each to a process of its own that goes on with the run; answers how many took place. */
async function struckBy({ world, folder, seed }: Playing, size: Size, wrong: Wrong[]): Promise<number> {
  const random = seededRandom(seed).fork("blows");
  let faults = 0;
  for (const blow of chosen(seed, size)) {
    const after = random.between(lines.first, Math.floor(lines.last / blowsARun));
    const { end, struck, said } = await strike(world, folder, blow, after);
    if (!struck) break;
    faults += 1;
    const found = faultsOf(world, folder, end);
    if (!blow.mayEnd.includes(end)) wrong.push({ what: `after ${blow.name} it ended with ${end}`, seed, story: said });
    for (const what of found) wrong.push({ what: `after ${blow.name}: ${what}`, seed, story: said });
    if (end === 0) break;
  }
  return faults;
}

async function playSeed(seed: number, size: Size, wanted: EndState | null): Promise<ChaosResult & { state: EndState }> {
  const folder = mkdtempSync(join(tmpdir(), "crossfade-signals-"));
  const world = await World.make({ seed, pods: 10, speed });
  const wrong: Wrong[] = [];
  try {
    const faults = wanted === null ? 0 : await struckBy({ world, folder, seed }, size, wrong);
    const last = await strike(world, folder, null, 0);
    const state = endState(world);
    const differs = wanted === null ? [] : differences(wanted, state);
    if (last.end !== 0) wrong.push({ what: `the last run ended with ${last.end}`, seed, story: last.said });
    for (const what of [...differs, ...faultsOf(world, folder, 0)]) wrong.push({ what, seed, story: last.said });
    return { runs: 1, faults, endedRight: wrong.length === 0 ? 1 : 0, heldWithReason: 0, wrong, state };
  } finally {
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs without a terminal that are interrupted, hung up, stopped, killed or read no more, and always gone on with by the same command. */
export async function run(size: Size, tell: (line: string) => void): Promise<ChaosResult> {
  const calm = await playSeed(1, size, null);
  let result: ChaosResult = together(nothingRun, calm);
  for (let seed = 1; seed <= seeds[size]; seed++) {
    const one = await playSeed(seed, size, calm.state);
    tell(`seed ${seed}: ${one.faults} blows, ${one.wrong.length} wrong`);
    result = together(result, one);
  }
  return result;
}
