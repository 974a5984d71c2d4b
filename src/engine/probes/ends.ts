import type { Plan } from "../model/plan-types.ts";
import type { Ports } from "../model/ports/ports.ts";
import { contains } from "../net/cidr.ts";
import type { ProbeEnd } from "./crossings.ts";

/** Probe pods that can answer, with the network that each is on; but for nodes whose silence is no news. */
export async function probeEnds(ports: Ports, plan: Plan, but: readonly string[] = []): Promise<readonly ProbeEnd[]> {
  const pods = await ports.prober.pods();
  return pods.flatMap((pod): readonly ProbeEnd[] => {
    const { ip } = pod;
    if (!ip || !pod.ready || but.includes(pod.node)) return [];
    if (contains(plan.cilium.podCidr, ip)) return [{ pod, network: "cilium" }];
    return plan.source.podCidrs.some((cidr) => contains(cidr, ip)) ? [{ pod, network: "source" }] : [];
  });
}
