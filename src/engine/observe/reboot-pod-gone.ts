import { rebootPodLabel } from "../model/cilium-names.ts";
import { done, type Observation, waiting } from "../model/observation.ts";
import { thePod } from "../model/reason.ts";
import type { NodeScope } from "../model/step.ts";

/** The reboot pod of ours must not outlive its reboot: a later one would be taken for done. */
export async function rebootPodGone({ ports, node }: NodeScope): Promise<Observation> {
  const left = (await ports.pods.onFresh(node)).find(({ labels }) => labels.app === rebootPodLabel);
  return left ? waiting("reboot-pod-left", { pod: left.name }, { object: thePod(left) }) : done;
}
