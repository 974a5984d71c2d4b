import type { JsonObject } from "../model/plan-types.ts";
import type { RunScope, RunStep } from "../model/step.ts";
import { deploy, deployedWith } from "../observe/deployed-with.ts";
import { nothingToEnforce, valuesUnenforced } from "../observe/policies/enforcement.ts";

/** Policies come into force apart from the rest, where there are any: what they refuse is then nobody else's doing. */
const values = async (scope: RunScope): Promise<JsonObject> =>
  (await nothingToEnforce(scope)) ? scope.plan.values.final : valuesUnenforced(scope.plan);

/**
 * Makes Cilium the cluster's only CNI: every agent restarted from now on writes its configuration, labelled node or
 * not. Decided only when every node is migrated, the forgotten and NotReady ones included.
 */
export const upgrade: RunStep = {
  id: "upgrade",
  consent: "finalize",
  timeoutMs: 20 * 60_000,
  observe: async (scope) => deployedWith(scope, await values(scope)),
  apply: async (scope) => deploy(scope, await values(scope)),
  rollback: ["rollback-upgrade"],
};
