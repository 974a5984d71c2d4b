import { migrationLabel, nodeConfigName } from "../model/cilium-names.ts";
import { done, type Observation, waiting } from "../model/observation.ts";
import { inTheWay, named } from "../model/reason.ts";
import type { RunScope } from "../model/step.ts";

/** No CiliumNodeConfig of ours and no label are left. */
export async function nodeConfigGone({ ports, plan }: RunScope): Promise<Observation> {
  const configs = await ports.cilium.nodeConfigs();
  if (configs.some(({ namespace, name }) => namespace === plan.cilium.namespace && name === nodeConfigName)) {
    const object = inTheWay("CiliumNodeConfig", nodeConfigName, plan.cilium.namespace);
    return waiting("node-config-left", { name: nodeConfigName }, { object });
  }
  const labelled = (await ports.nodes.list()).filter(({ labels }) => migrationLabel in labels);
  return labelled.length === 0
    ? done
    : waiting("label-left", { label: migrationLabel, ...named(labelled.map(({ name }) => name)) });
}

/** Deletes the CiliumNodeConfig and takes the label from every node. */
export async function removeNodeConfigAndLabels({ ports, plan }: RunScope): Promise<void> {
  await ports.cilium.deleteNodeConfig(plan.cilium.namespace, nodeConfigName);
  const labelled = (await ports.nodes.list()).filter(({ labels }) => migrationLabel in labels);
  for (const { name } of labelled) await ports.nodes.setLabel(name, migrationLabel, null);
}
