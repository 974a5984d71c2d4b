import { ciliumConfFile } from "../model/cilium-names.ts";
import { CrossfadeError } from "../model/errors.ts";
import { evictionAttempts } from "../model/eviction-attempts.ts";
import type { PodFacts, PodNetwork } from "../model/facts.ts";
import { againOrBack, reason } from "../model/reason.ts";
import type { NodeScope } from "../model/step.ts";
import { remembered } from "../model/step-memory.ts";
import { stragglers } from "../observe/none-left.ts";
import { evictPass } from "./evict.ts";
import { podLabel } from "./judge.ts";

/** uid of a DaemonSet → its pods that this step recreated. */
const recreated = remembered(() => new Map<string | undefined, Set<string>>());

/** One that was made under way may come from before; a third with the old kind of address does not come by chance. */
const enough = 2;

/** A pod that gets its address from the wrong network each time it is made would be made anew for ever. */
function refuseForEver(scope: NodeScope, network: PodNetwork, pod: PodFacts): void {
  const { memory, node, plan } = scope;
  const known = memory.of(recreated).get(pod.owner?.uid) ?? new Set();
  if (known.has(pod.uid) || known.size < enough) return;
  const file = network === "source" ? plan.source.confFile : ciliumConfFile;
  const range = network === "source" ? "old" : "new";
  const pods = { pod: podLabel(pod), address: pod.ips[0] ?? null, range, times: known.size };
  throw new CrossfadeError(
    "VERIFY_FAILED",
    reason("pod-on-wrong-network", { node, ...pods, confFile: file }, againOrBack),
  );
}

/** Recreates them: a DaemonSet's pod is deleted (no budget guards a node's own pod from its node's move), others are evicted. */
export async function recreate(scope: NodeScope, network: PodNetwork): Promise<void> {
  const left = (await stragglers(scope, network)).filter((pod) => !pod.mirror && pod.terminatingAt === null);
  const own = left.filter((pod) => pod.owner?.kind === "DaemonSet");
  for (const pod of own) refuseForEver(scope, network, pod);
  const deleted = await Promise.allSettled(own.map((pod) => deleteOwn(scope, pod)));
  await evictPass(
    scope.ports,
    left.filter((pod) => pod.owner?.kind !== "DaemonSet"),
    scope.memory.of(evictionAttempts),
  );
  // One that admission protects keeps none of the others.
  for (const result of deleted) if (result.status === "rejected") throw result.reason;
}

async function deleteOwn({ memory, ports }: NodeScope, pod: PodFacts): Promise<void> {
  const known = memory.of(recreated);
  known.set(pod.owner?.uid, (known.get(pod.owner?.uid) ?? new Set()).add(pod.uid));
  await ports.pods.delete(pod);
}
