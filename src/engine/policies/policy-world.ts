import type { ClusterFacts } from "../model/facts.ts";
import type { CiliumTarget, SourceFacts } from "../model/plan-types.ts";
import type { ClosedHost, PolicyView } from "../model/policies/policy-view.ts";

/** What is looked at to say what becomes of the policies. */
export interface PolicyWorld {
  readonly objects: ClusterFacts["sourceObjects"];
  /** Those that policies can guard: none on the host's network. */
  readonly pods: ClusterFacts["pods"];
  readonly nodes: readonly { readonly name: string; readonly ips: readonly string[] }[];
  /** The old ranges of pods, and the new one. */
  readonly podCidrs: readonly string[];
  readonly source: Pick<SourceFacts, "name" | "enforcesPolicies">;
  readonly target: Pick<CiliumTarget, "version" | "tunnelPort" | "nativeRoutingCidr">;
}

/** Policies of some kinds: how they are read, and what becomes of them. */
export interface PolicyDialect {
  /** In full, as the facts name them. */
  readonly kinds: readonly string[];
  read(world: PolicyWorld): readonly PolicyView[];
  /** Hosts whose policies stop what Cilium needs between nodes. */
  closedHosts(world: PolicyWorld): readonly ClosedHost[];
}

/** The same of a cluster that is looked at for a plan. */
export function policyWorld(facts: ClusterFacts, source: SourceFacts, target: CiliumTarget): PolicyWorld {
  return {
    objects: facts.sourceObjects,
    pods: facts.pods.filter(({ hostNetwork, phase }) => !hostNetwork && phase !== "Succeeded" && phase !== "Failed"),
    nodes: facts.nodes.map(({ name, internalIps }) => ({ name, ips: internalIps })),
    podCidrs: [...source.podCidrs, target.podCidr],
    source,
    target,
  };
}
