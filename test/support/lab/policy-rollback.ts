import { restoredNodeReason } from "../../../src/engine/decide/failure-reasons.ts";
import type { EngineEvent } from "../../../src/engine/model/events.ts";
import { type Failure, reason } from "../../../src/engine/model/reason.ts";
import { seen } from "../a-node.ts";
import { aFailure } from "../said.ts";

const crashed = aFailure(
  "AGENT_FAILED",
  "the Cilium agent on worker-2 crash-loops (4 restarts): exit code 1: unable to load bpf program",
  "mend the cause and press r, or press u to take the node back",
);

/** worker-2 failed, the policy had it taken back, and the run stops for a person. */
export const policyRollback = (now: number): readonly EngineEvent[] => [
  { type: "node-failed", at: now - 300_000, node: "worker-2", step: "restart-agent", failure: crashed },
  { type: "node-rollback-step-started", node: "worker-2", at: now - 290_000, step: "rollback-cordon", byPolicy: true },
  { type: "node-rolled-back", node: "worker-2", at: now - 200_000 },
  { type: "node-seen", at: now, node: "worker-2", snapshot: seen("source", 2) },
  {
    type: "run-held",
    at: now - 199_000,
    hold: {
      reason: restoredNodeReason({ node: "worker-2", step: "restart-agent", failure: crashed }, null),
      since: now - 199_000,
    },
  },
  {
    type: "log",
    at: now - 199_000,
    level: "warning",
    node: "worker-2",
    note: { code: "failed-rolled-back", params: { node: "worker-2" } },
  },
];

const silent: Failure = {
  code: "STEP_TIMED_OUT",
  reason: reason("step-timed-out", {
    step: "reboot",
    node: "worker-2",
    waitsFor: reason("kubelet-silent", { node: "worker-2", since: null }),
  }),
};

/** worker-2 never came back from its reboot, and was skipped. */
export const deferNode = (now: number): readonly EngineEvent[] => [
  { type: "node-step-started", at: now - 60_000, node: "worker-2", step: "reboot" },
  { type: "node-failed", at: now - 30_000, node: "worker-2", step: "reboot", failure: silent },
  { type: "node-rollback-step-started", at: now - 20_000, node: "worker-2", step: "rollback-cordon", byPerson: true },
  { type: "node-deferred", at: now - 20_000, node: "worker-2" },
  { type: "node-seen", at: now, node: "worker-2", snapshot: seen("both", 2, { ready: false }) },
  {
    type: "node-held",
    at: now,
    node: "worker-2",
    hold: { reason: reason("node-deferred", { node: "worker-2" }), since: now - 20_000 },
  },
  {
    type: "log",
    at: now - 20_000,
    level: "warning",
    node: "worker-2",
    note: { code: "plain", params: { text: "is not Ready: deferred, and rolled back once it is" } },
  },
];
