import type { NodeFacts, PodFacts } from "../facts.ts";
import { type Check, ok, warning } from "./check.ts";
import { movablePods } from "./movable.ts";
import { counted, fullName, someOf } from "./words.ts";

function homes({ nodeSelector }: PodFacts, nodes: readonly NodeFacts[]): number {
  const wanted = Object.entries(nodeSelector);
  return nodes.filter(({ labels }) => wanted.every(([key, value]) => labels[key] === value)).length;
}

/** A pod that fits one node only waits, Pending, until that node is back. */
export const pinnedPods: Check = {
  id: "pinned-pods",
  title: "Pods that fit one node only",
  check({ facts }) {
    const pinned = movablePods(facts)
      .filter((pod) => Object.keys(pod.nodeSelector).length > 0 && homes(pod, facts.nodes) === 1)
      .map((pod) => `${fullName(pod)} on ${pod.node}`);
    if (pinned.length === 0 || facts.nodes.length === 1) return ok("Every pod that moves fits more than one node");
    return warning(
      `${counted(pinned.length, "pod")} ${pinned.length === 1 ? "fits" : "fit"} one node only, and ${pinned.length === 1 ? "is" : "are"} away while ${pinned.length === 1 ? "it moves" : "they move"}: ${someOf(pinned)}`,
      "label a second node for them first",
      pinned,
    );
  },
};
