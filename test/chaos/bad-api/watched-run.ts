import { readFileSync, writeFileSync } from "node:fs";
import { pause } from "crossfade-lab/clock.ts";
import type { EngineEvent, Outcome } from "../../../src/engine/model/events.ts";
import { ClusterView } from "../../support/lab/lab-cluster.ts";
import { type LabRun, portOf, World } from "../../support/lab/lab-run.ts";
import { textOf } from "../../support/log-line.ts";
import { endedWith, said, saidOf } from "../../support/said.ts";
import { endState } from "../crash/end-state.ts";
import { BadApi } from "../proxy/bad-api.ts";
import type { Episode, FaultKind, Schedule } from "../proxy/faults.ts";
import type { Answer, Exchange } from "../proxy/http-proxy.ts";

/** The lab's clock and the client's waits, both against the wall's: fast, and slow enough for two processors. */
const speed = 100;
export const speedup = 50;
const labSeed = 41;
const firstToken = "token-1";
/** CHAOS_STORY=0 tells all of a run that went wrong, and not only its end. */
const storyFrom = Number(process.env.CHAOS_STORY ?? -60);
/** A run that has not ended after so long does not end, in milliseconds of the wall's clock: a calm one takes 5 s. */
const patienceMs = 120_000;

export type Direction = "migrated" | "rolled-back";

/** What one run on one schedule came to. */
export interface WatchedRun {
  readonly outcome: Outcome | null;
  readonly wrong: readonly string[];
  /** It stood still for a reason that it gave, at least once. */
  readonly held: boolean;
  readonly injected: ReadonlyMap<FaultKind, number>;
  readonly requests: number;
  /** In one second of the client's clock. */
  readonly peakPerSecond: number;
  /** Of the client's clock. */
  readonly tookSeconds: number;
  readonly end: Readonly<Record<string, unknown>>;
  readonly story: string;
}

/** How a fault is called by whoever meets it: the total ones, and those that answer in their place while both last. */
const names: Readonly<Partial<Record<FaultKind, RegExp>>> = {
  outage: /ECONNREFUSED|ECONNRESET|socket hang up|cut|broke off|closed|aborted|other side/i,
  "black-hole": /(does|did) not answer|ECONNRESET|socket hang up|no end within|silent|timed? ?out|aborted|cut/i,
  unavailable: /503|currently unable|Service Unavailable/i,
  unauthorized: /credentials|401|Unauthorized/i,
  "error-502": /502/,
  "error-503": /503/,
  "error-504": /504/,
};

/** What is told of what other people did. */
const othersDid: ReadonlySet<string> = new Set(["cordoned-again", "cordoned-by-others", "node-config-rewritten"]);

/** What must be so at every moment, looked at from outside. */
class Witness {
  readonly wrong = new Set<string>();
  readonly times: number[] = [];
  /** Nobody presses r: what failed stands still. */
  readonly failed = Promise.withResolvers<void>();
  readonly #evicted = new Map<string, number>();
  readonly #boots = new Map<string, Set<string>>();
  readonly #reboots = new Map<string, number>();
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  before(): "pass" {
    this.times.push(performance.now());
    return "pass";
  }

