import { done, type Observation, waiting } from "../model/observation.ts";
import { thePod } from "../model/reason.ts";
import type { RunScope } from "../model/step.ts";
import { podsOfNetwork } from "./pods-of-network.ts";

/** Waits until no pod of the cluster holds an address of the source. */
export async function noOldAddress({ ports, plan }: RunScope): Promise<Observation> {
  const old = await podsOfNetwork(ports, plan, await ports.pods.list(), "source");
  const [first] = old;
  return first
    ? waiting(
        "old-addresses-left",
        { count: old.length, namespace: first.namespace, pod: first.name },
        { object: thePod(first) },
      )
    : done;
}

/** A pod that was born on a node that joined late still holds an old address: its controller makes it anew. */
export async function recreateOld({ ports, plan }: RunScope): Promise<void> {
  const old = await podsOfNetwork(ports, plan, await ports.pods.list(), "source");
  for (const pod of old.filter(({ owner, mirror, terminatingAt }) => owner && !mirror && terminatingAt === null)) {
    if (pod.owner?.kind === "DaemonSet") await ports.pods.delete(pod);
    else await ports.pods.evict(pod);
  }
}
