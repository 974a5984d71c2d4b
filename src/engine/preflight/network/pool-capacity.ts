import { counted } from "../../model/some-of.ts";
import { parseCidr } from "../../net/cidr.ts";
import { podsIn } from "../../plan/pick-cidr.ts";
import { blocker, type Check, ok, warning } from "../check.ts";

/** A node without a range keeps its agent from starting; a node with too small a range leaves pods without address. */
export const poolCapacity: Check = {
  id: "pool-capacity",
  title: "New pod CIDR is large enough",
  check({ members: facts, target }) {
    const prefix = parseCidr(target.podCidr)?.prefix ?? 32;
    const pieces = target.maskSize < prefix ? 0 : 2 ** (target.maskSize - prefix);
    const pool = `${target.podCidr} in pieces of /${target.maskSize}`;
    if (pieces < facts.nodes.length) {
      return blocker(
        `${pool} serves ${counted(pieces, "node")}, and there are ${facts.nodes.length}`,
        "name a wider --pod-cidr, or smaller pieces with --mask-size",
      );
    }
    const room = podsIn(target.maskSize);
    const tight = facts.nodes.filter(({ allocatablePods }) => allocatablePods > room);
    if (tight.length > 0) {
      const most = Math.max(...tight.map(({ allocatablePods }) => allocatablePods));
      return blocker(
        `A /${target.maskSize} has ${room} pod addresses, and ${counted(tight.length, "node")} may run up to ${most} pods`,
        "name a smaller number with --mask-size",
        tight.map(({ name }) => name),
      );
    }
    if (pieces < facts.nodes.length + 2) {
      return warning(
        `${pool} leaves room for ${counted(pieces - facts.nodes.length, "more node")}`,
        "name a wider --pod-cidr if the cluster will grow",
        [],
      );
    }
    return ok(`${pool} serves ${pieces} nodes with ${room} pods each`);
  },
};
