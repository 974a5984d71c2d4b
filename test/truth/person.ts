import type { EngineRequest } from "../../src/engine/model/events.ts";
import type { Session } from "../../src/engine/run/session.ts";
import type { Random } from "./random.ts";
import type { SimulatedCluster } from "./simulated-cluster.ts";
import type { SimulatedSteps } from "./simulated-steps.ts";

type Draft = EngineRequest | null;
const by = "ada@bastion";

/** Somebody at the keys, who answers late, changes their mind and presses what is refused. */
export class Person {
  readonly #random: Random;
  readonly #steps: SimulatedSteps;
  readonly #cluster: SimulatedCluster;

  /** How often something is pressed that nothing calls for. */
  readonly #restless: number;

  constructor(random: Random, steps: SimulatedSteps, cluster: SimulatedCluster) {
    this.#random = random;
    this.#restless = random.pick([0.002, 0.01, 0.04]);
    this.#steps = steps;
    this.#cluster = cluster;
  }

  /** Asks something of the run, or mends something, or does nothing: mostly nothing. */
  acts(session: Session): void {
    const { truth } = this.#cluster;
    if (truth.wait?.needsPerson && this.#random.chance(0.1)) this.#steps.personHelps();
    const request = this.#answers(session) ?? this.#whims(session);
    if (request) void session.ask(request).catch(() => undefined);
  }

  #answers({ state }: Session): Draft {
    const random = this.#random;
    if (state.asking !== null && random.chance(0.12)) return { request: "consent", consent: state.asking, by };
    const failed = state.order.find((name) => state.nodes[name]?.state.phase === "failed");
    if (failed && random.chance(0.12)) {
      const request = random.pick(["retry", "rollback", "skip", "retry", "retry"]);
      return { request, node: failed, by };
    }
    if (Object.values(state.steps).some((step) => step.state === "failed") && random.chance(0.15))
      return random.chance(0.8) ? { request: "retry", node: null, by } : { request: "rollback-all", by };
    if (state.pace === "paused" && random.chance(0.06)) return { request: "resume", by };
    return null;
  }

  #whims({ state }: Session): Draft {
    const random = this.#random;
    const name = state.order[random.between(0, Math.max(0, state.order.length - 1))];
    if (name === undefined || !random.chance(this.#restless)) return null;
    const phase = state.nodes[name]?.state.phase;
    if (state.hold?.reason.clearedBy === "person" && random.chance(0.5))
      return { request: "include", nodes: [name], by };
    const dice = random.next();
    if (dice < 0.35) return { request: "pause", by };
    if (dice < 0.5) return { request: phase === "queued" ? "exclude" : "include", nodes: [name], by };
    if (dice < 0.75) return { request: "rollback", node: name, by };
    if (dice < 0.78) return { request: "rollback-all", by };
    if (dice < 0.9) return { request: "skip", node: name, by };
    return { request: "retry", node: name, by };
  }
}
