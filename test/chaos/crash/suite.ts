import { type ChaosResult, nothingRun, type Size, together } from "../result.ts";
import { inProcess } from "./in-process.ts";
import { idOf, judge, type Launcher, moments, onceEach, type Played, play, seed } from "./judged-run.ts";
import { nobody } from "./killed-engines.ts";
import { type Story, stories } from "./stories.ts";

/** Writes, before and after, that no other run may make again; more would be a hole in the proof. */
const mostByChance = 12;

/** Before and after each write of a run. */
const idsOf = ({ engines }: Played) => [...engines.seen].flatMap((key) => moments.map((moment) => idOf(key, moment)));

const launcher: Launcher = (world, { choice }) => inProcess(world, choice);

/**
 * One run in which an engine dies before and after each write, then more runs for the writes at which none could die there:
 * after a kill some writes of the calm run are not made any more. At last each of these gets a run of its own, in which
 * nobody else dies; one that is not made even then was decided by chance (which pod was still there), and is named.
 */
async function everyWrite(story: Story, calm: Played, tell: (line: string) => void): Promise<ChaosResult> {
  const killed = new Set<string>();
  const left = () => idsOf(calm).filter((id) => !killed.has(id));
  let result = nothingRun;
  for (let round = 1; round <= 3 && left().length > 0; round++) {
    const wanted = round === 1 ? null : new Set(left());
    result = together(result, judge(story, calm, await play(story, launcher, onceEach(wanted, killed))));
    tell(`${story.name}, run ${round}: ${result.faults} engines killed so far, ${left().length} kills to come`);
  }
  const chance: string[] = [];
  for (const id of left()) {
    result = together(result, judge(story, calm, await play(story, launcher, onceEach(new Set([id]), killed))));
    if (!killed.has(id)) chance.push(id);
  }
  if (chance.length > 0) tell(`${story.name}: not made again, so not killed: ${chance.join("; ")}`);
  return chance.length <= mostByChance ? result : together(result, uncovered(story, chance));
}

const uncovered = ({ name }: Story, ids: readonly string[]): ChaosResult => ({
  ...nothingRun,
  wrong: [{ what: `${name}: no engine died ${ids.join(", ")}`, seed, story: "" }],
});

/** A run for each of these, in which an engine dies once. */
async function onePerRun(story: Story, calm: Played, ids: readonly string[]): Promise<ChaosResult> {
  let result = nothingRun;
  for (const id of ids) {
    const played = await play(story, launcher, onceEach(new Set([id]), new Set()));
    result = together(result, judge(story, calm, played));
  }
  return result;
}

/** Of a list, every so many, beginning with the first. */
const everyNth = (list: readonly string[], n: number) => list.filter((_, index) => index % n === 0);

async function inFull(story: Story, tell: (line: string) => void): Promise<ChaosResult> {
  const calm = await play(story, launcher, nobody);
  const writes = calm.engines.seen.size;
  tell(`${story.name}: ${writes} writes when nobody is killed`);
  const many = await everyWrite(story, calm, tell);
  const single = await onePerRun(story, calm, everyNth(idsOf(calm), 15));
  tell(`${story.name}: ${single.faults} more engines killed, one a run`);
  return [judge(story, calm, calm), many, single].reduce(together);
}

/** The migration with a kill at every so many writes, in one run. */
async function inShort(tell: (line: string) => void): Promise<ChaosResult> {
  const [story] = stories;
  if (!story) return nothingRun;
  const calm = await play(story, launcher, nobody);
  const ids = [...calm.engines.seen].flatMap((key, index) => [idOf(key, moments[index % 2] ?? "before")]);
  const killed = await play(story, launcher, onceEach(new Set(everyNth(ids, 10)), new Set()));
  tell(`${calm.engines.seen.size} writes, ${killed.engines.kills.length} engines killed`);
  return together(judge(story, calm, calm), judge(story, calm, killed));
}

/** Engines that die at writes come to the same end as one that is let be, and do nothing twice that must not be. */
export async function run(size: Size, tell: (line: string) => void): Promise<ChaosResult> {
  if (size === "short") return inShort(tell);
  let result = nothingRun;
  for (const story of stories) result = together(result, await inFull(story, tell));
  return result;
}
