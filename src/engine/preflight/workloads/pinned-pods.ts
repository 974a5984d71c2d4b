import { selects } from "../../drain/selector.ts";
import type { ClusterFacts, LocalVolumeFacts, NodeFacts, PodFacts } from "../../model/facts.ts";
import { fullName } from "../../model/some-of.ts";
import { type Check, ok, some, warning } from "../check.ts";
import { movablePods } from "./movable.ts";

const mounts = ({ nodes }: LocalVolumeFacts, { labels }: NodeFacts) => nodes.some((term) => selects(term, labels));

/** Nodes that a pod can run on, by its selector and its local volumes. */
function homes(pod: PodFacts, volumes: readonly LocalVolumeFacts[], nodes: readonly NodeFacts[]): number {
  const wanted = Object.entries(pod.nodeSelector);
  return nodes
    .filter(({ labels }) => wanted.every(([key, value]) => labels[key] === value))
    .filter((node) => volumes.every((volume) => mounts(volume, node))).length;
}

function volumesOf(pod: PodFacts, { localVolumes }: ClusterFacts): readonly LocalVolumeFacts[] {
  const claims = new Set(pod.claims.map((claim) => `${pod.namespace}/${claim}`));
  return claims.size === 0 ? [] : (localVolumes ?? []).filter(({ claim }) => claims.has(claim));
}

function pinned(facts: ClusterFacts, nodes: readonly NodeFacts[]): readonly string[] {
  return movablePods(facts).flatMap((pod) => {
    const volumes = volumesOf(pod, facts);
    const free = Object.keys(pod.nodeSelector).length === 0 && volumes.length === 0;
    if (free || homes(pod, volumes, nodes) > 1) return [];
    const because = volumes.length > 0 ? `, by its volume ${volumes.map(({ name }) => name).join(", ")}` : "";
    return [`${fullName(pod)} on ${pod.node}${because}`];
  });
}

/** A pod that fits one node only waits, Pending, until that node is back. */
export const pinnedPods: Check = {
  id: "pinned-pods",
  check({ members, moving: facts }) {
    if (members.nodes.length === 1) return ok();
    const found = pinned(facts, members.nodes);
    if (found.length > 0) return warning("pods-pinned", some(found), found);
    const unread = facts.localVolumes === null && facts.pods.some(({ claims }) => claims.length > 0);
    return unread ? warning("local-volumes-unread", {}) : ok();
  },
};
