import { migrationLabel } from "../model/cilium-names.ts";
import { done, waiting } from "../model/observation.ts";
import { named, theNode } from "../model/reason.ts";
import type { RollbackStep } from "../model/step.ts";
import { nodeOf } from "../observe/node-of.ts";

/** Takes the label away, so that the next agent leaves the node's CNI configuration alone. */
export const rollbackLabel: RollbackStep = {
  id: "rollback-label",
  timeoutMs: 60_000,
  async observe(scope) {
    if (!(migrationLabel in (await nodeOf(scope)).labels)) return done;
    const object = theNode(scope.node);
    return waiting("label-left", { label: migrationLabel, ...named([scope.node]) }, { object });
  },
  apply: ({ ports, node }) => ports.nodes.setLabel(node, migrationLabel, null),
};
