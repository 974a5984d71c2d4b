import { nodeAnnotation } from "../model/cluster/record-place.ts";
import type { ClusterFacts, NodeFacts } from "../model/facts.ts";
import type { NodeState } from "../model/node-state.ts";

/** As src/kube/record-trouble.ts names it. */
/** What the API server puts beside spec.unschedulable. */
const cordonTaint = "node.kubernetes.io/unschedulable";

/** A node that is on its way, or broke off there. */
export const isUnfinished = ({ phase }: Pick<NodeState, "phase">): boolean =>
  phase === "migrating" || phase === "rolling-back" || phase === "deferred" || phase === "failed";

function recorded(annotation: string): boolean {
  try {
    const { state } = JSON.parse(annotation) as {
      readonly state?: {
        readonly phase?: NodeState["phase"];
        readonly before?: { readonly cordoned?: unknown } | null;
      };
    };
    return state?.phase !== undefined && isUnfinished({ phase: state.phase }) && state.before?.cordoned === false;
  } catch {
    return false;
  }
}

/** An engine cordoned it, and no person: a new run takes that cordon off before its first step. */
export function isOwnCordon({ cordoned, annotations }: Pick<NodeFacts, "cordoned" | "annotations">): boolean {
  return cordoned && recorded(annotations[nodeAnnotation] ?? "");
}

/** As the cluster will be once a run has begun: what only our own cordon closes takes pods. */
export function withoutOwnCordons<Facts extends Pick<ClusterFacts, "nodes">>(facts: Facts): Facts {
  if (!facts.nodes.some(isOwnCordon)) return facts;
  const nodes = facts.nodes.map((node) =>
    isOwnCordon(node)
      ? { ...node, cordoned: false, taints: node.taints.filter(({ key }) => key !== cordonTaint) }
      : node,
  );
  return { ...facts, nodes };
}
