import type { HostLeftovers, LeftoverKinds } from "../ports.ts";
import { flannelLeftovers } from "../sources/flannel.ts";
import { done, type RunScope, type RunStep, waiting } from "../step.ts";

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
  acts.add(tried(node));
  await ports.hosts.clean(node, found);
}

/**
 * Nothing of Flannel cleans itself up, and a surviving FLANNEL-POSTRTG hides client addresses from policies for ever
 * (calico#12920). What cannot be removed now is named and goes with the node's next reboot.
 */
export const cleanNodes: RunStep = {
  id: "clean-nodes",
  title: "Clean the nodes of what the old CNI left",
  timeoutMs: 60 * 60_000,
  observe({ nodes, acts }) {
    const left = nodes.filter((node) => !acts.has(clean(node)));
    return Promise.resolve(
      left.length === 0
        ? done
        : { ...waiting(`${left.length} nodes to be cleaned, ${left[0]} first`, "the cleaning"), dueInMs: 0 },
    );
  },
  async apply(scope) {
    const kinds = flannelLeftovers(scope.plan.source);
    for (const node of scope.nodes.filter((name) => !scope.acts.has(clean(name)))) await cleanNode(scope, node, kinds);
  },
  undo: "point-of-no-return",
};
