import type { EngineEvent, Outcome, PathScore, ProbePath } from "../../src/engine/model/events.ts";
import type { Consent } from "../../src/engine/model/plan-types.ts";

type EventOf<T extends EngineEvent["type"]> = Extract<EngineEvent, { readonly type: T }>;

/** One wait that a simulated step is in, named so that no other can be taken for it. */
export interface TrueWait {
  readonly token: string;
  readonly node: string | null;
  readonly since: number;
  readonly needsPerson: boolean;
}

/** What is really so in the simulated cluster, kept by those who act in it and never read from the run's state. */
export class Truth {
  /** The engine's process lives. */
  engineAlive = true;
  outcome: Outcome | null = null;
  asking: Consent | null = null;
  paused = false;
  pausing = false;
  back = false;
  begun = false;
  /** What the step that was looked at last waits for. */
  wait: TrueWait | null = null;
  /** Which node was last worked on, which way, and when. */
  lastAct: {
    readonly node: string | null;
    readonly step: string;
    readonly rollback: boolean;
    readonly at: number;
  } | null = null;
  outage = false;
  /** Milliseconds of work by node, without pauses, outages, dead engines and waits for persons. */
  readonly worked = new Map<string, number>();
  readonly estimates = new Map<string, number>();
  readonly phases = new Map<string, string>();
  readonly failed = new Set<string>();
  readonly stepsDone = new Set<string>();
  readonly agents = new Map<string, "none" | "not-ready" | "ready">();
  /** A node was deleted, and the engine has not looked since. */
  deletedUnseen = false;
  scores: readonly PathScore[] = [];
  sampled = new Set<ProbePath>();

  /** What events make so; nothing of it is read from the folded state. */
  readonly #heard: { readonly [T in EngineEvent["type"]]?: (event: EventOf<T>) => void } = {
    "run-announced": ({ plan }) => {
      this.outcome = null;
      this.paused = this.pausing = this.back = this.begun = false;
      this.asking = null;
      this.phases.clear();
      this.failed.clear();
      this.stepsDone.clear();
      this.scores = [];
      for (const { name } of plan.nodes) this.phases.set(name, "queued");
    },
    "pace-changed": ({ pace }) => {
      this.paused = pace === "paused";
      this.pausing = pace === "pausing";
      if (this.paused) this.wait = null;
    },
    "direction-changed": ({ direction }) => {
      this.back = direction === "rollback";
      this.asking = null;
      this.wait = null;
      this.failed.delete("run");
    },
    "consent-asked": ({ consent }) => {
      this.asking = consent;
    },
    "consent-given": ({ consent }) => {
      this.begun = true;
      if (this.asking === consent) this.asking = null;
    },
    "run-step-started": () => {
      this.failed.delete("run");
    },
    "run-step-finished": ({ step }) => {
      this.stepsDone.add(step);
      this.wait = null;
    },
    "run-step-failed": () => {
      this.failed.add("run");
      this.wait = null;
    },
    "run-finished": ({ outcome }) => this.#ends(outcome),
    "node-step-finished": ({ node }) => {
      if (this.wait?.node === node) this.wait = null;
    },
    "measured-recalled": ({ measured }) => {
      this.scores = measured.scores;
    },
    connectivity: ({ scores }) => {
      this.scores = scores;
    },
  };

  hears(event: EngineEvent, exists: (node: string) => boolean): void {
    if (event.type === "node-vanished") {
      this.#leaves(event.node, exists);
      return;
    }
    const hear = this.#heard[event.type] as ((event: EngineEvent) => void) | undefined;
    if (hear) hear(event);
    else this.#lives(event);
  }

  #ends(outcome: Outcome): void {
    this.outcome = outcome;
    this.wait = null;
  }

  #leaves(node: string, exists: (node: string) => boolean): void {
    this.phases.delete(node);
    this.deletedUnseen = [...this.phases.keys()].some((name) => !exists(name));
    this.failed.delete(node);
    if (this.wait?.node === node) this.wait = null;
  }

  #lives(event: EngineEvent): void {
    const phase =
      event.type === "node-recalled"
        ? event.state.phase
        : {
            "node-queued": "queued",
            "node-excluded": "excluded",
            "node-step-started": "migrating",
            "node-failed": "failed",
            "node-rollback-step-started": "rolling-back",
            "node-deferred": "deferred",
            "node-rolled-back": "rolled-back",
            "node-migrated": "migrated",
            "node-joined": "queued",
          }[event.type as string];
    if (phase === undefined || !("node" in event) || event.node === null) return;
    if (this.asking !== null && this.asking !== "nodes" && event.type !== "node-recalled") this.asking = null;
    if (event.type === "node-step-started" && event.step === "precheck") this.worked.set(event.node, 0);
    if (this.wait?.node === event.node) this.wait = null;
    this.phases.set(event.node, phase);
    if (phase === "failed") this.failed.add(event.node);
    else this.failed.delete(event.node);
  }
}
