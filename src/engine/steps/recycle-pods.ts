import { drainHold } from "../drain/drain-hold.ts";
import { drainLook } from "../drain/drain-look.ts";
import { evictPass } from "../drain/evict.ts";
import { podLabel } from "../drain/judge.ts";
import { ciliumConfFile } from "../model/cilium-names.ts";
import { CrossfadeError } from "../model/errors.ts";
import type { PodFacts, PodNetwork } from "../model/facts.ts";
import type { Plan } from "../model/plan-types.ts";
import type { Ports } from "../model/ports.ts";
import { done, type NodeScope, type Observation, type Step, waiting } from "../model/step.ts";
import { classifyPod } from "../observe/pod-network.ts";

const alive = (pod: PodFacts) => pod.phase === "Running" || pod.phase === "Pending";

/** The pods of a node that hold an address of one network; a pod keeps its address until its sandbox is recreated. */
export async function podsOfNetwork(
  ports: Ports,
  plan: Plan,
  pods: readonly PodFacts[],
  network: PodNetwork,
): Promise<readonly PodFacts[]> {
  const ciliumNodes = await ports.cilium.nodes();
  const nodes = await ports.nodes.list();
  const ranges = { ciliumNodes, nodes, sourceCidrs: plan.source.podCidrs, ciliumCidrs: [plan.cilium.podCidr] };
  return pods.filter((pod) => alive(pod) && classifyPod(pod, ranges) === network);
}

/** Pods that a drain leaves on a node and nobody would otherwise recreate: those of DaemonSets first of all. */
async function stragglers(scope: NodeScope, network: PodNetwork): Promise<readonly PodFacts[]> {
  const { ports, plan, node } = scope;
  const seen = await podsOfNetwork(ports, plan, await ports.pods.on(node), network);
  return seen.length > 0 ? seen : podsOfNetwork(ports, plan, await ports.pods.onFresh(node), network);
}

/** Waits until no pod of the node holds an address of this network. */
export async function noneLeft(scope: NodeScope, network: PodNetwork): Promise<Observation> {
  const left = await stragglers(scope, network);
  const mirrors = left.filter(({ mirror }) => mirror);
  if (mirrors.length > 0) {
    const names = mirrors.map(podLabel).join(", ");
    return waiting(
      `static pods that only their kubelet can restart: ${names}`,
      "rebooting the node, or moving their manifests away and back",
    );
  }
  return drainHold(left, await scope.ports.pods.budgets(), scope.attempts, await drainLook(scope)) ?? done;
}

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

/** Recreates every pod of the node that still holds an old address. */
export const sweep: Step = {
  id: "sweep",
  title: "Recreate pods that still hold an old address",
  timeoutMs: ({ options }) => options.drainTimeoutMs,
  retriable: true,
  observe: (scope) => noneLeft(scope, "source"),
  apply: (scope) => recreate(scope, "source"),
  undo: ["undo-recycle"],
};
