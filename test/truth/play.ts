import type { RunTerms } from "../../src/engine/decide/run-terms.ts";
import { type EngineEvent, type PathScore, probePaths } from "../../src/engine/model/events.ts";
import type { Plan } from "../../src/engine/model/plan-types.ts";
import { run } from "../../src/engine/run/run.ts";
import { Session } from "../../src/engine/run/session.ts";
import { seen, start } from "../support/a-node.ts";
import { agreesToAll } from "../support/lab/agrees-to-all.ts";
import { aPlan } from "../support/panel/run-state.ts";
import { Person } from "./person.ts";
import { type Random, randomFrom } from "./random.ts";
import { SimulatedCluster } from "./simulated-cluster.ts";
import { SimulatedSteps } from "./simulated-steps.ts";
import { Truth } from "./truth.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** Who looks at a run while it is played. */
export interface Onlooker {
  /** The engine said something; what is really so is in `truth` already. */
  told(event: EngineEvent, at: number): void;
  /** Time passed, or the engine's process came or went. */
  passed(at: number): void;
}

/** Longer than any run takes that comes to an end at all. */
const mostSteps = 1_200;

function planned(random: Random): Plan {
  const names = Array.from({ length: random.between(1, 4) }, (_, index) => `worker-${index + 1}`);
  const nodes = [...names, "control-plane-1"].map((name) => ({
    name,
    turn: "worker" as const,
    podsToMove: random.between(0, 20),
    estimateMs: random.between(30_000, 120_000),
  }));
  const estimateMs = nodes.reduce((sum, node) => sum + node.estimateMs, random.between(0, 400_000));
  const plan = aPlan([], { nodes, estimateMs });
  return {
    ...plan,
    options: {
      ...plan.options,
      onNodeFailure: random.pick(["stop", "stop", "rollback", "skip"]),
      maxFailures: random.between(0, 2),
      retries: random.between(0, 1),
    },
  };
}

/** One run of the product's own loop, decision, fold and records, in a cluster whose steps, faults and people are drawn by lot. */
export class Play {
  readonly truth = new Truth();
  readonly cluster: SimulatedCluster;
  readonly plan: Plan;
  readonly #random: Random;
  readonly #clock = new VirtualClock(start);
  readonly #steps: SimulatedSteps;
  readonly #person: Person;
  readonly #onlooker: Onlooker;
  #session: Session | null = null;
  #engine = 0;
  #restartsLeft: number;

