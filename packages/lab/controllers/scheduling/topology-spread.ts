import { selects } from "../../label-selector.ts";
import type { ControlPlane } from "../control-plane.ts";
import type { Node, Pod, SpreadConstraint } from "../kinds.ts";
import { identity } from "../object-key.ts";
import { isActive } from "../pod-state.ts";
import { fitsNode } from "./node-affinity.ts";

/** Why a node may not take one more, in kube-scheduler's words, or null. */
export type SpreadRule = (node: Node) => string | null;

const skewed = "node(s) didn't match pod topology spread constraints";

/** The DoNotSchedule rows of a pod, counted once for all nodes; ScheduleAnyway is left to the spreading score. */
export function spreadRules(plane: ControlPlane, pod: Pod): readonly SpreadRule[] {
  const hard = pod.spec.topologySpreadConstraints?.filter((row) => row.whenUnsatisfiable === "DoNotSchedule") ?? [];
  return hard.map((row) => spreadRule(plane, pod, row));
}

function spreadRule(plane: ControlPlane, pod: Pod, row: SpreadConstraint): SpreadRule {
  const counts = countDomains(plane, pod, row);
  const fewest = Math.min(...counts.values());
  const self = selects(row.labelSelector, pod.metadata.labels) ? 1 : 0;
  return ({ metadata }) => {
    const domain = metadata.labels?.[row.topologyKey];
    if (domain === undefined) return `${skewed} (missing required label)`;
    return (counts.get(domain) ?? 0) + self - fewest > row.maxSkew ? skewed : null;
  };
}

/** Matching pods in each domain that the pod may go to, cordoned nodes included as upstream does. */
function countDomains(plane: ControlPlane, pod: Pod, row: SpreadConstraint): ReadonlyMap<string, number> {
  const domains = domainsFor(plane, pod, row.topologyKey);
  const counts = new Map([...domains.values()].map((domain) => [domain, 0]));
  for (const other of plane.pods.selected(identity(pod).namespace, row.labelSelector ?? {})) {
    const domain = domains.get(other.spec.nodeName ?? "");
    if (domain !== undefined && isActive(other)) counts.set(domain, (counts.get(domain) ?? 0) + 1);
  }
  return counts;
}

/** Node → domain, of the nodes that the pod's own affinity allows. */
function domainsFor({ store }: ControlPlane, pod: Pod, topologyKey: string): ReadonlyMap<string, string> {
  const domains = new Map<string, string>();
  for (const node of store.list<Node>("nodes")) {
    const domain = node.metadata.labels?.[topologyKey];
    if (domain !== undefined && fitsNode(pod.spec, node)) domains.set(node.metadata.name, domain);
  }
  return domains;
}
