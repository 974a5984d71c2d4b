import { plant } from "../../seed/seed-world.ts";
import { isOnCilium, onFirstNode } from "../nodes/first-node.ts";
import type { Scenario } from "../scenario.ts";

/** What the old network needs of a host, and nothing besides. */
const oldPorts = [53, 8472, 4789];

/** A host policy, or a firewall beside the cluster, that was written for the old network. */
export const tunnelDropped: Scenario = {
  name: "tunnel-dropped",
  summary:
    "as soon as Cilium is enabled on the first node, a host policy lets only the old network's tunnel into it: by the old CNI's own kinds, where it has such, else by a firewall",
  answer:
    "Does not uncordon the node: `verify` finds that its pods are not reached from other nodes, and says so; then the node fails and the run stops.",
  options: "Allow the UDP port of Cilium's tunnel in that policy and retry; or roll the node back.",
  begin(stage) {
    const { store, machines, source } = stage;
    onFirstNode(stage, isOnCilium, (name) => {
      const own = source.policyExamples?.host(name, oldPorts);
      if (own) return plant(store, own);
      for (const from of machines.keys())
        if (from !== name) machines.get(name)?.drops.add({ from, butPorts: oldPorts, longerThan: 0 });
    });
  },
};
