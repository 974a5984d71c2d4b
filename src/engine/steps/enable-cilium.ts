import { migrationLabel, nodeConfigName } from "../model/cilium-names.ts";
import { done, waiting } from "../model/observation.ts";
import { inTheWay, theNode } from "../model/reason.ts";
import type { Step } from "../model/step.ts";
import { keepNodeConfig } from "../observe/agent/recreate-agent.ts";
import { nodeConfigPresent } from "../observe/node-config-present.ts";
import { nodeOf } from "../observe/node-of.ts";

/** Labels the node, so that the CiliumNodeConfig selects it; nothing happens until its agent is recreated. */
export const enableCilium: Step = {
  id: "enable-cilium",
  timeoutMs: 60_000,
  async observe(scope) {
    if (!(await nodeConfigPresent(scope))) {
      const object = inTheWay("CiliumNodeConfig", nodeConfigName, scope.plan.cilium.namespace);
      return waiting("node-config-changed", { name: nodeConfigName }, { object });
    }
    if ((await nodeOf(scope)).labels[migrationLabel] === "true") return done;
    return waiting("label-missing", { label: migrationLabel }, { object: theNode(scope.node) });
  },
  async apply(scope) {
    await keepNodeConfig(scope);
    await scope.ports.nodes.setLabel(scope.node, migrationLabel, "true");
  },
  rollback: ["rollback-label"],
};
