import { drainHold } from "../drain/drain-hold.ts";
import { drainLook } from "../drain/drain-look.ts";
import { podLabel } from "../drain/judge.ts";
import { evictionAttempts } from "../model/eviction-attempts.ts";
import type { PodFacts, PodNetwork } from "../model/facts.ts";
import { done, type Observation, waiting } from "../model/observation.ts";
import { firstOf, thePod } from "../model/reason.ts";
import type { NodeScope } from "../model/step.ts";
import { podsOfNetwork } from "./pods-of-network.ts";

/** Pods that a drain leaves on a node and nobody would otherwise recreate: those of DaemonSets first of all. */
export async function stragglers(scope: NodeScope, network: PodNetwork): Promise<readonly PodFacts[]> {
  const { ports, plan, node } = scope;
  const seen = await podsOfNetwork(ports, plan, await ports.pods.on(node), network);
  return seen.length > 0 ? seen : podsOfNetwork(ports, plan, await ports.pods.onFresh(node), network);
}

/** Waits until no pod of the node holds an address of this network. */
export async function noneLeft(scope: NodeScope, network: PodNetwork): Promise<Observation> {
  const left = await stragglers(scope, network);
  const mirrors = left.filter(({ mirror }) => mirror);
  if (mirrors.length > 0) {
    const [pods, more] = firstOf(mirrors.map(podLabel));
    return waiting("static-pods-left", { pods, more }, { object: thePod(mirrors[0] as PodFacts), clearedBy: "person" });
  }
  return (
    drainHold(left, await scope.ports.pods.budgets(), scope.memory.of(evictionAttempts), await drainLook(scope)) ?? done
  );
}
