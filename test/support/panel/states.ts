import type { EngineEvent } from "../../../src/engine/model/events.ts";
import { fold } from "../../../src/engine/model/fold.ts";
import type { NodeState, StepId } from "../../../src/engine/model/node-state.ts";
import { runSteps } from "../../../src/engine/model/plan-types.ts";
import { inTheWay, reason } from "../../../src/engine/model/reason.ts";
import { type MigrationState, nothingYet } from "../../../src/engine/model/state.ts";
import { now, seen, start } from "../a-node.ts";
import { deferNode, policyRollback } from "../lab/policy-rollback.ts";
import { logEvent } from "../log-line.ts";
import { noAnswerSince } from "../no-answer.ts";
import { aFailure } from "../said.ts";
import { aPlan } from "./a-plan.ts";
import { withLease, withoutFiles } from "./as-watched.ts";
import { longReasons, withLongNames } from "./long-names.ts";
import { atEndOf } from "./recording.ts";
import { scores } from "./scores.ts";

const looked = ["links", "routes", "iptables chains", "CNI configuration", "/run/flannel"];

export { now };

export const smallCluster = ["worker-1", "worker-2", "worker-3", "worker-4", "worker-5", "control-plane-1"] as const;

const log = (secondsAgo: number, node: string | null, text: string, level: "info" | "warning" | "error" = "info") =>
  logEvent(text, { at: now - secondsAgo * 1000, level, node });

const history: readonly EngineEvent[] = [
  log(724, null, "run announced: 6 nodes, Flannel v0.25.6 to Cilium 1.18.12"),
  log(610, null, "Cilium 1.18.12 installed beside Flannel; it took over nothing"),
  log(540, "worker-1", "moved in 1m12s, nothing lost"),
  log(130, "worker-2", "cordoned"),
  log(96, "worker-2", "7 pods evicted, 1 refused by a budget", "warning"),
];

export const all = (events: readonly EngineEvent[], from: MigrationState = nothingYet): MigrationState =>
  events.reduce(fold, from);

const announced = (list: readonly string[] = smallCluster, plan = aPlan(list)): readonly EngineEvent[] => [
  { type: "link-changed", at: start, link: { state: "live", since: now - 400, detail: "" } },
  { type: "run-announced", at: start, plan, resumed: false },
  { type: "runner-known", at: start, runner: { holder: "ada@bastion/4121", since: start } },
  ...list.map(
    (node, index): EngineEvent => ({
      type: "node-seen",
      at: start,
      node,
      snapshot: seen("source", index + 1, { controlPlane: node.includes("control") }),
    }),
  ),
];

const doneSteps = ["prepare", "install", "verify-install", "node-config"] as const;

const moving: readonly EngineEvent[] = [
  ...announced(),
  { type: "consent-given", at: start + 30_000, consent: "nodes", by: "ada@bastion" },
  ...doneSteps.flatMap((step): readonly EngineEvent[] => [
    { type: "run-step-started", at: start + 31_000, step },
    { type: "run-step-finished", at: start + 60_000, step, tookMs: 21_000, note: "" },
  ]),
  { type: "run-step-started", at: start + 90_000, step: "nodes" },
  { type: "connectivity", at: now, scores },
];

const took: Readonly<Record<string, number>> = {
  precheck: 300,
  cordon: 120,
  drain: 34_000,
  "enable-cilium": 900,
  "restart-agent": 14_000,
  "recycle-pods": 9_000,
  verify: 2_400,
  uncordon: 100,
  soak: 10_000,
};

function moved(node: string, octet: number, endedAgoMs: number): readonly EngineEvent[] {
  return [
    { type: "node-step-started", node, at: now - endedAgoMs - 72_000, step: "precheck" },
    ...Object.entries(took).map(
      ([step, tookMs]): EngineEvent => ({
        type: "node-step-finished",
        at: now - endedAgoMs,
        node,
        step: step as StepId,
        tookMs,
        note: "",
      }),
    ),
    { type: "node-migrated", node, at: now - endedAgoMs },
    { type: "node-seen", at: now, node, snapshot: seen("cilium", octet, { controlPlane: node.includes("control") }) },
  ];
}

