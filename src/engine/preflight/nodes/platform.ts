import type { NodeFacts } from "../../model/facts.ts";
import { someOf } from "../../model/some-of.ts";
import { blocker, type Check, ok } from "../check.ts";

const architectures = new Set(["amd64", "arm64"]);

const line = ({ name, operatingSystem, architecture }: NodeFacts) => `${name} (${operatingSystem}/${architecture})`;

/** Cilium has no data path for Windows, and images for two architectures only. */
export const platform: Check = {
  id: "platform",
  title: "Node OS and architecture",
  check({ members, moving, source }) {
    // Excluding does not help: a node without an agent has no route to pods that moved.
    const strange = members.nodes.filter(({ operatingSystem }) => operatingSystem !== "linux").map(line);
    if (strange.length > 0) {
      return blocker(
        `Cilium runs on Linux only, and ${strange.length === 1 ? "this node is" : "these nodes are"} not Linux: ${someOf(strange)}; pods there would not reach pods that moved, and would be cut off when ${source.name} goes`,
        `leave this cluster on ${source.name}, or move what runs on these nodes to another cluster first`,
        strange,
      );
    }
    const odd = moving.nodes.filter(({ architecture }) => !architectures.has(architecture)).map(line);
    if (odd.length === 0) return ok("Every node is Linux on amd64 or arm64");
    return blocker(
      `Cilium has no images for ${odd.length === 1 ? "this node" : "these nodes"}: ${someOf(odd)}`,
      "move what runs there to nodes of amd64 or arm64 first; pods that stay would not reach pods that moved",
      odd,
    );
  },
};
