import { migrationLabel, nodeConfigName } from "../model/cilium-names.ts";
import { done, type Observation, waiting } from "../model/observation.ts";
import { counted } from "../model/some-of.ts";
import type { RunScope } from "../model/step.ts";

/** No CiliumNodeConfig of ours and no label are left. */
export async function nodeConfigGone({ ports, plan }: RunScope): Promise<Observation> {
  const configs = await ports.cilium.nodeConfigs();
  if (configs.some(({ namespace, name }) => namespace === plan.cilium.namespace && name === nodeConfigName)) {
    return waiting(`CiliumNodeConfig ${nodeConfigName} to go`, "the API server");
  }
  const labelled = (await ports.nodes.list()).filter(({ labels }) => migrationLabel in labels);
  return labelled.length === 0
    ? done
    : waiting(`label ${migrationLabel} to go from ${counted(labelled.length, "node")}`, "the API server");
}

/** Deletes the CiliumNodeConfig and takes the label from every node. */
export async function removeNodeConfigAndLabels({ ports, plan }: RunScope): Promise<void> {
  await ports.cilium.deleteNodeConfig(plan.cilium.namespace, nodeConfigName);
  const labelled = (await ports.nodes.list()).filter(({ labels }) => migrationLabel in labels);
  for (const { name } of labelled) await ports.nodes.setLabel(name, migrationLabel, null);
}