function at(node: string, step: StepId, stepAgoMs: number): readonly EngineEvent[] {
  return [
    { type: "node-step-started", node, at: now - stepAgoMs - 20_000, step: "precheck" },
    { type: "node-step-finished", at: now - stepAgoMs, node, step: "precheck", tookMs: 300, note: "" },
    { type: "node-step-finished", at: now - stepAgoMs, node, step: "cordon", tookMs: 120, note: "" },
    { type: "node-step-started", node, at: now - stepAgoMs, step },
  ];
}

const heldBack = reason(
  "pdb-blocks",
  {
    namespace: "default",
    pod: "db-0",
    budgets: [{ name: "db", allowed: 0, pods: 1, needs: 1, has: 1 }],
    more: 0,
    silent: null,
  },
  { object: inTheWay("PodDisruptionBudget", "db", "default") },
);

const heldByBudget: readonly EngineEvent[] = [
  ...moving,
  ...history,
  ...moved("worker-1", 1, 540_000),
  ...at("worker-2", "drain", 130_000),
  { type: "node-seen", at: now, node: "worker-2", snapshot: seen("both", 2) },
  {
    type: "node-held",
    at: now,
    node: "worker-2",
    hold: { reason: heldBack, since: now - 96_000 },
  },
];

const everyMoved: readonly EngineEvent[] = [
  ...moving,
  ...history.slice(0, 3),
  ...smallCluster.flatMap((node, index) => moved(node, index + 1, 60_000)),
  { type: "run-step-finished", at: now - 50_000, step: "nodes", tookMs: 480_000, note: "" },
];

const beforeRemoval = runSteps.slice(runSteps.indexOf("upgrade"), runSteps.indexOf("remove-source"));

const finalized: readonly EngineEvent[] = [
  ...everyMoved,
  { type: "consent-given", at: now - 40_000, consent: "finalize", by: "ada@bastion" },
  ...beforeRemoval.map(
    (step): EngineEvent => ({ type: "run-step-finished", at: now - 10_000, step, tookMs: 6_000, note: "" }),
  ),
  { type: "consent-asked", at: now - 8_000, consent: "remove-source" },
];

function bigCluster(): MigrationState {
  const many = Array.from(
    { length: 5_000 },
    (_, index) => `ip-10-${(index >> 8) & 255}-${index & 255}-${index % 7}.eu-west-1.compute`,
  );
  const from = all(announced([], aPlan(many)));
  const state = (index: number): NodeState =>
    index < 1_204
      ? { phase: "migrated", at: now, tookMs: 61_000, before: null }
      : index === 1_204
        ? { phase: "migrating", step: "recycle-pods", since: now - 40_000, stepSince: now - 6_000, before: null }
        : { phase: "queued" };
  const nodes = Object.fromEntries(
    many.map((name, index) => [
      name,
      {
        name,
        state: state(index),
        hold: null,
        snapshot: seen(index < 1_204 ? "cilium" : "source", index & 255, { podLines: [] }),
        timings: {},
        leftovers: null,
      },
    ]),
  );
  const { steps } = all(moving);
  return { ...from, nodes, steps, scores, consents: { nodes: { by: "ada@bastion", at: start } }, order: many };
}

