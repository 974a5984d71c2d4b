import type { ClusterFacts, WorkloadFacts } from "../model/facts.ts";
import { type FrozenOwner, frozenMark } from "../model/plan/frozen-owner.ts";

const managers =
  /^(.*-)?(cluster-autoscaler|karpenter|kured|flatcar-linux-update-operator|descheduler|system-upgrade-controller)(-.*)?$/;

type Facts = Pick<ClusterFacts, "workloads">;

/** Who adds, removes or restarts nodes on its own, and runs. */
export const nodeManagers = ({ workloads }: Facts): readonly WorkloadFacts[] =>
  workloads.filter(({ name, desired }) => desired > 0 && managers.test(name));

/** Those that a run of ours scaled to zero and, having been given up, never put back. */
export const leftFrozen = ({ workloads }: Facts): readonly WorkloadFacts[] =>
  workloads.filter(({ annotations, desired }) => desired === 0 && frozenMark in annotations);

/** Those that can be scaled to zero; a DaemonSet cannot. What an earlier run left at zero is put back at the end of this one. */
export const scalableManagers = (facts: Facts): readonly FrozenOwner[] =>
  [...nodeManagers(facts), ...leftFrozen(facts)].flatMap(({ kind, namespace, name }) =>
    kind === "DaemonSet" ? [] : [{ apiVersion: "apps/v1", kind, namespace, name, ofSource: false }],
  );
