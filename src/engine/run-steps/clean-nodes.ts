import type { HostLeftovers, LeftoverKinds } from "../leftovers.ts";
import { flannelLeftovers } from "../sources/flannel.ts";
import { askingAgain, type RunScope, type RunStep, waiting } from "../step.ts";
import { noOldAddress, recreateOld } from "./check.ts";
import { removeDaemonSet, sourceIsBack } from "./source-back.ts";
import { removeSourceObjects } from "./source-objects.ts";

export const namesOf = ({ links, chains, files }: HostLeftovers): readonly string[] => [
  ...links.map((name) => `link ${name}`),
  ...chains.map((name) => `iptables chain ${name}`),
  ...files.map((name) => `file ${name}`),
];

const clean = (node: string) => `clean ${node}`;
const tried = (node: string) => `tried ${node}`;

async function cleanNode(scope: RunScope, node: string, kinds: LeftoverKinds): Promise<void> {
  const { ports, acts, leftovers } = scope;
  const found = await ports.hosts.leftovers(node, kinds);
  const names = namesOf(found);
  if (names.length === 0) {
    acts.add(clean(node));
    leftovers(node, []);
    return;
  }
  if (acts.has(tried(node))) {
    scope.log("warning", `left on ${node} until its next reboot: ${names.join(", ")}`, node);
    leftovers(node, names);
    acts.add(clean(node));
    return;
  }
  scope.log("info", `removing from ${node}: ${names.join(", ")}`, node);
  await ports.hosts.clean(node, found);
  // Only now: cleaning that an outage broke off is begun again, not given up.
  acts.add(tried(node));
}

/** Pods of an old CNI that is back write their rules while they are removed: what goes wrong then is no fault of the node's. */
async function cleanUnlessBack(scope: RunScope, node: string, kinds: LeftoverKinds): Promise<"cleaned" | "is back"> {
  if (await sourceIsBack(scope)) return "is back";
  try {
    await cleanNode(scope, node, kinds);
    return "cleaned";
  } catch (thrown) {
    if (await sourceIsBack(scope)) return "is back";
    throw thrown;
  }
}

/**
 * Nothing of Flannel cleans itself up, and a surviving FLANNEL-POSTRTG hides client addresses from policies for ever
 * (calico#12920). What cannot be removed now is named and goes with the node's next reboot.
 */
export const cleanNodes: RunStep = {
  id: "clean-nodes",
  title: "Clean the nodes of what the old CNI left",
  timeoutMs: 60 * 60_000,
  async observe(scope) {
    const { nodes, acts } = scope;
    if (await sourceIsBack(scope)) {
      for (const act of nodes.flatMap((node) => [clean(node), tried(node)])) acts.delete(act);
      return askingAgain("the old CNI to go, which somebody brought back", "removing it again");
    }
    const left = nodes.filter((node) => !acts.has(clean(node)));
    if (left.length === 0) return noOldAddress(scope);
    return { ...waiting(`${left.length} nodes to be cleaned, ${left[0]} first`, "the cleaning"), dueInMs: 0 };
  },
  async apply(scope) {
    if (await sourceIsBack(scope)) return removeDaemonSet(scope, "again");
    // Whoever brings the DaemonSet back brings all that belongs to it.
    await removeSourceObjects(scope);
    await recreateOld(scope);
    const kinds = flannelLeftovers(scope.plan.source);
    for (const node of scope.nodes.filter((name) => !scope.acts.has(clean(name)))) {
      if ((await cleanUnlessBack(scope, node, kinds)) === "is back") return;
    }
  },
  undo: "point-of-no-return",
};
