import type { nodeFindings } from "../../engine/model/reasons/findings/node-findings.ts";
import { counted, someOf } from "../../engine/model/some-of.ts";
import { type ChecksInWords, either, type Few, fewOf, found, inBrackets, listed, type Some } from "./found.ts";

interface Excluded extends Some {
  readonly outside: number;
  readonly noPart: readonly string[];
}

function excluded({ outside, noPart, ...nodes }: Excluded): string {
  const said =
    nodes.count === 0
      ? "None is excluded"
      : `${counted(nodes.count, "node")} excluded for now: ${listed(nodes)}; until Cilium's agent runs there, pods on ${either(nodes, "it", "them")} do not reach pods that moved`;
  if (outside === 0) return said;
  return `${said}; ${counted(outside, "node")} ${outside === 1 ? "takes" : "take"} no part: ${listed({ count: outside, first: noPart })}`;
}

const sum = ({ first, more }: Few) => ({
  count: first.length + more,
});

const operatorRemedy =
  "set operator.tolerations in your values file (--helm-values FILE), or take the taint from two nodes";

/** Checks of the nodes: names, and what each finds. */
export const nodeWords: ChecksInWords<Omit<typeof nodeFindings, "distribution" | "reboot-method">> = {
  autoscaler: {
    title: "No autoscaler or reboot daemon",
    ok: "No autoscaler and no reboot agent was recognised",
    finds: {
      "node-managers-run": ({ workloads }) =>
        found(
          `${workloads.join(", ")} may add, remove or restart nodes during the run`,
          "scale it to zero until the migration is over: kubectl -n NAMESPACE scale deployment NAME --replicas=0",
        ),
    },
  },
  capacity: {
    title: "Capacity while one node is drained",
    ok: "The other nodes have room for the requests of any one node",
    finds: {
      "capacity-short": (nodes) =>
        found(
          `The other nodes have no room for the pods of ${fewOf(nodes)}; what does not fit waits, Pending, until the node is back`,
          "add a node for the time, or scale something down",
        ),
      "only-one-node": () =>
        found(
          "The cluster has one node: everything on it is away while it moves",
          "choose a time in which that can be lived with, or add a node",
        ),
    },
  },
  "cilium-places": {
    title: "Cilium pods can be scheduled",
    ok: "No taint keeps Cilium's agents or its operator away",
    finds: {
      "operator-on-one-node": ({ node }) =>
        found(
          `Of all nodes only ${node} takes the Cilium operator: there is none while that node is moved`,
          operatorRemedy,
        ),
      "operator-without-node": ({ version, ...taints }) => {
        const why =
          taints.first.length === 0 ? "by its nodeSelector, or because they are cordoned" : `for ${fewOf(taints)}`;
        return found(
          `No node takes the operator of Cilium ${version}, ${why}: without it no agent starts`,
          operatorRemedy,
        );
      },
      "nodes-without-agent": ({ taints, more, ...nodes }) =>
        found(
          `${counted(nodes.count, "node")} would get no Cilium agent, because the tolerations in your values lack ${someOf(taints, taints.length, more)}: ${listed(nodes)}`,
          "add them to tolerations in your values file",
        ),
    },
  },
  "control-planes": {
    title: "Control plane stays available",
    ok: "The control plane is not on nodes of this cluster",
    finds: {
      "control-planes-in-turn": ({ count }) => found(`${counted(count, "control plane")}, moved one after the other`),
      "control-planes-not-restarted": ({ count }) => found(`${counted(count, "control plane")}, and none is restarted`),
      "control-plane-single": ({ node }) =>
        found(
          `${node} is the only control plane: the API is away while it restarts, and workloads go on without it`,
          "save etcd first (etcdctl snapshot save), or choose --reboot none",
        ),
      "control-planes-two": () =>
        found(
          "With two control planes etcd has no quorum while one of them restarts: the API is away for that time",
          "save etcd first (etcdctl snapshot save), or choose --reboot none",
        ),
    },
  },
  kernel: {
    title: "Kernel version",
    finds: {
      "kernel-too-old": ({ cilium, needed, ...nodes }) =>
        found(
          `Cilium ${cilium} needs Linux ${needed}, and ${counted(nodes.count, "node")} ${either(nodes, "has", "have")} less: ${listed(nodes)}`,
          needed === "5.10"
            ? "update these nodes, or choose --cilium-version 1.17.18 (kernel 4.19.57)"
            : "update these nodes",
        ),
      "kernel-unknown": ({ needed, ...nodes }) =>
        found(
          `The kernel of ${counted(nodes.count, "node")} is not known: ${listed(nodes)}`,
          `make sure that it is ${needed} or newer`,
        ),
      "kernel-new-enough": ({ needed }) => found(`Every node has Linux ${needed} or newer`),
    },
  },
  "node-contradictions": {
    title: "Node objects are consistent",
    ok: "Addresses, systems and owners of all nodes are the same wherever they are written",
    finds: {
      "nodes-contradict": ({ count, first }) =>
        found(
          `${counted(count, "contradiction")} about nodes: ${first.join("; ")}`,
          "correct the label, the annotation or kubelet's --node-ip: reboots and probes go by name and status; a providerID is never corrected, a node that has another node's must be recreated",
        ),
    },
  },
  "nodes-cordoned": {
    title: "Cordoned nodes",
    ok: "No node is cordoned",
    finds: {
      "nodes-cordoned-by-us": (nodes) =>
        found(`${fewOf(nodes)}: cordoned by an engine of an earlier run; a new run removes the cordon`),
      "nodes-cordoned": (nodes) =>
        found(
          `${counted(nodes.count, "node")} ${either(nodes, "is", "are")} cordoned${inBrackets(nodes.count === 0 ? [] : [listed(nodes)])}, moved like the others, and left cordoned`,
          "uncordon them first if the other nodes need their room: kubectl uncordon NODE",
        ),
    },
  },
  "nodes-excluded": {
    title: "Excluded nodes",
    ok: "None is excluded",
    finds: {
      "exclude-unknown": (names) =>
        found(`--exclude names nodes that are not there: ${fewOf(names)}`, "name them as kubectl get nodes does"),
      "exclude-everything": () => found("--exclude leaves every node out", "leave at least one to be moved"),
      "nodes-excluded": (nodes) => found(excluded(nodes)),
      "nodes-outside": (nodes) =>
        found(
          excluded(nodes),
          "see what gives pods there their addresses; Cilium's agent starts on a Linux node that nothing keeps it from, and takes it over when the run is finalized",
        ),
    },
  },
  "nodes-ready": {
    title: "Nodes are Ready",
    finds: {
      "no-node-to-move": () => found("The cluster has no node to move", "check the context with: kubectl get nodes"),
      "nodes-all-ready": ({ count }) => found(`${counted(count, "node")} Ready`),
      "nodes-unready": (nodes) =>
        found(
          `${counted(nodes.count, "node")} ${either(nodes, "is", "are")} not Ready: ${listed(nodes)}`,
          "repair these nodes, or exclude them for now with --exclude NODE; a Node whose machine is gone for good: kubectl delete node NODE",
        ),
    },
  },
  "own-node": {
    title: "Node that runs Crossfade",
    ok: "Crossfade runs outside of the cluster's nodes",
    finds: {
      "own-node-last": ({ nodes }) => found(`Crossfade runs on ${nodes.join(", ")}, which goes last`),
      "own-node-restarts": ({ nodes }) =>
        found(
          `Crossfade runs on ${nodes.join(", ")}, which goes last; its restart ends the program`,
          "run crossfade again afterwards: it goes on where it was",
        ),
    },
  },
  platform: {
    title: "Node OS and architecture",
    ok: "Every node is Linux on amd64 or arm64",
    finds: {
      "nodes-not-linux": ({ source, ...nodes }) =>
        found(
          `Cilium runs on Linux only, and ${either(sum(nodes), "this node is", "these nodes are")} not Linux: ${fewOf(nodes)}; pods there would not reach pods that moved, and would be cut off when ${source} goes`,
          `leave this cluster on ${source}, or move what runs on these nodes to another cluster first`,
        ),
      "nodes-without-images": (nodes) =>
        found(
          `Cilium has no images for ${either(sum(nodes), "this node", "these nodes")}: ${fewOf(nodes)}`,
          "move what runs there to nodes of amd64 or arm64 first; pods that stay would not reach pods that moved",
        ),
    },
  },
};
