import { writeFileSync } from "node:fs";
import { pause } from "crossfade-lab/clock.ts";
import { defaultTimings } from "crossfade-lab/kubelet/timings.ts";
import type { EngineEvent, NodeSnapshot } from "../../../src/engine/model/events.ts";
import type { Plan } from "../../../src/engine/model/plan-types.ts";
import type { MigrationState } from "../../../src/engine/model/state.ts";
import { start } from "../a-node.ts";
import { shifted } from "../panel/shifted.ts";
import { type Choice, type LabRun, portOf, World, type WorldOptions } from "./lab-run.ts";
import { OwnTime } from "./own-time.ts";

const seenAgainMs = 60_000;
const scoresAgainMs = 5_000;
/** So long the cluster's controllers have for what was prepared. */
const settlesMs = 20_000;

/** Steady where two machines, or two ports, would differ. */
function steady(text: string, world: World): string {
  return text
    .replaceAll(/https?:\/\/127\.0\.0\.1:\d+/g, "https://10.0.0.1:6443")
    .replaceAll(`127.0.0.1:${portOf(world.lab)}`, "10.0.0.1:6443")
    .replaceAll('"context":"crossfade-lab"', '"context":"prod-eu"');
}

const emptied = (plan: Plan): Plan => ({
  ...plan,
  values: { ...plan.values, initial: {}, final: {}, initialYaml: "", finalYaml: "" },
});

const shape = ({ ready, cordoned, cni, pods, agent, files }: NodeSnapshot): string =>
  JSON.stringify([ready, cordoned, cni, pods, agent, files?.map(({ name }) => name)]);

/** Keeps what the fold makes a difference of: what only says again how it is, once in a while. */
class Sieve {
  readonly #seen = new Map<string, { readonly at: number; readonly shape: string }>();
  #scoresAt = 0;
  #link = "";

  keeps(event: EngineEvent): boolean {
    if (event.type === "node-seen") {
      const last = this.#seen.get(event.node);
      const now = { at: event.at, shape: shape(event.snapshot) };
      if (last?.shape === now.shape && now.at - last.at < seenAgainMs) return false;
      this.#seen.set(event.node, now);
      return true;
    }
    if (event.type === "connectivity") {
      if (event.at - this.#scoresAt < scoresAgainMs) return false;
      this.#scoresAt = event.at;
      return true;
    }
    if (event.type !== "link-changed") return true;
    const { state, detail } = event.link;
    const changed = this.#link !== state + detail;
    this.#link = state + detail;
    return changed;
  }
}

interface Awaited {
  readonly fits: (event: EngineEvent) => boolean;
  readonly resolve: () => void;
}

/** Who waits for an event hears it at once, not at the next look. */
class Told {
  #waiting: readonly Awaited[] = [];

  until(fits: Awaited["fits"]): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting = [...this.#waiting, { fits, resolve }];
    });
  }

  tell(event: EngineEvent): void {
    const heard = this.#waiting.filter(({ fits }) => fits(event));
    this.#waiting = this.#waiting.filter((one) => !heard.includes(one));
    for (const { resolve } of heard) resolve();
  }
}

/** A run on the lab whose events are kept. */
export interface Recorder {
  readonly world: World;
  readonly run: LabRun;
  /** Resolves at the next event that fits: before any more time has passed. */
  readonly at: (fits: (event: EngineEvent) => boolean) => Promise<void>;
  /** The same at the next event after which that is so. */
  readonly when: (holds: (state: MigrationState) => boolean) => Promise<void>;
  /** Lets so much of the lab's time pass. */
  readonly pass: (ms: number) => Promise<void>;
}

export interface Recording {
  readonly setup: WorldOptions;
  readonly choice?: Omit<Choice, "onEvent">;
  /** What is so before the run begins. */
  readonly prepare?: (world: World) => void;
  readonly onEvent?: (event: EngineEvent, world: World) => void;
  readonly play: (recorder: Recorder) => Promise<void>;
}

/** Plays it and writes what the engine said, a line an event. */
export async function record(file: URL, { setup, choice, prepare, onEvent, play }: Recording): Promise<number> {
  const time = new OwnTime();
  const world = await World.make({ ...setup, speed: 1, tls: true, clock: time.clock, timings: defaultTimings });
  time.begin();
  try {
    prepare?.(world);
    await pause(time.clock, settlesMs);
    const told = new Told();
    const run = world.start({
      holder: "ada@bastion/4121",
      consents: [],
      ...choice,
      around: (ports) => time.of(ports),
      onEvent: (event) => {
        onEvent?.(event, world);
        told.tell(event);
      },
    });
    await play({
      world,
      run,
      at: (fits) => told.until((event) => fits(event)),
      when: (holds) => told.until(() => holds(run.state)),
      pass: (ms) => pause(time.clock, ms),
    });
    const sieve = new Sieve();
    const kept = run.events
      .filter((event) => sieve.keeps(event))
      .map((event) => time.told(event))
      .map((event) => (event.type === "run-announced" ? { ...event, plan: emptied(event.plan) } : event));
    const announced = kept.find(({ type }) => type === "run-announced")?.at ?? start;
    const lines = kept.map((event) => steady(JSON.stringify(shifted(event, start - announced)), world));
    const text = `${lines.join("\n")}\n`;
    writeFileSync(file, text);
    return text.length;
  } finally {
    time.end();
    await world.close();
  }
}
