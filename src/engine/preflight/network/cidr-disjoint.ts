import { overlaps, parseCidr } from "../../net/cidr.ts";
import { rangesInUse } from "../../plan/ranges.ts";
import { blocker, type Check, few, ok, warning } from "../check.ts";

/** A pod range that overlaps the nodes' network cuts them off, and no Cilium warns of it (cilium#42383). */
export const cidrDisjoint: Check = {
  id: "cidr-disjoint",
  check({ facts, source, target, options }) {
    const cidr = target.podCidr;
    const range = parseCidr(cidr);
    if (!range) throw new Error(`a target was chosen with the range "${cidr}"`);
    const hits = rangesInUse(facts, source, options.extraCidrs).filter((used) => overlaps(used.range, range));
    const named = (guess: boolean) =>
      hits.filter((hit) => hit.guess === guess).map(({ text, what }) => `${text} (${what})`);
    const sure = named(false);
    if (sure.length > 0) return blocker("pod-cidr-overlaps", { cidr, ...few(sure) }, sure);
    const perhaps = named(true);
    if (perhaps.length > 0) return warning("pod-cidr-may-overlap", { cidr, ...few(perhaps) }, perhaps);
    return ok("pod-cidr-free", { cidr });
  },
};
