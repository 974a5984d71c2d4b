import { describe, expect, test } from "vitest";
import type { JsonObject, Plan } from "../../../src/engine/model/plan-types.ts";
import type { RunScope } from "../../../src/engine/model/step.ts";
import { StepMemory } from "../../../src/engine/model/step-memory.ts";
import { textIn } from "../../../src/engine/policies/json-in.ts";
import { enforcePolicies } from "../../../src/engine/run-steps/enforce-policies.ts";
import { restartAgents } from "../../../src/engine/run-steps/restart-agents.ts";
import { rollbackEnforcePolicies } from "../../../src/engine/run-steps/rollback-enforce-policies.ts";
import { upgrade } from "../../../src/engine/run-steps/upgrade.ts";
import { aPlan } from "../../support/panel/a-plan.ts";

const base = aPlan(["a"]);
const planOf = (mode: string): Plan => ({
  ...base,
  values: { ...base.values, final: { routingMode: "tunnel", policyEnforcementMode: mode } },
});
const aPolicy: JsonObject = { metadata: { name: "p", namespace: "shop" }, spec: {} };

interface Given {
  readonly wanted?: string;
  /** What Cilium's release enforces; null where there is no release. */
  readonly mode: string | null;
  /** Word before the dash of the agents' last restart. */
  readonly last?: string;
  readonly policies?: readonly JsonObject[];
}

/** A release and agents that take over what is written, at once. */
class Cluster {
  mode: string | null;
  last: string | undefined;
  readonly acts: string[] = [];
  readonly notes: string[] = [];
  readonly scope: RunScope;

  constructor({ wanted = "default", mode, last, policies = [aPolicy] }: Given) {
    this.mode = mode;
    this.last = last === undefined ? undefined : `${last}-${base.hash.slice(0, 12)}`;
    const plan = planOf(wanted);
    const values = () => (this.mode === null ? null : { ...plan.values.final, policyEnforcementMode: this.mode });
    const agents = () => ({
      kind: "DaemonSet",
      annotations: this.last === undefined ? {} : { "crossfade/restart-token": this.last },
      observed: true,
      updated: 1,
      ready: 1,
      desired: 1,
    });
    const ports = {
      objects: { all: ({ kind }: { kind: string }) => Promise.resolve(kind === "NetworkPolicy" ? policies : []) },
      installer: {
        release: () => Promise.resolve(this.mode === null ? null : { status: "deployed" }),
        values: () => Promise.resolve(values()),
        apply: (_target: unknown, wantedValues: JsonObject) => {
          this.mode = textIn(wantedValues["policyEnforcementMode"]);
          this.acts.push(`helm ${this.mode}`);
          return Promise.resolve();
        },
      },
      workloads: {
        get: () => Promise.resolve(agents()),
        restart: (_kind: string, _namespace: string, _name: string, token: string) => {
          this.last = token;
          this.acts.push(`restart ${token.slice(0, token.lastIndexOf("-"))}`);
          return Promise.resolve();
        },
      },
    };
    const log = (_level: string, { code }: { code: string }) => this.notes.push(code);
    this.scope = { ports, plan, memory: new StepMemory(), log, nodes: ["a"] } as unknown as RunScope;
  }

  async done(step: Pick<typeof upgrade, "observe">): Promise<boolean> {
    return (await step.observe(this.scope)).done;
  }

  /** What it takes until the step is done. */
  async play(step: Pick<typeof upgrade, "observe" | "apply">): Promise<readonly string[]> {
    for (let turn = 0; turn < 5; turn += 1) {
      if (await this.done(step)) return this.acts;
      await step.apply(this.scope);
    }
    throw new Error(`never done: ${this.acts.join(", ")}`);
  }
}

describe("with policies", () => {
  test("the upgrade leaves them out of force, and they come into force with one more restart", async () => {
    const cluster = new Cluster({ mode: "never" });
    await cluster.play(upgrade);
    await cluster.play(restartAgents);
    expect(cluster.acts).toEqual(["restart unenforced"]);
    expect(await cluster.play(enforcePolicies)).toEqual(["restart unenforced", "helm default", "restart final"]);
    expect(cluster.notes).toEqual(["policies-enforced"]);
  });

  test("an engine that died between helm and the restart is gone on after", async () => {
    expect(await new Cluster({ mode: "default", last: "unenforced" }).play(enforcePolicies)).toEqual(["restart final"]);
  });
});

describe("without policies", () => {
  test("the upgrade brings the whole, and no agent restarts twice", async () => {
    const cluster = new Cluster({ mode: "never", policies: [] });
    await cluster.play(upgrade);
    await cluster.play(restartAgents);
    expect(await cluster.play(enforcePolicies)).toEqual(["helm default", "restart final"]);
    expect(cluster.notes).toEqual(["no-policies"]);
  });

  test("but where all is to be closed it comes apart all the same", async () => {
    const cluster = new Cluster({ mode: "never", wanted: "always", policies: [] });
    await cluster.play(upgrade);
    await cluster.play(restartAgents);
    expect(await cluster.play(enforcePolicies)).toEqual(["restart unenforced", "helm always", "restart final"]);
  });
});

test("who wants never gets it, is told so, and no agent restarts for it", async () => {
  const cluster = new Cluster({ mode: "never", wanted: "never" });
  await cluster.play(upgrade);
  await cluster.play(restartAgents);
  expect(await cluster.play(enforcePolicies)).toEqual(["restart final"]);
  expect(cluster.notes).toEqual(["enforcement-not-wanted"]);
});

test.each<[string, Given, readonly string[]]>([
  ["policies in force go out of it", { mode: "default", last: "final" }, ["helm never", "restart out-of-force"]],
  [
    "also where the agents were not restarted yet",
    { mode: "default", last: "unenforced" },
    ["helm never", "restart out-of-force"],
  ],
  ["a helm without its restart is gone on after", { mode: "never", last: "final" }, ["restart out-of-force"]],
  ["what is done is done", { mode: "never", last: "out-of-force" }, []],
  ["before they came into force nothing is to be done", { mode: "never", last: "unenforced" }, []],
  ["nor before the upgrade", { mode: "never" }, []],
  ["nor without a release", { mode: null }, []],
  ["nor without policies", { mode: "default", last: "final", policies: [] }, []],
  ["nor where they never were to be", { mode: "never", last: "final", wanted: "never" }, []],
  [
    "but where all is closed",
    { mode: "always", last: "final", wanted: "always", policies: [] },
    ["helm never", "restart out-of-force"],
  ],
])("on the way back: %s", async (_what, given, acts) => {
  expect(await new Cluster(given).play(rollbackEnforcePolicies)).toEqual(acts);
});
