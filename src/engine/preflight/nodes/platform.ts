import type { NodeFacts } from "../../model/facts.ts";
import { blocker, type Check, few, ok } from "../check.ts";

const architectures = new Set(["amd64", "arm64"]);

const line = ({ name, operatingSystem, architecture }: NodeFacts) => `${name} (${operatingSystem}/${architecture})`;

/** Cilium has no data path for Windows, and images for two architectures only. */
export const platform: Check = {
  id: "platform",
  check({ members, moving, source }) {
    // Excluding does not help: a node without an agent has no route to pods that moved.
    const strange = members.nodes.filter(({ operatingSystem }) => operatingSystem !== "linux").map(line);
    if (strange.length > 0) return blocker("nodes-not-linux", { source: source.name, ...few(strange) }, strange);
    const odd = moving.nodes.filter(({ architecture }) => !architectures.has(architecture)).map(line);
    return odd.length === 0 ? ok() : blocker("nodes-without-images", few(odd), odd);
  },
};
