import { counted, someOf } from "../../model/some-of.ts";
import { blocker, type Check, type CheckInput, type Finding, ok, warning } from "../check.ts";

/** Nodes that take no part are named with the reason; one with a machine of its own deserves a look. */
function withOutside({ outside }: CheckInput, said: string, excluded: readonly string[]): Finding {
  if (outside.length === 0) return ok(said, excluded);
  const lines = outside.map(({ name, because }) => `${name} (${because})`);
  const message = `${said}; ${counted(outside.length, "node")} ${outside.length === 1 ? "takes" : "take"} no part: ${someOf(lines)}`;
  if (outside.every(({ because }) => because.startsWith("a virtual node"))) return ok(message, [...excluded, ...lines]);
  return warning(
    message,
    "see what gives pods there their addresses; Cilium's agent starts on a Linux node that nothing keeps it from, and takes it over when the run is finalized",
    [...excluded, ...lines],
  );
}

/** A name that was mistyped would let the very node be moved that must not be. */
export const nodesExcluded: Check = {
  id: "nodes-excluded",
  title: "Excluded nodes",
  check(input) {
    const { facts, moving, options } = input;
    const names = new Set(facts.nodes.map(({ name }) => name));
    const strangers = options.exclude.filter((name) => !names.has(name));
    if (strangers.length > 0) {
      return blocker(
        `--exclude names nodes that are not there: ${someOf(strangers)}`,
        "name them as kubectl get nodes does",
        strangers,
      );
    }
    const left = [...new Set(options.exclude)];
    if (left.length === 0) return withOutside(input, "None is excluded", []);
    if (moving.nodes.length === 0) return blocker("--exclude leaves every node out", "leave at least one to be moved");
    const said = `${counted(left.length, "node")} excluded for now: ${someOf(left)}; until Cilium's agent runs there, pods on ${left.length === 1 ? "it" : "them"} do not reach pods that moved`;
    return withOutside(input, said, left);
  },
};
