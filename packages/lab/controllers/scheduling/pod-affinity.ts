import { selects } from "../../label-selector.ts";
import type { Store } from "../../objects.ts";
import type { Node, Pod, PodAffinityTerm } from "../kinds.ts";
import { isFinished } from "../pod-state.ts";
import type { NodeLoads } from "./node-load.ts";

/** Why required pod (anti-)affinity keeps a pod off a node, in kube-scheduler's words, or null. */
export function affinityRefusal(store: Store, loads: NodeLoads, pod: Pod, node: Node): string | null {
  if (lonersRefuse(store, loads, pod, node)) return "node(s) didn't satisfy existing pods anti-affinity rules";
  const { podAntiAffinity, podAffinity } = pod.spec.affinity ?? {};
  const away = podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  if (away.some((term) => inDomain(store, term, node).some((other) => isMeant(term, pod, other)))) {
    return "node(s) didn't match pod anti-affinity rules";
  }
  const near = podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  const lonely = near.some((term) => !isNear(store, term, pod, node));
  return lonely ? "node(s) didn't match pod affinity rules" : null;
}

/** The first pod of a group that wants to be with itself may go anywhere. */
function isNear(store: Store, term: PodAffinityTerm, pod: Pod, node: Node): boolean {
  if (node.metadata.labels?.[term.topologyKey] === undefined) return false;
  if (inDomain(store, term, node).some((other) => isMeant(term, pod, other))) return true;
  const none = !store.list<Pod>("pods").some((other) => other.spec.nodeName && isMeant(term, pod, other));
  return none && isMeant(term, pod, pod);
}

function lonersRefuse(store: Store, loads: NodeLoads, pod: Pod, node: Node): boolean {
  return [...loads.lonely()].some((name) => {
    const home = name === node.metadata.name ? node : store.get<Node>("nodes", null, name);
    return [...loads.of(name).loners.values()].some((loner) =>
      (loner.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).some(
        (term) => home && sameDomain(term, home, node) && isMeant(term, loner, pod),
      ),
    );
  });
}

function sameDomain({ topologyKey }: PodAffinityTerm, a: Node, b: Node): boolean {
  const value = a.metadata.labels?.[topologyKey];
  return value !== undefined && value === b.metadata.labels?.[topologyKey];
}

function inDomain(store: Store, term: PodAffinityTerm, node: Node): readonly Pod[] {
  const isHost = term.topologyKey === "kubernetes.io/hostname";
  const nodes = isHost ? [node] : store.list<Node>("nodes").filter((other) => sameDomain(term, other, node));
  return nodes.flatMap(({ metadata }) => store.podsOn<Pod>(metadata.name));
}

function isMeant({ labelSelector, namespaces }: PodAffinityTerm, asker: Pod, other: Pod): boolean {
  const spaces = namespaces?.length ? namespaces : [asker.metadata.namespace];
  return (
    !isFinished(other) && spaces.includes(other.metadata.namespace) && selects(labelSelector, other.metadata.labels)
  );
}
