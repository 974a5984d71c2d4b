import { cleanNode, forgetAttempt } from "../cleaning/clean-node.ts";
import { cleanersAwaited, nodesAtOnce, reachable } from "../cleaning/cleaner-pods.ts";
import { removeDaemonSet, sourceIsBack } from "../cleaning/source-back.ts";
import { removeSourceObjects } from "../cleaning/source-objects.ts";
import { inParts } from "../model/in-parts.ts";
import { askingAgain, type Observation, waiting } from "../model/observation.ts";
import { firstOf } from "../model/reason.ts";
import type { RunScope, RunStep } from "../model/step.ts";
import { remembered } from "../model/step-memory.ts";
import { mtuProven } from "../observe/mtu-proven.ts";
import { noOldAddress, recreateOld } from "../observe/no-old-address.ts";

const clean = remembered(() => new Set<string>());
const uncleaned = ({ nodes, memory }: RunScope) => nodes.filter((node) => !memory.of(clean).has(node));

/** Pods of an old CNI that is back write their rules while they are removed: what goes wrong then is no fault of the node's. */
async function cleanUnlessBack(scope: RunScope, node: string): Promise<"looked" | "is back"> {
  if (await sourceIsBack(scope)) return "is back";
  try {
    if (await cleanNode(scope, node)) scope.memory.of(clean).add(node);
    return "looked";
  } catch (thrown) {
    if (await sourceIsBack(scope)) return "is back";
    throw thrown;
  }
}

/** Each node is a dozen commands, one after the other; what ends with an error ends the step only once the others are done. */
async function cleanTogether(scope: RunScope, nodes: readonly string[]): Promise<"looked" | "is back"> {
  const ends = await Promise.allSettled(nodes.map((node) => cleanUnlessBack(scope, node)));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return ends.some((end) => end.status === "fulfilled" && end.value === "is back") ? "is back" : "looked";
}

async function toClean(scope: RunScope, left: readonly string[]): Promise<Observation> {
  const now = await reachable(scope, left);
  if (now.length > 0) {
    const [first, more] = firstOf(now);
    return { ...waiting("source-leftovers", { count: left.length, first, more }), dueInMs: 0 };
  }
  return cleanersAwaited(scope, left);
}

/**
 * What the old CNI made outlives it, and a masquerade rule that does hides client addresses from policies for ever. What
 * cannot be removed is named.
 */
export const cleanNodes: RunStep = {
  id: "clean-nodes",
  timeoutMs: 60 * 60_000,
  async observe(scope) {
    const { ports, nodes, memory } = scope;
    if (await sourceIsBack(scope)) {
      for (const node of nodes) {
        memory.of(clean).delete(node);
        forgetAttempt(scope, node);
      }
      return askingAgain(waiting("source-recreated", {}));
    }
    const left = uncleaned(scope);
    if (left.length > 0) return toClean(scope, left);
    const cleaners = (await ports.cleaners.list()).length;
    if (cleaners > 0) return waiting("cleaner-pods-left", { count: cleaners });
    const addresses = await noOldAddress(scope);
    return addresses.done ? mtuProven(scope) : addresses;
  },
  async apply(scope) {
    const { ports, plan, removal } = scope;
    if (await sourceIsBack(scope)) return removeDaemonSet(scope, "again");
    // Whoever brings the DaemonSet back brings all that belongs to it.
    await removeSourceObjects(scope);
    await recreateOld(scope);
    const left = uncleaned(scope);
    if (left.length === 0) return ports.cleaners.stop();
    const { nftImage } = plan.source;
    const folders = removal.leftovers.mounts;
    await ports.cleaners.start({
      image: nftImage ?? plan.options.probeImage,
      of: "source",
      folders,
      nft: nftImage !== null,
    });
    for (const together of inParts(await reachable(scope, left), nodesAtOnce)) {
      if ((await cleanTogether(scope, together)) === "is back") return;
    }
  },
  rollback: "point-of-no-return",
};
