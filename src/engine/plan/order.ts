import type { ClusterFacts, NodeFacts } from "../model/facts.ts";
import type { NodeTurn } from "../model/plan-types.ts";
import { movablePods } from "../preflight/workloads/movable.ts";
import { isOwnCordon } from "./own-cordon.ts";

/** A node on which this program runs. */
export function isOwnNode(node: NodeFacts, { ownAddresses, ownHostname }: ClusterFacts): boolean {
  const host = node.labels["kubernetes.io/hostname"] ?? node.name;
  return node.internalIps.some((ip) => ownAddresses.includes(ip)) || (ownHostname !== "" && host === ownHostname);
}

/** How many pods a drain moves off each node. */
function podsToMove(facts: ClusterFacts): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { node } of movablePods(facts)) if (node !== null) counts.set(node, (counts.get(node) ?? 0) + 1);
  return counts;
}

/** A node's place in the run. */
export interface Place {
  readonly node: NodeFacts;
  readonly turn: NodeTurn;
  readonly podsToMove: number;
}

const turns: readonly NodeTurn[] = ["canary", "worker", "control-plane", "own-node"];

/** Numbers in names count as numbers: worker-10 after worker-9. */
const byName = (a: Place, b: Place) => a.node.name.localeCompare(b.node.name, "en", { numeric: true });

/**
 * The canary shows on the least that anything breaks: the ready worker with the fewest pods to move, but with one at
 * least, because an empty node proves nothing of a drain.
 */
function canaryOf(places: readonly Place[]): Place | undefined {
  const workers = places.filter(
    ({ turn, node }) => turn === "worker" && node.ready && (!node.cordoned || isOwnCordon(node)),
  );
  const busy = workers.filter((place) => place.podsToMove > 0);
  const candidates = busy.length > 0 ? busy : workers;
  return [...candidates].sort((a, b) => a.podsToMove - b.podsToMove || byName(a, b))[0];
}

/** The order of the run: a canary, the workers, the control planes, and last the node that this program runs on. */
export function orderNodes(facts: ClusterFacts, exclude: readonly string[]): readonly Place[] {
  const counts = podsToMove(facts);
  const places = facts.nodes
    .filter(({ name }) => !exclude.includes(name))
    .map((node): Place => {
      const turn = isOwnNode(node, facts) ? "own-node" : node.controlPlane ? "control-plane" : "worker";
      return { node, turn, podsToMove: counts.get(node.name) ?? 0 };
    });
  const canary = canaryOf(places);
  const turned = places.map((place): Place => (place === canary ? { ...place, turn: "canary" } : place));
  return turned.sort((a, b) => turns.indexOf(a.turn) - turns.indexOf(b.turn) || byName(a, b));
}
