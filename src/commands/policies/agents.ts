import type { PolicySettings } from "../../engine/model/policies/policy-settings.ts";
import type { Ports } from "../../engine/model/ports/ports.ts";
import { thrownWords } from "./thrown-words.ts";

/** All agents with what they do about policies. */
export interface AgentsSeen {
  readonly seen: readonly PolicySettings[];
  /** Those that did not answer, by node with the reason. */
  readonly silent: readonly (readonly [node: string, why: string])[];
}

/** Asks every agent of the cluster; none is there before Cilium is installed. */
export async function agentsSeen({ cilium }: Pick<Ports, "cilium">): Promise<AgentsSeen> {
  const nodes = [...new Set((await cilium.agents()).map(({ node }) => node))].toSorted();
  const asked = await Promise.allSettled(nodes.map((node) => cilium.policySettings(node)));
  return {
    seen: asked.flatMap((one) => (one.status === "fulfilled" ? [one.value] : [])),
    silent: asked.flatMap((one, index) =>
      one.status === "rejected" ? [[nodes[index] ?? "", thrownWords(one.reason)] as const] : [],
    ),
  };
}

/** How an agent is put back by hand, in this order: audit mode is what keeps policies from denying. */
export const byHand = ({ pod }: Pick<PolicySettings, "pod">, enforcement: string): readonly string[] =>
  [`PolicyEnforcement=${enforcement}`, "PolicyAuditMode=Disabled"].map(
    (option) => `kubectl -n ${pod.namespace} exec ${pod.name} -c cilium-agent -- cilium-dbg config ${option}`,
  );
