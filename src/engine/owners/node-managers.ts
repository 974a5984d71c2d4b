import type { ClusterFacts, WorkloadFacts } from "../model/facts.ts";
import type { FrozenOwner } from "../model/plan/frozen-owner.ts";

const managers =
  /^(.*-)?(cluster-autoscaler|karpenter|kured|flatcar-linux-update-operator|descheduler|system-upgrade-controller)(-.*)?$/;

/** Who adds, removes or restarts nodes on its own, and runs. */
export const nodeManagers = ({ workloads }: Pick<ClusterFacts, "workloads">): readonly WorkloadFacts[] =>
  workloads.filter(({ name, desired }) => desired > 0 && managers.test(name));

/** Those that can be scaled to zero; a DaemonSet cannot. */
export const scalableManagers = (facts: Pick<ClusterFacts, "workloads">): readonly FrozenOwner[] =>
  nodeManagers(facts).flatMap(({ kind, namespace, name }) =>
    kind === "DaemonSet" ? [] : [{ apiVersion: "apps/v1", kind, namespace, name, ofSource: false }],
  );
