import type { NodeFacts } from "../facts.ts";
import { blocker, type Check, ok } from "./check.ts";
import { someOf } from "./words.ts";

const architectures = new Set(["amd64", "arm64"]);

const line = ({ name, operatingSystem, architecture }: NodeFacts) => `${name} (${operatingSystem}/${architecture})`;

/** Cilium has no data path for Windows, and images for two architectures only. */
export const platform: Check = {
  id: "platform",
  title: "Cilium runs on every node's system",
  check({ facts }) {
    const strange = facts.nodes.filter(({ operatingSystem }) => operatingSystem !== "linux").map(line);
    if (strange.length > 0) {
      return blocker(
        `Cilium runs on Linux only, and some nodes are not Linux: ${someOf(strange)}`,
        "remove these nodes from the cluster: their pods would be cut off when Flannel goes",
        strange,
      );
    }
    const odd = facts.nodes.filter(({ architecture }) => !architectures.has(architecture)).map(line);
    if (odd.length === 0) return ok("Every node is Linux on amd64 or arm64");
    return blocker(`Cilium has no images for some nodes: ${someOf(odd)}`, "remove these nodes from the cluster", odd);
  },
};
