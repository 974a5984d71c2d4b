import type { PodFacts, PodNetwork } from "../model/facts.ts";
import type { Plan } from "../model/plan-types.ts";
import type { Ports } from "../model/ports/ports.ts";
import { classifyPod } from "./pod-network.ts";

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