/** Every state that the frames show, by the name of its golden file. */
export const states = {
  looking: () => nothingYet,
  "planning-with-blockers": () => atEndOf("blocked"),
  "consent-nodes": () => atEndOf("plan"),
  "draining-held": () => all(heldByBudget),
  pausing: () =>
    all([
      ...heldByBudget,
      {
        type: "pace-changed",
        at: now - 3_000,
        pace: "pausing",
        by: "ada@bastion",
        takesHoldAt: "after worker-2 is moved and uncordoned",
      },
      { type: "node-held", at: now, node: "worker-2", hold: null },
    ]),
  paused: () =>
    all([
      ...moving,
      ...history,
      ...moved("worker-1", 1, 540_000),
      ...moved("worker-2", 2, 30_000),
      { type: "pace-changed", at: now - 3_000, pace: "paused", by: "ada@bastion", takesHoldAt: "" },
    ]),
  "failed-node": () =>
    all([
      ...moving,
      ...history,
      ...moved("worker-1", 1, 540_000),
      ...at("worker-2", "verify", 60_000),
      {
        type: "node-failed",
        at: now - 12_000,
        node: "worker-2",
        step: "verify",
        failure: aFailure(
          "VERIFY_FAILED",
          "worker-2 does not reach the old side: 12 of 12 probes to worker-5 were lost",
          "open UDP 8473 between the nodes, then r to retry, or u to roll the node back",
        ),
      },
      {
        type: "node-seen",
        at: now,
        node: "worker-2",
        snapshot: seen("both", 2, { pods: { source: 0, cilium: 5, host: 3, unknown: 1 } }),
      },
      log(12, "worker-2", "verify failed: 12 of 12 probes to worker-5 were lost", "error"),
    ]),
  "node-deferred": () =>
    all([
      ...moving,
      ...history,
      ...moved("worker-1", 1, 540_000),
      ...deferNode(now),
      ...at("worker-3", "drain", 10_000),
    ]),
  "node-rolled-back": () => all([...moving, ...history, ...moved("worker-1", 1, 540_000), ...policyRollback(now)]),
  "rolling-back": () =>
    all([
      ...moving,
      ...history,
      ...moved("worker-1", 1, 540_000),
      ...moved("worker-2", 2, 90_000),
      { type: "node-rollback-step-started", node: "worker-2", at: now - 50_000, step: "rollback-cordon" },
      {
        type: "node-step-finished",
        at: now - 40_000,
        node: "worker-2",
        step: "rollback-cordon",
        tookMs: 150,
        note: "",
      },
      { type: "node-rollback-step-started", node: "worker-2", at: now - 21_000, step: "rollback-drain" },
      { type: "node-seen", at: now, node: "worker-2", snapshot: seen("both", 2) },
      { type: "node-excluded", node: "worker-4", at: now, because: "excluded by ada@bastion" },
    ]),
  "finalize-asked": () => all([...everyMoved, { type: "consent-asked", at: now - 45_000, consent: "finalize" }]),
  "remove-source-asked": () => all(finalized),
  done: () =>
    all([
      ...finalized,
      { type: "consent-given", at: now - 7_000, consent: "remove-source", by: "ada@bastion" },
      ...smallCluster.map(
        (node): EngineEvent => ({ type: "leftovers", at: now, node, of: "source", left: [], unseen: [], looked }),
      ),
      {
        type: "run-finished",
        at: now - 1_000,
        outcome: "migrated",
        reason: reason("every-node-migrated", {}),
      },
    ]),
  /** As one who watches sees them, who reads no files. */
  watched: () => withLease(withoutFiles(all(heldByBudget)), "held"),
  "watched-expired": () => withLease(withoutFiles(all(heldByBudget)), "expired"),
  "watched-free": () => withLease(withoutFiles(all(heldByBudget)), "free"),
  "watched-asked": () =>
    withLease(
      withoutFiles(all([...everyMoved, { type: "consent-asked", at: now - 45_000, consent: "finalize" }])),
      "held",
    ),
  "stale-link": () =>
    all([
      ...heldByBudget,
      {
        type: "link-changed",
        at: now,
        link: { state: "stale", since: now - 34_000, detail: "connection refused by 10.0.0.1:6443; asking again" },
      },
    ]),
  outage: () => all([...heldByBudget, ...noAnswerSince(now - 134_000)]),
  "long-names": () => withLongNames(all([...heldByBudget, ...longReasons(scores)])),
  "5000-nodes": bigCluster,
} as const satisfies Readonly<Record<string, () => MigrationState>>;

export type StateName = keyof typeof states;
