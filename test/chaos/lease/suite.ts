import { isDeepStrictEqual } from "node:util";
import { type Random, seededRandom } from "crossfade-lab/random.ts";
import { World } from "../../support/lab/lab-run.ts";
import { differences, endState } from "../crash/end-state.ts";
import { type ChaosResult, nothingRun, type Size, together } from "../result.ts";
import { Racer } from "./racer.ts";
import { Written } from "./written.ts";

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

const sizes = { short: { seeds: 1, faults: 6 }, full: { seeds: 24, faults: 14 } } as const;
const atMostMs = 120_000;

/** Slower than elsewhere: a wire that is cut for four seconds takes two minutes of a step's time. */
const speed = 30;

/** Engines that race on one lab, and what is done to them. */
class Race {
  readonly racers: readonly Racer[];
  readonly written: Written;
  readonly wrong: string[] = [];
  faults = 0;
  readonly #random: Random;
  readonly #over = new AbortController();

  constructor(world: World, seed: number) {
    this.#random = seededRandom(seed);
    this.written = new Written(world);
    const many = this.#random.between(2, 5);
    this.racers = Array.from({ length: many }, (_, index) => new Racer(world, `host-${index + 1}`, this.written));
  }

  /** From a start at the same moment to the end of the migration. */
  async run(faults: number): Promise<void> {
    await Promise.all(this.racers.map((racer) => racer.start()));
    const races = this.racers.map((racer) => racer.race(this.#over.signal));
    const watch = setInterval(() => this.#countWriters(), 10);
    const late = setTimeout(() => this.#over.abort(new Error("too late")), atMostMs);
    const schedule = this.#schedule(faults);
    await Promise.race([...races, schedule.then(() => new Promise<void>(() => undefined))]);
    if (this.#over.signal.aborted) this.wrong.push(`nobody came to the end within ${atMostMs / 1_000} s`);
    this.#over.abort(new Error("the run is over"));
    clearTimeout(late);
    clearInterval(watch);
    await Promise.all([...races, schedule]);
    await this.#observersSawTheEnd();
  }

  async end(): Promise<void> {
    for (const racer of this.racers) await racer.end();
  }

  #countWriters(): void {
    const writers = this.racers.filter(({ writes }) => writes);
    if (writers.length > 1) this.wrong.push(`${writers.map(({ holder }) => holder).join(" and ")} could write at once`);
  }

  async #schedule(faults: number): Promise<void> {
    for (let number = 0; number < faults && !this.#over.signal.aborted; number++) {
      await pause(this.#random.between(200, 900));
      if (this.#over.signal.aborted) return;
      this.faults += 1;
      await this.#fault();
    }
  }

  /** Mostly whoever runs it. */
  #target(): Racer {
    const runner = this.racers.find(({ holder }) => holder === this.written.holder);
    const any = this.racers[this.#random.between(0, this.racers.length - 1)];
    const chosen = runner && this.#random.next() < 0.75 ? runner : any;
    if (!chosen) throw new Error("there is no racer");
    return chosen;
  }

  async #fault(): Promise<void> {
    const target = this.#target();
    const ms = this.#random.between(200, 4_000);
    switch (this.#random.between(0, 7)) {
      case 0:
      case 1:
        await target.kill(this.#random.next() < 0.5);
        await pause(this.#random.between(0, 500));
        return target.start();
      case 2:
        return target.partition("cut", ms);
      case 3:
      case 4:
        return target.partition("silent", ms);
      case 5:
        return target.jump(this.#random.next() < 0.5 ? 3_600_000 : -3_600_000);
      case 6:
        return target.ask("pause", this.#over.signal);
      default:
        return target.ask("release-run", this.#over.signal);
    }
  }

  /** Who watched knows how it ended. */
  async #observersSawTheEnd(): Promise<void> {
    const links = this.racers.flatMap(({ watches }) => watches ?? []);
    for (let tries = 0; tries < 200 && links.some(({ state }) => state.outcome === null); tries++) await pause(25);
    for (const { state } of links) {
      if (state.outcome !== "migrated") this.wrong.push(`one who watched saw the end as ${state.outcome}`);
    }
  }

  get story(): string {
    return this.racers.flatMap(({ story }) => story.slice(-12)).join("\n");
  }
}

/** How the cluster is after a migration that nobody disturbed. */
async function calmEnd(): Promise<Readonly<Record<string, unknown>>> {
  const world = await World.make({ seed: 300 });
  try {
    const outcome = await world.start({ attended: false }).end();
    if (outcome !== "migrated") throw new Error(`an engine that nobody disturbed ended ${outcome}`);
    return endState(world);
  } finally {
    await world.close();
  }
}

async function race(seed: number, faults: number, calm: Readonly<Record<string, unknown>>): Promise<ChaosResult> {
  const world = await World.make({ seed: 300, speed });
  const it = new Race(world, seed);
  try {
    await it.run(faults);
    it.written.judge();
    const wrong = [
      ...new Set(it.wrong),
      ...it.written.trespasses.map(
        ({ by, what, holder }) => `${by} was let to ${what} while ${holder === "" ? "nobody" : holder} held the lease`,
      ),
    ];
    const end = endState(world);
    if (!isDeepStrictEqual(end, calm)) wrong.push(...differences(calm, end));
    const found = { ...nothingRun, runs: 1, faults: it.faults };
    if (wrong.length === 0) return { ...found, endedRight: 1 };
    return { ...found, wrong: wrong.slice(0, 5).map((what) => ({ what, seed, story: it.story })) };
  } finally {
    await it.end();
    await world.close();
  }
}

/** Two to five engines on one cluster, killed, cut off, with jumping clocks, asked to pause and to hand over. */
export async function run(size: Size, tell: (line: string) => void): Promise<ChaosResult> {
  const { seeds, faults } = sizes[size];
  const first = Number(process.env.CHAOS_FIRST_SEED ?? 1);
  const many = Number(process.env.CHAOS_SEEDS ?? seeds);
  const calm = await calmEnd();
  let result = nothingRun;
  for (let seed = first; seed < first + many; seed++) {
    const one = await race(seed, faults, calm);
    tell(
      `seed ${seed}: ${one.faults} faults, ${one.wrong.length === 0 ? "ended right" : `WRONG: ${one.wrong[0]?.what}`}`,
    );
    result = together(result, one);
  }
  return result;
}
