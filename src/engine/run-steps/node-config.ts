import { nodeConfigName } from "../model/cilium-names.ts";
import { done, waiting } from "../model/observation.ts";
import { inTheWay } from "../model/reason.ts";
import type { RunStep } from "../model/step.ts";
import { remembered } from "../model/step-memory.ts";
import { nameConfFiles } from "../observe/name-conf-files.ts";
import { applyNodeConfig, nodeConfigPresent } from "../observe/node-config-present.ts";

const confFiles = remembered(() => ({ named: false }));

/** Names the files that Cilium will rename on nodes, and creates the CiliumNodeConfig, which selects nothing until a node has the label. */
export const nodeConfig: RunStep = {
  id: "node-config",
  timeoutMs: 5 * 60_000,
  async observe(scope) {
    if (await nodeConfigPresent(scope)) return done;
    const object = inTheWay("CiliumNodeConfig", nodeConfigName, scope.plan.cilium.namespace);
    return waiting("node-config-missing", { name: nodeConfigName }, { object });
  },
  async apply(scope) {
    const known = scope.memory.of(confFiles);
    if (!known.named) await nameConfFiles(scope);
    known.named = true;
    await applyNodeConfig(scope);
  },
  rollback: ["rollback-node-config"],
};
