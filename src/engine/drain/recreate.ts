import { ciliumConfFile } from "../model/cilium-names.ts";
import { CrossfadeError } from "../model/errors.ts";
import type { PodFacts, PodNetwork } from "../model/facts.ts";
import type { NodeScope } from "../model/step.ts";
import { stragglers } from "../observe/none-left.ts";
import { evictPass } from "./evict.ts";
import { podLabel } from "./judge.ts";

const again = "recreated ";

/** One that was made under way may come from before; a third with the old kind of address does not come by chance. */
const enough = 2;

/** A pod that gets its address from the wrong network each time it is made would be made anew for ever. */
function refuseForEver(scope: NodeScope, network: PodNetwork, pod: PodFacts): void {
  const { acts, node, plan } = scope;
  const mark = `${again}${pod.owner?.uid} `;
  const known = [...acts].filter((act) => act.startsWith(mark));
  if (known.includes(mark + pod.uid) || known.length < enough) return;
  const file = network === "source" ? plan.source.confFile : ciliumConfFile;
  const range = network === "source" ? "old" : "new";
  throw new CrossfadeError(
    "VERIFY_FAILED",
    `${podLabel(pod)} got ${pod.ips[0] ?? "an address"} from the ${range} range again, though it was recreated ${known.length} times: the container runtime of ${node} still uses ${file}`,
    `see with crictl info which folder the runtime of ${node} reads, mend it and press r, or press u to take the node back`,
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
    scope.attempts,
  );
  // One that admission protects keeps none of the others.
  for (const result of deleted) if (result.status === "rejected") throw result.reason;
}

async function deleteOwn({ acts, ports }: NodeScope, pod: PodFacts): Promise<void> {
  acts.add(`${again}${pod.owner?.uid} ${pod.uid}`);
  await ports.pods.delete(pod);
}
