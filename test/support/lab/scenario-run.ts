import { expect } from "vitest";
import type { NodeState } from "../../../src/engine/model/node-state.ts";
import type { PlanInput } from "../../../src/engine/plan/plan-input.ts";
import { panel } from "../../../src/words/audience.ts";
import { explainFailure } from "../../../src/words/explain.ts";
import { endedWith } from "../said.ts";
import { ClusterView } from "./lab-cluster.ts";
import { type Choice, type LabRun, World, type WorldOptions } from "./lab-run.ts";

/** Short enough for a test, and longer than a healthy node of the lab needs. */
const rebootTimeoutMs = 120_000;

export interface ScenarioChoice extends Omit<Choice, "input"> {
  readonly input?: Partial<PlanInput>;
  readonly setup?: WorldOptions;
}

/** A run on a lab that misbehaves by name, and the words for what is to be seen of it. */
export class ScenarioRun {
  readonly world: World;
  readonly cluster: ClusterView;
  run: LabRun;

  private constructor(world: World, run: LabRun) {
    this.world = world;
    this.cluster = new ClusterView(world.lab);
    this.run = run;
  }

  static async start(scenario: string, { setup, ...choice }: ScenarioChoice = {}): Promise<ScenarioRun> {
    const world = await World.make({ seed: 7, scenario, ...setup });
    return new ScenarioRun(world, world.start(withInput(choice)));
  }

  /** Another engine on the same cluster, as after a command of its own. */
  again({ setup: _setup, ...choice }: ScenarioChoice = {}): void {
    this.run = this.world.start(withInput(choice));
  }

  async fails(node: string): Promise<Extract<NodeState, { readonly phase: "failed" }>> {
    await this.run.until(`${node} to fail`, ({ nodes }) => nodes[node]?.state.phase === "failed");
    const state = this.run.nodeState(node);
    if (state?.phase !== "failed") throw new Error(`${node} did not stay failed`);
    return { ...state, failure: { ...state.failure, ...explainFailure(state.failure, panel, node) } };
  }

  /** How the run ended, in words. */
  ended(): string {
    return endedWith(this.run.state);
  }

  /** Where chance says which of them meets the trouble. */
  async failsOneOf(
    nodes: readonly string[],
  ): Promise<Extract<NodeState, { readonly phase: "failed" }> & { node: string }> {
    const failed = () => nodes.find((name) => this.run.nodeState(name)?.phase === "failed");
    await this.run.until(`one of ${nodes.join(", ")} to fail`, () => failed() !== undefined);
    const node = failed() ?? "";
    return { node, ...(await this.fails(node)) };
  }

  becomes(node: string, phase: NodeState["phase"]): Promise<void> {
    return this.run.until(`${node} to be ${phase}`, ({ nodes }) => nodes[node]?.state.phase === phase);
  }

  ask(request: "retry" | "skip" | "rollback", node: string): Promise<void> {
    return this.run.ask({ request, node, by: "tester" });
  }

  /** Whatever the scenario broke about the machine is mended. */
  repair(node: string): void {
    this.world.lab.machines.get(node)?.faults.clear();
  }

  /** Every node on Cilium, nothing forgotten: no cordon but these, no label, no pod of ours, no old address. */
  expectMigrated(cordoned: readonly string[] = []): void {
    const { cluster } = this;
    expect({
      files: [...new Set(Object.values(cluster.confInCharge()))],
      cordoned: cluster.cordoned,
      labelled: cluster.labelled,
      ours: cluster.ours,
      old: cluster.podsAt("10.244."),
      flannel: cluster.flannel,
    }).toEqual({ files: ["05-cilium.conflist"], cordoned, labelled: [], ours: [], old: [], flannel: [] });
  }

  /** The node is wholly on Flannel again. */
  async expectRolledBack(node: string): Promise<void> {
    const { cluster } = this;
    expect({
      active: cluster.activeFiles(node),
      newAddresses: cluster.podsAt("10.245.", node),
      labelled: cluster.labelled.includes(node),
      cordoned: cluster.cordoned.includes(node),
    }).toEqual({ active: ["10-flannel.conflist"], newAddresses: [], labelled: false, cordoned: false });
    await this.world.until("every node to reach every other", () => cluster.broken.length === 0);
  }
}

const withInput = ({ input, ...choice }: Omit<ScenarioChoice, "setup">): Choice => ({
  ...choice,
  input: { rebootTimeoutMs, ...input },
});
