import { isOwnNode } from "../../plan/order.ts";
import { type Check, ok, warning } from "../check.ts";

/** The node that runs this program goes last; when it restarts, the program goes with it and must be started again. */
export const ownNode: Check = {
  id: "own-node",
  title: "Node that runs Crossfade",
  check({ moving: facts, options }) {
    const own = facts.nodes.filter((node) => isOwnNode(node, facts)).map(({ name }) => name);
    if (own.length === 0) return ok("Crossfade runs outside of the cluster's nodes");
    if (options.reboot.method === "none") return ok(`Crossfade runs on ${own.join(", ")}, which goes last`, own);
    return warning(
      `Crossfade runs on ${own.join(", ")}, which goes last; its restart ends the program`,
      "run crossfade again afterwards: it goes on where it was",
      own,
    );
  },
};
