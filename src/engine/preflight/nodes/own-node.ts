import { isOwnNode } from "../../plan/order.ts";
import { type Check, ok, warning } from "../check.ts";

/** The node that runs this program goes last; when it restarts, the program goes with it and must be started again. */
export const ownNode: Check = {
  id: "own-node",
  check({ moving: facts, options }) {
    const own = facts.nodes.filter((node) => isOwnNode(node, facts)).map(({ name }) => name);
    if (own.length === 0) return ok();
    if (options.reboot.method === "none") return ok("own-node-last", { nodes: own }, own);
    return warning("own-node-restarts", { nodes: own }, own);
  },
};
