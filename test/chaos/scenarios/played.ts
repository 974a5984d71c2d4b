import type { NodeRequest } from "../../../src/engine/decide/run-terms.ts";
import type { EngineEvent, Outcome } from "../../../src/engine/model/events.ts";
import type { NodeFailurePolicy } from "../../../src/engine/model/plan-types.ts";
import type { MigrationState } from "../../../src/engine/model/state.ts";
import { lines } from "../../../src/words/audience.ts";
import { endingWords } from "../../../src/words/run-ending.ts";
import { ClusterView } from "../../support/lab/lab-cluster.ts";
import { type LabRun, World } from "../../support/lab/lab-run.ts";

const inputOf = (onNodeFailure: NodeFailurePolicy) => ({ rebootTimeoutMs: 120_000, onNodeFailure, maxFailures: 1 });

/** Engines that it may take, a person's wish each, from where the run first stands to its end. */
const mostEngines = 8;

export interface Standing {
  readonly outcome: Outcome;
  /** Why it stands still, in the words of whoever reads lines. */
  readonly says: string;
  readonly state: MigrationState;
}

/** A scenario under a policy, by engines that nobody attends. */
export class Played {
  readonly world: World;
  readonly view: ClusterView;
  readonly events: EngineEvent[] = [];
  readonly #policy: NodeFailurePolicy;

  private constructor(world: World, policy: NodeFailurePolicy) {
    this.world = world;
    this.view = new ClusterView(world.lab);
    this.#policy = policy;
  }

  static async open(scenario: string, policy: NodeFailurePolicy, seed: number): Promise<Played> {
    return new Played(await World.make({ scenario, seed, nodes: 4 }), policy);
  }

  /** One engine, to its end. */
  async run(wish?: NodeRequest): Promise<Standing> {
    const run: LabRun = this.world.start({
      attended: false,
      input: inputOf(this.#policy),
      ...(wish === undefined ? {} : { firstRequest: wish }),
    });
    const outcome = await run.end(120_000);
    this.events.push(...run.events);
    const { state } = run;
    return { outcome, says: endingWords({ ...state, outcome, reason: state.endedFor }, lines), state };
  }

  /** Every machine is mended, and nobody brings anything back any more. */
  repair(): void {
    const { machines, store } = this.world.lab;
    for (const machine of machines.values()) machine.faults.clear();
    if (store.get("configmaps", "argocd", "application")) store.delete("configmaps", "argocd", "application");
  }

  /** With what a person would answer, again and again, until the run is over or nothing is left to answer. */
  async toTheEnd(from: Standing): Promise<Standing> {
    let standing = from;
    for (let engines = 0; standing.outcome !== "migrated" && engines < mostEngines; engines++) {
      standing = await this.run(wishFor(standing.state));
    }
    return standing;
  }

  /** The last of what was said. */
  story(): string {
    const quiet = ["node-seen", "connectivity", "link-changed"];
    return this.events
      .filter(({ type }) => !quiet.includes(type))
      .slice(-40)
      .map(
        ({ at, type, ...rest }) =>
          `${new Date(at).toISOString().slice(11, 19)} ${type} ${JSON.stringify(rest).slice(0, 240)}`,
      )
      .join("\n");
  }
}

/** A failed node, or one that was taken back, is retried; a failed step of the run is by any new engine. */
function wishFor({ order, nodes }: MigrationState): NodeRequest | undefined {
  for (const node of order) {
    const state = nodes[node]?.state;
    if (state?.phase === "failed" || (state?.phase === "rolled-back" && state.policyRollback))
      return { request: "retry", node };
  }
  return undefined;
}
