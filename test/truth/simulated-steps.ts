import { CommandError } from "../../src/commands/command-error.ts";
import { type Observation, waiting } from "../../src/engine/model/observation.ts";
import type { FailureCode } from "../../src/engine/model/reasons/failure-code.ts";
import type { NodeScope, RunScope } from "../../src/engine/model/step.ts";
import { type Catalogue, catalogue } from "../../src/engine/run/catalogue.ts";
import type { Random } from "./random.ts";
import type { SimulatedCluster } from "./simulated-cluster.ts";

/** What one undertaking of a step will turn out to be, drawn when it is begun. */
interface Fate {
  leftMs: number;
  readonly failsWith: FailureCode | null;
  readonly needsPerson: boolean;
  lookedAt: number;
  token: string;
  tokenSince: number;
}

/** Two looks are never further apart than this while an engine works; what is longer was no work. */
const longestLookMs = 2_200;
const codes: readonly [FailureCode, ...FailureCode[]] = [
  "STEP_TIMED_OUT",
  "AGENT_FAILED",
  "VERIFY_FAILED",
  "DRAIN_REFUSED",
  "HELM_FAILED",
];

/** Every step of the product by its id, with its limits and order, but what it does is drawn by lot. */
export class SimulatedSteps {
  readonly #cluster: SimulatedCluster;
  readonly #random: Random;
  readonly #fates = new Map<string, Fate>();
  #tokens = 0;
  readonly #failing: number;

  constructor(cluster: SimulatedCluster, random: Random, failing: number) {
    this.#cluster = cluster;
    this.#random = random;
    this.#failing = failing;
  }

  catalogue(alive: () => boolean, now: () => number): Catalogue {
    const look = (node: string | null, step: string, since: number): Observation => {
      if (!alive()) return waiting("agent-not-answering", {});
      return this.#look(node, step, since, now());
    };
    const limits = { timeoutMs: 0, apply: () => Promise.resolve() };
    return {
      sources: catalogue.sources,
      ofNode: catalogue.ofNode.map((step) => ({
        ...step,
        ...limits,
        observe: async (scope: NodeScope) => {
          await this.#remembered(scope, step.id);
          return look(scope.node, step.id, scope.stepSince);
        },
      })),
      ofRun: catalogue.ofRun.map((step) => ({
        ...step,
        ...limits,
        observe: (scope: RunScope) => Promise.resolve(look(null, step.id, scope.stepSince)),
      })),
    };
  }

  /** Somebody did by hand what only a person can do. */
  personHelps(): void {
    const { wait } = this.#cluster.truth;
    const fate = [...this.#fates.values()].find(({ token }) => token !== "" && token === wait?.token);
    if (fate) fate.leftMs = 0;
  }

  async #remembered({ before, node, remember }: NodeScope, step: string): Promise<void> {
    if (before !== null || step !== "precheck") return;
    const cordoned = this.#cluster.nodes.get(node)?.cordoned ?? false;
    await remember({ at: 0, cordoned, bootId: "boot", cniFiles: [], agentUid: "" });
  }

  #fateOf(key: string, step: string, now: number): Fate {
    const known = this.#fates.get(key);
    if (known) return known;
    const random = this.#random;
    const fate: Fate = {
      leftMs: random.chance(0.5) ? 0 : random.between(200, random.chance(0.05) ? 60_000 : 5_000),
      failsWith: random.chance(this.#failing) ? random.pick(codes) : null,
      needsPerson: step === "reboot" && random.chance(0.15),
      lookedAt: now,
      token: "",
      tokenSince: now,
    };
    this.#fates.set(key, fate);
    return fate;
  }

  #look(node: string | null, step: string, since: number, now: number): Observation {
    const { truth } = this.#cluster;
    const fate = this.#fateOf(`${node}/${step}/${since}`, step, now);
    const spent = Math.min(longestLookMs, now - fate.lookedAt);
    fate.lookedAt = now;
    if (!fate.needsPerson) {
      fate.leftMs -= spent;
      if (node !== null && !step.startsWith("rollback-")) truth.worked.set(node, (truth.worked.get(node) ?? 0) + spent);
    }
    truth.lastAct = { node, step, rollback: step.startsWith("rollback-"), at: now };
    this.#effect(node, step);
    if (fate.leftMs <= 0) return this.#ended(fate, `${step} on ${node ?? "the cluster"}`);
    if (fate.token === "" || (!fate.needsPerson && this.#random.chance(0.2))) {
      fate.token = `W${++this.#tokens}`;
      fate.tokenSince = now;
    }
    truth.wait = { token: fate.token, node, since: fate.tokenSince, needsPerson: fate.needsPerson };
    const rest = { clearedBy: fate.needsPerson ? "person" : "cluster" } as const;
    return waiting("pods-leaving", { count: 1, pods: [`shop/cart-${fate.token}`] }, rest);
  }

  #ended({ failsWith }: Fate, what: string): Observation {
    if (failsWith === null) return { done: true };
    throw new CommandError(failsWith, `${what} met trouble`, "mend it, then press r to retry");
  }

  /** As much as the screen says of what a step changes in the cluster. */
  #effect(node: string | null, step: string): void {
    const { truth, nodes } = this.#cluster;
    const ofAll = { install: "ready", "rollback-install": "none" } as const;
    if (node === null && (step === "install" || step === "rollback-install"))
      for (const name of nodes.keys()) truth.agents.set(name, ofAll[step]);
    const known = node === null ? undefined : nodes.get(node);
    if (node === null || !known) return;
    const cordons: Readonly<Record<string, boolean>> = {
      cordon: true,
      "rollback-cordon": true,
      uncordon: false,
      "rollback-uncordon": false,
    };
    known.cordoned = cordons[step] ?? known.cordoned;
    if (step === "restart-agent") truth.agents.set(node, this.#random.chance(0.5) ? "ready" : "not-ready");
    if (step.endsWith("verify")) truth.agents.set(node, "ready");
  }
}
