import type { RunStep } from "../model/step.ts";
import { deploy, deployedWith } from "../observe/deployed-with.ts";

/**
 * Makes Cilium the cluster's only CNI: every agent restarted from now on writes its configuration, labelled node or
 * not. Decided only when every node is migrated, the forgotten and NotReady ones included.
 */
export const upgrade: RunStep = {
  id: "upgrade",
  consent: "finalize",
  timeoutMs: 20 * 60_000,
  observe: (scope) => deployedWith(scope, scope.plan.values.final),
  apply: (scope) => deploy(scope, scope.plan.values.final),
  rollback: ["rollback-upgrade"],
};
