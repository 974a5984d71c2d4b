import { migrationLabel, nodeConfigName, takeOver } from "../model/cilium-names.ts";
import { sameValues } from "../model/same-values.ts";
import { done, type RunScope, type RunStep, waiting } from "../model/step.ts";
import { nameConfFiles } from "./name-conf-files.ts";

type Scope = Pick<RunScope, "ports" | "plan">;

/** It is there, and says what we wrote. */
export async function nodeConfigPresent({ ports, plan }: Scope): Promise<boolean> {
  const all = await ports.cilium.nodeConfigs();
  const own = all.find(({ namespace, name }) => namespace === plan.cilium.namespace && name === nodeConfigName);
  return (
    own !== undefined && sameValues(own.defaults, takeOver) && sameValues(own.matchLabels, { [migrationLabel]: "true" })
  );
}

export async function applyNodeConfig({ ports, plan }: Scope): Promise<void> {
  // Served versions differ by Cilium version and by stale CRDs: discovery alone tells (cilium#40110).
  const version = await ports.cilium.servedNodeConfigVersion();
  if (version === null) return;
  await ports.cilium.applyNodeConfig({
    apiVersion: `cilium.io/${version}`,
    namespace: plan.cilium.namespace,
    name: nodeConfigName,
    matchLabels: { [migrationLabel]: "true" },
    defaults: takeOver,
  });
}

const named = "named conf files";

/** Says which files nodes will have renamed, and creates the CiliumNodeConfig that selects nothing until a node bears the label. */
export const nodeConfig: RunStep = {
  id: "node-config",
  title: "Create the CiliumNodeConfig that hands nodes over",
  timeoutMs: 5 * 60_000,
  async observe(scope) {
    return (await nodeConfigPresent(scope)) ? done : waiting(`CiliumNodeConfig ${nodeConfigName}`, "the API server");
  },
  async apply(scope) {
    if (!scope.acts.has(named)) await nameConfFiles(scope);
    scope.acts.add(named);
    await applyNodeConfig(scope);
  },
  undo: ["undo-node-config"],
};
