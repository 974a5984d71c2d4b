import { expect, test } from "vitest";
import type { Act } from "../../../src/engine/decide/act.ts";
import { decide } from "../../../src/engine/decide/decide.ts";
import { fold } from "../../../src/engine/model/fold.ts";
import { nodeStepsOf, rollbackNodeStepsOf } from "../../../src/engine/model/plan/step-order.ts";
import { type MigrationState, nothingYet } from "../../../src/engine/model/state.ts";
import { makePlan } from "../../../src/engine/plan/plan.ts";
import { defaultPlanInput } from "../../../src/engine/plan/plan-input.ts";
import { catalogue, nodeStep, runStep } from "../../../src/engine/run/catalogue.ts";
import { detectSource } from "../../../src/engine/sources/detect.ts";
import { flannel } from "../../../src/engine/sources/flannel/flannel.ts";
import { checkSource, plannedSteps } from "../../../src/engine/sources/registry.ts";
import type { Source } from "../../../src/engine/sources/source.ts";
import { noSteps } from "../../../src/engine/sources/source-step.ts";
import { readNode, writeNode } from "../../../src/kube/records/node-record.ts";
import { readRecord, writeRecord } from "../../../src/kube/records/run-record.ts";
import { nodeStepTitles, runStepTitles } from "../../../src/words/step-titles.ts";
import { aNodeRecord, aRecord, asMap, hashed } from "../../kube/support/a-record.ts";
import { aChart } from "../../support/a-chart.ts";
import { aPlan } from "../../support/panel/run-state.ts";
import { inWords } from "../../support/said.ts";
import { bridge } from "../../support/sources/bridge.ts";
import { aBridgeCluster } from "../../support/sources/bridge-cluster.ts";

const known = [flannel, bridge];
const source = detectSource(aBridgeCluster(), known);
const sourceSteps = plannedSteps(bridge.steps(source));
const hash = (text: string) => `${text.length}`;
const deps = { chart: aChart, now: () => 0, hash };
const planned = makePlan(aBridgeCluster(), defaultPlanInput, { ...deps, sources: known });

const nodes = ["a", "b"];
const plan = aPlan(nodes, { source, sourceSteps });
const view = new Map(nodes.map((name) => [name, { ready: true }]));

/** What an act that succeeds at once makes of the state. */
function carriedOut(state: MigrationState, act: Act): MigrationState {
  if (act.do === "run-step")
    return fold(state, { type: "run-step-finished", at: 1, step: act.step, tookMs: 1, note: "" });
  if (act.do === "ask") return fold(state, { type: "consent-given", at: 1, consent: act.consent, by: "ana" });
  if (act.do === "move-node") return fold(state, { type: "node-migrated", at: 1, node: act.node });
  if (act.do === "rollback-node") return fold(state, { type: "node-rolled-back", at: 1, node: act.node });
  throw new Error(`${act.do} was not expected`);
}

/** Everything that is decided, until the end or an act that the test wants to stop at. */
function played(
  from: MigrationState,
  until?: string,
): { readonly acts: readonly string[]; readonly state: MigrationState } {
  let state = from;
  const acts: string[] = [];
  for (;;) {
    const { act } = decide(state, view);
    const what = "step" in act ? act.step : "node" in act ? act.node : "consent" in act ? `ask ${act.consent}` : act.do;
    acts.push(what);
    if (act.do === "finish" || what === until) return { acts, state };
    state = carriedOut(state, act);
  }
}

const begun = fold(nothingYet, { type: "run-announced", at: 0, plan, resumed: false });
const turnedBack = (state: MigrationState) =>
  fold(state, { type: "direction-changed", at: 2, direction: "rollback", by: "ana" });

test("a run takes the source's own steps each in its place, those before the removal once that is consented to", () => {
  expect(played(begun).acts).toEqual([
    "ask nodes",
    "prepare",
    "bridge/hold-routes",
    "install",
    "verify-install",
    "bridge/look-at-routes",
    "node-config",
    "a",
    "b",
    "ask finalize",
    "upgrade",
    "restart-agents",
    "restart-operator",
    "check",
    "enforce-policies",
    "watch-drops",
    "remove-node-config",
    "ask remove-source",
    "save-source",
    "bridge/stop-owner",
    "remove-source",
    "bridge/routes-gone",
    "clean-nodes",
    "report",
    "finish",
  ]);
});

test.each<readonly [string, string, readonly string[]]>([
  [
    "in the first node",
    "a",
    [
      "rollback-node-config",
      "rollback-install",
      "rollback-clean",
      "rollback-bridge/release-routes",
      "rollback-report",
      "finish",
    ],
  ],
  [
    "right before the removal",
    "remove-source",
    [
      "rollback-enforce-policies",
      "rollback-bridge/start-owner",
      "rollback-upgrade",
      "b",
      "a",
      "rollback-node-config",
      "rollback-install",
      "rollback-clean",
      "rollback-bridge/release-routes",
      "rollback-report",
      "finish",
    ],
  ],
])("a run that is turned back %s rolls the source's own steps back too", (_where, until, acts) => {
  expect(played(turnedBack(played(begun, until).state)).acts).toEqual(acts);
});

