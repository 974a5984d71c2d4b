import { blocker, type Check, ok } from "./check.ts";
import { counted, someOf } from "./words.ts";

/** A name that was mistyped would let the very node be moved that must not be. */
export const nodesExcluded: Check = {
  id: "nodes-excluded",
  title: "Nodes that are left out",
  check({ facts, options }) {
    const names = new Set(facts.nodes.map(({ name }) => name));
    const strangers = options.exclude.filter((name) => !names.has(name));
    if (strangers.length > 0) {
      return blocker(
        `--exclude names nodes that are not there: ${someOf(strangers)}`,
        "name them as kubectl get nodes does",
        strangers,
      );
    }
    const left = new Set(options.exclude);
    if (left.size === 0) return ok("None is left out");
    if (left.size === names.size) return blocker("--exclude leaves every node out", "leave at least one to be moved");
    return ok(`${counted(left.size, "node")} left out for now: ${someOf([...left])}`, [...left]);
  },
};
