import { someOf } from "../../model/some-of.ts";
import { overlaps, parseCidr } from "../../net/cidr.ts";
import { rangesInUse } from "../../plan/ranges.ts";
import { blocker, type Check, ok, warning } from "../check.ts";

const another = "name another range with --pod-cidr";

/** A pod range that overlaps the nodes' network cuts them off, and no Cilium warns of it (cilium#42383). */
export const cidrDisjoint: Check = {
  id: "cidr-disjoint",
  title: "New pod CIDR does not overlap",
  check({ facts, source, target, options }) {
    const range = parseCidr(target.podCidr);
    if (!range) return blocker(`"${target.podCidr}" is no address range`, another);
    const hits = rangesInUse(facts, source, options.extraCidrs).filter((used) => overlaps(used.range, range));
    const named = (guess: boolean) =>
      hits.filter((hit) => hit.guess === guess).map(({ text, what }) => `${text} (${what})`);
    const sure = named(false);
    if (sure.length > 0) return blocker(`${target.podCidr} overlaps ${someOf(sure)}`, another, sure);
    const perhaps = named(true);
    if (perhaps.length > 0) {
      return warning(
        `${target.podCidr} may overlap ${someOf(perhaps)}`,
        `make sure that it does not, or ${another}`,
        perhaps,
      );
    }
    return ok(
      `${target.podCidr} is apart from every node, pod and service address, and from the ranges that you named`,
    );
  },
};
