import { done, waiting } from "../model/observation.ts";
import { theNode } from "../model/reason.ts";
import type { Step } from "../model/step.ts";
import { nodeOf } from "../observe/node-of.ts";

/** Marks the node unschedulable; the rollback restores what it was before, which may have been "cordoned". */
export const cordon: Step = {
  id: "cordon",
  timeoutMs: 60_000,
  async observe(scope) {
    if ((await nodeOf(scope)).cordoned) return done;
    return waiting("node-not-cordoned", {}, { object: theNode(scope.node) });
  },
  apply: ({ ports, node }) => ports.nodes.cordon(node),
  rollback: ["rollback-uncordon"],
};
