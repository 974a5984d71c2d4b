import type { Sight, Terminal } from "../panel/terminal.ts";

/** The lab's name in its kubeconfig. */
export const labName = "crossfade-lab";

/** From the plan to moving nodes. */
export async function moveTheNodes(panel: Terminal): Promise<void> {
  await panel.until("press m");
  await panel.choose({ key: "m", title: `Move ${labName} from Flannel to Cilium`, choice: "Move the nodes" });
}

/** From the last moved node to Cilium as the only CNI. */
export async function finalize(panel: Terminal): Promise<void> {
  await panel.until("make Cilium the only CNI?");
  await panel.choose({ key: "m", title: `Make Cilium the only CNI of ${labName}`, choice: "Finalize" });
}

/** Past the point of no return, to the end of the run, or to what else is seen then. */
export async function removeFlannel(panel: Terminal, sees: Sight = "every node runs on Cilium"): Promise<void> {
  await panel.until("remove Flannel for good?");
  panel.press("m");
  await panel.dialog("POINT OF NO RETURN");
  await panel.readOn();
  await panel.type(labName);
  panel.press("enter");
  await panel.until(sees);
}
