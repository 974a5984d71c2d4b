import { parseCidr } from "../../net/cidr.ts";
import { podsIn } from "../../plan/pick-cidr.ts";
import { blocker, type Check, ok, warning } from "../check.ts";

/** A node without a range keeps its agent from starting; a node with too small a range leaves pods without address. */
export const poolCapacity: Check = {
  id: "pool-capacity",
  check({ members: facts, target }) {
    const prefix = parseCidr(target.podCidr)?.prefix ?? 32;
    const pieces = target.maskSize < prefix ? 0 : 2 ** (target.maskSize - prefix);
    const pool = { cidr: target.podCidr, mask: target.maskSize };
    const nodes = facts.nodes.length;
    if (pieces < nodes) return blocker("pool-too-small", { ...pool, pieces, nodes });
    const pods = podsIn(target.maskSize);
    const tight = facts.nodes.filter(({ allocatablePods }) => allocatablePods > pods);
    if (tight.length > 0) {
      const most = Math.max(...tight.map(({ allocatablePods }) => allocatablePods));
      const names = tight.map(({ name }) => name);
      return blocker("pool-pieces-too-small", { mask: target.maskSize, pods, count: names.length, most }, names);
    }
    if (pieces < nodes + 2) return warning("pool-nearly-full", { ...pool, count: pieces - nodes });
    return ok("pool-large-enough", { ...pool, pieces, pods });
  },
};