  after({ path, body }: Exchange, { status }: Answer): "pass" {
    if (!path.includes("/eviction") || status >= 300) return "pass";
    const { deleteOptions } = JSON.parse(body) as { deleteOptions?: { preconditions?: { uid?: string } } };
    const uid = deleteOptions?.preconditions?.uid ?? path;
    this.#evicted.set(uid, (this.#evicted.get(uid) ?? 0) + 1);
    if (this.#evicted.get(uid) === 2) this.wrong.add(`a pod was evicted twice: ${path}`);
    return "pass";
  }

  look(event: EngineEvent): void {
    if (event.type === "node-step-started" && event.step === "reboot") {
      this.#reboots.set(event.node, (this.#reboots.get(event.node) ?? 0) + 1);
    }
    if (event.type === "node-failed" || event.type === "run-step-failed") {
      const what = event.type === "node-failed" ? event.node : `the step ${event.step}`;
      this.wrong.add(`a fault of the API failed ${what}: ${saidOf(event.failure).message}`);
      this.failed.resolve();
    }
    if (event.type === "log" && othersDid.has(event.note.code)) this.wrong.add(`nobody did that: ${textOf(event)}`);
    if (event.type !== "node-seen" && event.type !== "connectivity") this.#lookAtCluster();
  }

  #lookAtCluster(): void {
    for (const { name, bootId } of this.#world.lab.machines.values()) {
      const boots = (this.#boots.get(name) ?? new Set()).add(bootId);
      this.#boots.set(name, boots);
      if (boots.size > 1 + (this.#reboots.get(name) ?? 0)) this.wrong.add(`${name} was rebooted twice for one step`);
    }
    const { cordoned } = new ClusterView(this.#world.lab);
    if (cordoned.length > 1) this.wrong.add(`two nodes were half-moved at once: ${cordoned.join(", ")}`);
  }

  get peakPerSecond(): number {
    const windowMs = 1_000 / speedup;
    let peak = 0;
    let first = 0;
    for (const [index, at] of this.times.entries()) {
      while ((this.times[first] ?? 0) < at - windowMs) first += 1;
      peak = Math.max(peak, index - first + 1);
    }
    return peak;
  }
}

/** In link seconds: how long a total fault must have lasted until it has to be said on the screen. */
const saidWithin: Readonly<Partial<Record<FaultKind, number>>> = {
  outage: 15,
  unavailable: 15,
  unauthorized: 15,
  "black-hole": 40,
};

function sayings(run: LabRun): readonly string[] {
  const { hold, link, nodes } = run.state;
  return [
    said(hold).because,
    link.state === "live" ? "" : link.detail,
    ...Object.values(nodes).map((node) => said(node.hold).because),
  ];
}

function mustBeSaid(episode: Episode, active: readonly FaultKind[], run: LabRun): string | null {
  const { kind, forMs } = episode;
  const within = saidWithin[kind];
  if (within === undefined || (forMs / speed / 1_000) * speedup < within || run.state.outcome !== null) return null;
  const patterns = active.map((one) => names[one] ?? /(?!)/);
  if (sayings(run).some((text) => patterns.some((pattern) => pattern.test(text)))) return null;
  return `the screen did not name the fault ${kind} after ${Math.round(forMs / 1_000)} s of it: ${JSON.stringify(sayings(run).filter((text) => text !== ""))}`;
}

function rewriteToken(kubeconfig: string, token: string): void {
  writeFileSync(kubeconfig, readFileSync(kubeconfig, "utf8").replace(/token: .*/, `token: ${token}`), { mode: 0o600 });
}

const tokenIn = (kubeconfig: string) => /token: "?([^"\s]+)/.exec(readFileSync(kubeconfig, "utf8"))?.[1] ?? "";

/** One migration, or one that is undone once its first node is through, under this schedule. */
export async function watchedRun(seed: number, schedule: Schedule, direction: Direction): Promise<WatchedRun> {
  const world = await World.make({ seed: labSeed, pods: 4, speed });
  const witness = new Witness(world);
  const { lab } = world;
  const token = tokenIn(lab.address.kubeconfig);
  const story: string[] = [];
  const startedAt = lab.clock.now();
  const tell = (line: string) => story.push(`${Math.round((lab.clock.now() - startedAt) / 1_000)} s: ${line}`);
  let kubeconfig = "";
  const api = await BadApi.start({
    upstream: {
      host: "127.0.0.1",
      port: portOf(lab),
      headers: () => Promise.resolve({ authorization: `Bearer ${token}` }),
    },
    schedule,
    seed,
    clock: { now: () => lab.clock.now(), sleep: (ms, signal) => pause(lab.clock, ms, signal) },
    speedup,
    token: firstToken,
    giveToken: (next) => rewriteToken(kubeconfig, next),
    tell,
    witness,
  });
  try {
    const cluster = await world.connect(api.port, firstToken, speedup);
    kubeconfig = cluster.client.kubeconfigPath;
    let undoing = false;
    let held = false;
    const run = world.start({
      cluster,
      onEvent: (event, of) => {
        witness.look(event);
        const line = lineOf(event);
        if (line !== null) tell(line);
        held ||= event.type === "run-held" && /could not (be asked|run)/.test(said(event.hold).because);
        if (direction === "rolled-back" && event.type === "node-migrated" && !undoing) {
          undoing = true;
          void of.engine.ask({ request: "rollback-all", by: "tester" });
        }
      },
    });
    const began = performance.now();
    api.beforeEnd = (episode) => {
      const unsaid = mustBeSaid(episode, api.active, run);
      if (unsaid !== null) witness.wrong.add(unsaid);
    };
    const failed = witness.failed.promise.then(() => Promise.reject(new Error("it was given up")));
    const outcome = await Promise.race([run.end(patienceMs), failed]).catch((thrown: unknown) => {
      witness.wrong.add(thrown instanceof Error ? (thrown.message.split("\n")[0] ?? "") : String(thrown));
      return null;
    });
    const tookMs = performance.now() - began;
    const requests = witness.times.length;
    await api.close();
    if (outcome !== direction)
      witness.wrong.add(`it ended ${outcome ?? "never"} instead of ${direction}: ${endedWith(run.state)}`);
    return {
      outcome,
      wrong: [...witness.wrong],
      held,
      injected: api.injected,
      requests,
      peakPerSecond: witness.peakPerSecond,
      tookSeconds: (tookMs / 1_000) * speedup,
      end: endState(world),
      story: story.slice(storyFrom).join("\n"),
    };
  } finally {
    await api.close();
    await world.close();
  }
}

function lineOf(event: EngineEvent): string | null {
  if (["node-seen", "connectivity", "link-changed", "leftovers", "run-announced"].includes(event.type)) return null;
  const { type, at: _at, ...rest } = event;
  return `${type} ${JSON.stringify(rest).slice(0, 220)}`;
}
