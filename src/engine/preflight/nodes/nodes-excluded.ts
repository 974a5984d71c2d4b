import { virtualMark } from "../../model/cluster/virtual-node.ts";
import { blocker, type Check, type CheckInput, type Finding, few, ok, some, warning } from "../check.ts";

/** Nodes that take no part are named with the reason; one with a machine of its own deserves a look. */
function withOutside({ facts, outside }: CheckInput, excluded: readonly string[]): Finding {
  if (excluded.length === 0 && outside.length === 0) return ok();
  const lines = outside.map(({ name, because }) => `${name} (${because})`);
  const { count, first } = some(lines);
  const found = { ...some(excluded), outside: count, noPart: first };
  const virtual = new Set(facts.nodes.filter((node) => virtualMark(node) !== null).map(({ name }) => name));
  const names = [...excluded, ...lines];
  return outside.every(({ name }) => virtual.has(name))
    ? ok("nodes-excluded", found, names)
    : warning("nodes-outside", found, names);
}

/** A name that was mistyped would let the very node be moved that must not be. */
export const nodesExcluded: Check = {
  id: "nodes-excluded",
  check(input) {
    const { facts, moving, options } = input;
    const names = new Set(facts.nodes.map(({ name }) => name));
    const strangers = options.exclude.filter((name) => !names.has(name));
    if (strangers.length > 0) return blocker("exclude-unknown", few(strangers), strangers);
    const left = [...new Set(options.exclude)];
    if (left.length > 0 && moving.nodes.length === 0) return blocker("exclude-everything", {});
    return withOutside(input, left);
  },
};