test("a node's steps and those of its rollback have the source's own among them", () => {
  expect(nodeStepsOf(plan).join(" ")).toContain("drain bridge/leave enable-cilium");
  expect(nodeStepsOf(plan).join(" ")).toContain("verify bridge/left uncordon");
  expect(rollbackNodeStepsOf(plan).join(" ")).toContain(
    "rollback-drain rollback-bridge/rejoin rollback-label rollback-agent rollback-files rollback-bridge/return rollback-source",
  );
  expect(nodeStepsOf(aPlan(nodes)).join(" ")).not.toContain("/");
});

test("the plan shows what they change, each change beside its step, and counts their time", () => {
  expect(planned.sourceSteps).toEqual(sourceSteps);
  const own = planned.changes.filter(({ name, verb }) => name === "bridge-cni" && verb === "change");
  expect(own.map(({ phase, rollback }) => [phase, rollback])).toEqual([
    ["bridge/hold-routes", "hold removed"],
    ["nodes", "the field removed"],
    ["bridge/stop-owner", "owner removed"],
  ]);
  const phases = planned.changes.map(({ phase }) => phase);
  expect(phases.indexOf("bridge/hold-routes")).toBeLessThan(phases.indexOf("install"));
  expect(phases.indexOf("bridge/stop-owner")).toBeGreaterThan(phases.lastIndexOf("remove-node-config"));
  expect(phases.indexOf("bridge/stop-owner")).toBeLessThan(phases.indexOf("remove-source"));
  const without: Source = { ...bridge, steps: () => noSteps };
  const plain = makePlan(aBridgeCluster(), defaultPlanInput, { ...deps, sources: [without] });
  expect(plain.sourceSteps).toBeUndefined();
  expect(planned.estimateMs - plain.estimateMs).toBe(4_000 + planned.nodes.length * 2_000);
});

test("every step of the plan has a leaf, and words also where nobody wrote any", () => {
  const knowing = { ...catalogue, sources: known };
  for (const id of [...nodeStepsOf(plan), ...rollbackNodeStepsOf(plan)])
    expect(nodeStep(id, plan, knowing).id).toBe(id);
  expect(runStep("bridge/hold-routes", plan, knowing).id).toBe("bridge/hold-routes");
  expect(nodeStepTitles("bridge/leave").title).toBe("Leave");
  expect(runStepTitles("rollback-bridge/release-routes").title).toBe("Release routes");
  expect(nodeStepTitles("cordon").title).toBe("Cordon");
});

test("a plan whose source would take other steps in this version is refused by the step's name", () => {
  expect(() => checkSource(plan, known)).not.toThrow();
  const newer = { ...plan, sourceSteps: [...sourceSteps, { id: "bridge/dance", before: "install" } as const] };
  expect(inWords(() => checkSource(newer, known))).toThrow(
    "than this version of crossfade takes: bridge/dance among them",
  );
  expect(inWords(() => checkSource({ ...plan, sourceSteps: sourceSteps.slice(1) }, known))).toThrow("by other steps");
});

test("records hold the source's own steps of their plan, and no others", () => {
  const withSteps = { ...aRecord, plan: hashed({ ...aRecord.plan, source, sourceSteps }) };
  const started = { ...withSteps, started: ["prepare", "bridge/hold-routes"], stepsDone: { "bridge/hold-routes": 5 } };
  expect(readRecord(asMap(writeRecord(started)))).toEqual(started);
  const stray = { ...started, plan: aRecord.plan };
  expect(inWords(() => readRecord(asMap(writeRecord(stray))))).toThrow(
    'is "bridge/hold-routes", a step that its plan does not have',
  );

  const state = { phase: "migrating", step: "bridge/leave", since: 1, stepSince: 1, before: null } as const;
  const ofNode = { ...aNodeRecord, run: aRecord.startedAt, state };
  expect(readNode("n1", writeNode("n1", ofNode), withSteps)).toEqual(ofNode);
  expect(inWords(() => readNode("n1", writeNode("n1", ofNode), aRecord))).toThrow(
    'is "bridge/leave", a step that its plan',
  );
});

test.each(["bridge", "/leave", "Bridge/leave", "bridge/leave/again", "rollback-bridge/return", "bridge/../x"])(
  "a node does not migrate at step %s",
  (step) => {
    const state = { phase: "migrating", step: step as "bridge/leave", since: 1, stepSince: 1, before: null } as const;
    expect(inWords(() => readNode("n1", writeNode("n1", { ...aNodeRecord, state }), null))).toThrow(
      "record.state.step is",
    );
  },
);
