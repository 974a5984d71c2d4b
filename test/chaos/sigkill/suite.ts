import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { idOf, judge, type Launcher, moments, onceEach, type Played, play } from "../crash/judged-run.ts";
import { nobody } from "../crash/killed-engines.ts";
import { type Story, stories } from "../crash/stories.ts";
import { type ChaosResult, nothingRun, type Size, together } from "../result.ts";
import { processes } from "./processes.ts";

/** Of every so many writes one kills the process; the others are the in-process suite's. */
const every = { short: 43, full: 6 } as const;

/** Every nth write of the calm run, before and after in turn; among them are always writes that helm makes. */
function someOf(calm: Played, n: number): ReadonlySet<string> {
  const keys = [...calm.engines.seen];
  const ofHelm = keys.filter((key) => key.startsWith("helm "));
  const chosen = [...keys, ...ofHelm].filter((_, index) => index % n === n - 1);
  return new Set(chosen.map((key, index) => idOf(key, moments[index % moments.length] ?? "before")));
}

async function inStory(story: Story, size: Size, folder: string): Promise<ChaosResult> {
  const launcher: Launcher = (world, { args }) => processes(world, args, folder);
  const calm = await play(story, launcher, nobody);
  const killed = await play(story, launcher, onceEach(someOf(calm, every[size]), new Set()));
  return together(judge(story, calm, calm), judge(story, calm, killed));
}

/** The same stories with real processes: crossfade is ended by SIGKILL at writes, its own and its helm's, and started again. */
export async function run(size: Size, tell: (line: string) => void): Promise<ChaosResult> {
  const folder = mkdtempSync(join(tmpdir(), "crossfade-sigkill-"));
  let result = nothingRun;
  try {
    for (const story of size === "short" ? stories.slice(0, 1) : stories) {
      const one = await inStory(story, size, folder);
      tell(`${story.name}: ${one.faults} processes killed`);
      result = together(result, one);
    }
    return result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
