import { migrationLabel, nodeConfigName, takeOver } from "../model/cilium-names.ts";
import { sameValues } from "../model/plan/same-values.ts";
import type { RunScope } from "../model/step.ts";

type Scope = Pick<RunScope, "ports" | "plan">;

/** It is there, and says what we wrote. */
export async function nodeConfigPresent({ ports, plan }: Scope): Promise<boolean> {
  const all = await ports.cilium.nodeConfigs();
  const own = all.find(({ namespace, name }) => namespace === plan.cilium.namespace && name === nodeConfigName);
  return (
    own !== undefined && sameValues(own.defaults, takeOver) && sameValues(own.matchLabels, { [migrationLabel]: "true" })
  );
}

/** Writes the CiliumNodeConfig that labelled nodes are selected by. */
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