  constructor(seed: number, onlooker: (play: Play) => Onlooker) {
    this.#random = randomFrom(seed);
    this.plan = planned(this.#random);
    this.cluster = new SimulatedCluster(this.truth, this.#clock, this.#random);
    this.#steps = new SimulatedSteps(this.cluster, this.#random, this.#random.pick([0, 0, 0.01, 0.04]));
    this.#person = new Person(this.#random, this.#steps, this.cluster);
    this.#restartsLeft = this.#random.between(0, 3);
    for (const { name, estimateMs } of this.plan.nodes) {
      this.cluster.nodes.set(name, { ready: true, cordoned: false });
      this.truth.estimates.set(name, estimateMs);
      this.truth.agents.set(name, "none");
    }
    this.#onlooker = onlooker(this);
  }

  get now(): number {
    return this.#clock.now();
  }

  async toItsEnd(): Promise<void> {
    this.#start();
    for (let step = 0; step < mostSteps; step++) {
      // A pause is long: whoever takes it for work must be seen to.
      const pauses = this.truth.paused && this.#random.chance(0.3);
      await this.#clock.forward(pauses ? this.#random.between(30_000, 300_000) : this.#random.between(200, 4_000));
      if (this.truth.engineAlive) this.#happens();
      else if (!this.#comesBack()) return;
      if (this.#random.chance(0.4)) this.#onlooker.passed(this.now);
    }
    this.#dies();
  }

  #start(): void {
    const number = ++this.#engine;
    const { truth } = this;
    truth.engineAlive = true;
    const alive = () => truth.engineAlive && number === this.#engine;
    const leaves = this.#steps.catalogue(alive, () => this.now);
    const session = new Session(this.cluster.ports(alive), (event) => alive() && this.#hears(event), leaves);
    this.#session = session;
    const attended = this.#random.chance(0.85);
    const terms: RunTerms = {
      consents: new Set(attended ? [] : (["nodes", "finalize", "remove-source"] as const)),
      by: "ada@bastion",
      holder: `ada@bastion/${number}`,
      attended,
      agreements: agreesToAll,
      makePlan: () => Promise.resolve(this.plan),
    };
    run(session, terms, new AbortController().signal).then(
      () => alive() && this.#dies(),
      () => alive() && this.#dies(),
    );
  }

  #dies(): void {
    this.truth.engineAlive = false;
    this.truth.wait = null;
    this.#onlooker.passed(this.now);
  }

  /** False when the story is over. */
  #comesBack(): boolean {
    const { truth } = this;
    const over = truth.outcome === "migrated" || (truth.outcome === "rolled-back" && truth.back);
    if (over || this.#restartsLeft <= 0) return false;
    if (!this.#random.chance(0.3)) return true;
    this.#restartsLeft -= 1;
    truth.outage = false;
    this.#start();
    return true;
  }

  #hears(event: EngineEvent): void {
    this.truth.hears(event, (name) => this.cluster.nodes.has(name));
    this.#onlooker.told(event, this.now);
  }

  /** Faults, other people and samples, beside what the engine does. */
  #happens(): void {
    const random = this.#random;
    const session = this.#session;
    if (!session) return;
    this.#person.acts(session);
    this.#weather();
    this.#seen(session);
    if (random.chance(0.3) && this.truth.stepsDone.has("prepare")) this.#samples(session);
    if (random.chance(0.0015)) this.#dies();
  }

  #weather(): void {
    const random = this.#random;
    const { truth, cluster } = this;
    truth.outage = truth.outage ? random.chance(0.8) : random.chance(0.008);
    for (const [name, node] of cluster.nodes) {
      if (!node.ready && random.chance(0.15)) node.ready = true;
      else if (random.chance(0.004)) node.ready = false;
      if (random.chance(0.002)) node.cordoned = true;
      if (random.chance(0.0008) && cluster.nodes.size > 1) cluster.remove(name);
      truth.deletedUnseen ||= truth.phases.has(name) && !cluster.nodes.has(name);
    }
    if (random.chance(0.001)) {
      const name = `late-${cluster.nodes.size}`;
      cluster.nodes.set(name, { ready: true, cordoned: false });
      truth.agents.set(name, "ready");
    }
  }

  #seen(session: Session): void {
    const { truth, cluster } = this;
    for (const [name, node] of cluster.nodes) {
      if (!this.#random.chance(0.06) || !truth.phases.has(name) || truth.outage) continue;
      const agent = truth.agents.get(name) ?? "none";
      const cni = truth.phases.get(name) === "migrated" ? "cilium" : "source";
      const files = this.#random.chance(0.3) ? { files: null, filesAt: null } : { files: [] };
      session.tell({
        type: "node-seen",
        at: this.now,
        node: name,
        snapshot: seen(cni, 1, { ...node, agent, controlPlane: name.startsWith("control"), podLines: [], ...files }),
      });
    }
  }

  #samples(session: Session): void {
    const path = this.#random.pick(probePaths);
    const lost = this.#random.chance(0.03) ? 1 : 0;
    const old = this.truth.scores.find((score) => score.path === path);
    const score: PathScore = {
      path,
      sent: (old?.sent ?? 0) + 5,
      lost: (old?.lost ?? 0) + lost,
      expected: 0,
      unknown: 0,
      notMeasured: "",
      longestGapMs: 0,
      lastOkAt: this.now,
      lastError: lost ? "timed out" : "",
      lastErrorBetween: "",
    };
    const scores = [...this.truth.scores.filter((one) => one.path !== path), score];
    session.tell({ type: "connectivity", at: this.now, scores });
  }
}
