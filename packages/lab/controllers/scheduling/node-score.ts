import { controllerOf } from "../owners.ts";
import { quantity } from "../quantity.ts";
import { preference } from "./node-affinity.ts";
import type { Candidate } from "./node-fit.ts";
import { untolerated } from "./tolerations.ts";

/** Higher is better: spread a workload first, then fill the emptiest node; PreferNoSchedule taints weigh most. */
export function nodeScore({ pod, demand, node, load }: Candidate): number {
  const { cpu, memory, pods } = node.status?.allocatable ?? {};
  const siblings = load.workloads.get(controllerOf(pod)?.uid ?? "") ?? 0;
  const shunned = untolerated(pod.spec.tolerations, node.spec?.taints, ["PreferNoSchedule"]) ? 1 : 0;
  const used = share(load.cpu + demand.cpu, quantity(cpu)) + share(load.memory + demand.memory, quantity(memory));
  const crowd = share(load.pods, quantity(pods ?? 110));
  return preference(pod.spec, node) - 1000 * shunned - 20 * siblings - 10 * used - 10 * crowd;
}

function share(part: number, whole: number): number {
  return whole ? part / whole : 0;
}
