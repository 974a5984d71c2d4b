import { migrationLabel } from "../cilium-names.ts";
import { done, type Step, waiting } from "../step.ts";
import { nodeOf } from "./gate.ts";

/** Labels the node, so that the CiliumNodeConfig selects it; nothing happens until its agent is created anew. */
export const handOver: Step = {
  id: "hand-over",
  title: "Hand the node to Cilium",
  timeoutMs: 60_000,
  retriable: true,
  async observe(scope) {
    if ((await nodeOf(scope)).labels[migrationLabel] === "true") return done;
    return waiting(`label ${migrationLabel}`, "the API server", `Node ${scope.node}`);
  },
  apply: ({ ports, node }) => ports.nodes.setLabel(node, migrationLabel, "true"),
  undo: ["undo-label"],
};
