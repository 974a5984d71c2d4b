import { type Failure, type Reason, reason } from "../model/reason.ts";

/** A step of the whole run failed. */
export const failedStepReason = (step: string, failure: Failure): Reason =>
  reason("run-step-failed", { step, failure }, { clearedBy: "person", actions: ["retry", "rollback-all"] });

/** A node failed on its way to Cilium. */
export const failedNodeReason = (node: string, step: string, failure: Failure): Reason =>
  reason("node-failed", { node, step, failure }, { clearedBy: "person", actions: ["retry", "rollback", "skip"] });

/** A node failed on its way back. */
export const failedRollbackReason = (node: string, step: string, failure: Failure): Reason =>
  reason("rollback-failed", { node, step, failure }, { clearedBy: "person", actions: ["retry"] });

/** A node failed, was rolled back, and a person must say whether the run goes on without it. */
export const restoredNodeReason = (
  { node, step, failure }: { readonly node: string; readonly step: string; readonly failure: Failure },
  maxFailures: number | null,
): Reason =>
  reason(
    "failed-node-rolled-back",
    { node, step, failure, maxFailures },
    { clearedBy: "person", actions: ["retry", "skip"] },
  );
