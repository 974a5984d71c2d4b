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
      ? "No node is excluded"
      : `${counted(nodes.count, "node")} excluded: ${listed(nodes)}; until Cilium's agent runs there, pods on ${either(nodes, "it", "them")} cannot reach migrated pods`;
  if (outside === 0) return said;
  return `${said}; ${counted(outside, "node")} ${outside === 1 ? "takes" : "take"} no part in the migration: ${listed({ count: outside, first: noPart })}`;
}

const sum = ({ first, more }: Few) => ({
  count: first.length + more,
});

const onItsOwn = "stop it by its own means until the migration has ended (kured: hold its lock, or end its schedule)";
const operatorRemedy =
  "set operator.tolerations in your values file (--helm-values FILE), or remove the taint from two nodes";

const lookedAtLater =
  "Kernel modules, BTF and sysctls are only seen through a pod: the step prepare looks at every node before anything is installed, and stops there if one lacks what Cilium needs";

/** Checks of the nodes: names, and what each finds. */
export const nodeWords: ChecksInWords<Omit<typeof nodeFindings, "distribution" | "reboot-method">> = {
  autoscaler: {
    title: "No autoscaler or reboot daemon",
    ok: "No autoscaler and no reboot daemon was found",
    finds: {
      "node-managers-run": ({ workloads, scalable }) =>
        found(
          `${workloads.join(", ")} may add, remove or restart nodes during the run`,
          scalable.length === 0
            ? onItsOwn
            : `scale ${scalable.join(", ")} to zero until the migration has ended: kubectl -n NAMESPACE scale deployment NAME --replicas=0; or let the run do so, and put it back: --freeze-owners`,
        ),
      "node-managers-not-frozen": ({ workloads }) =>
        found(`${workloads.join(", ")} cannot be scaled to zero, and may restart nodes during the run`, onItsOwn),
      "node-managers-left-frozen": ({ workloads }) =>
        found(
          `${workloads.join(", ")} was scaled to zero by an earlier run, which did not put it back`,
          "put it back (annotation crossfade/frozen says how many replicas it had), and remove that annotation; or let this run do so at its end: --freeze-owners",
        ),
      "node-managers-frozen": ({ workloads }) =>
        found(`The run scales ${workloads.join(", ")} to zero before it installs Cilium, and puts it back at its end`),
    },
  },
  capacity: {
    title: "Capacity while one node is drained",
    ok: "The other nodes have room for the pod requests of any one node",
    finds: {
      "capacity-short": (nodes) =>
        found(
          `The other nodes have no room for the pods of ${fewOf(nodes)}; what does not fit stays Pending until the node is back`,
          "add a node for now, or scale something down",
        ),
      "only-one-node": () =>
        found(
          "The cluster has one node: everything on it is down while it is migrated",
          "choose a maintenance window, or add a node",
        ),
    },
  },
  "cilium-places": {
    title: "Cilium pods can be scheduled",
    ok: "No taint keeps Cilium's agents or its operator off a node",
    finds: {
      "operator-on-one-node": ({ node }) =>
        found(`The Cilium operator fits only on ${node}: none runs while that node is migrated`, operatorRemedy),
      "operator-without-node": ({ version, ...taints }) => {
        const why =
          taints.first.length === 0
            ? "because of its nodeSelector, or because all are cordoned"
            : `because of ${fewOf(taints)}`;
        return found(
          `The operator of Cilium ${version} fits on no node, ${why}: no agent starts without it`,
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
    ok: "The control plane does not run on nodes of this cluster",
    finds: {
      "control-planes-in-turn": ({ count }) => found(`${counted(count, "control plane")}, migrated one at a time`),
      "control-planes-not-restarted": ({ count }) =>
        found(`${counted(count, "control plane")}, none of which is restarted`),
      "control-plane-single": ({ node }) =>
        found(
          `${node} is the only control plane: the API is down while it restarts; workloads keep running`,
          "take an etcd snapshot first (etcdctl snapshot save), or choose --reboot none",
        ),
      "control-planes-two": () =>
        found(
          "With two control planes etcd has no quorum while one of them restarts: the API is down meanwhile",
          "take an etcd snapshot first (etcdctl snapshot save), or choose --reboot none",
        ),
    },
  },
  kernel: {
    title: "Kernel version",
    finds: {
      "kernel-too-old": ({ cilium, needed, ...nodes }) =>
        found(
          `Cilium ${cilium} needs Linux ${needed}, and ${counted(nodes.count, "node")} ${either(nodes, "has", "have")} an older kernel: ${listed(nodes)}`,
          needed === "5.10"
            ? "update these nodes, or choose --cilium-version 1.17.18 (kernel 4.19.57)"
            : "update these nodes",
        ),
      "kernel-unknown": ({ needed, ...nodes }) =>
        found(
          `The kernel version of ${counted(nodes.count, "node")} is unknown: ${listed(nodes)}`,
          `make sure that it is ${needed} or newer`,
        ),
      "kernel-new-enough": ({ needed }) => found(`Every node has Linux ${needed} or newer. ${lookedAtLater}`),
      "kernel-new-enough-btf-later": ({ needed, cilium }) =>
        found(`Every node has Linux ${needed} or newer. Cilium ${cilium} also needs BTF. ${lookedAtLater}`),
    },
  },
  "node-contradictions": {
    title: "Node objects are consistent",
    ok: "The address, OS and provider of each node are the same wherever they are recorded",
    finds: {
      "nodes-contradict": ({ count, first }) =>
        found(
          `${counted(count, "contradiction")} in Node objects: ${first.join("; ")}`,
          "correct the label, the annotation or kubelet's --node-ip: reboots and probes use name and status; a providerID cannot be corrected, so recreate a node that has the wrong one",
        ),
    },
  },
  "nodes-cordoned": {
    title: "Cordoned nodes",
    ok: "No node is cordoned",
    finds: {
      "nodes-cordoned-by-us": (nodes) =>
        found(`${fewOf(nodes)}: cordoned by an earlier run of Crossfade, which a new run uncordons`),
      "nodes-cordoned": (nodes) =>
        found(
          `${counted(nodes.count, "node")} ${either(nodes, "is", "are")} cordoned${inBrackets(nodes.count === 0 ? [] : [listed(nodes)])}, migrated like the others and left cordoned`,
          "uncordon them first if the other nodes need their capacity: kubectl uncordon NODE",
        ),
    },
  },
  "nodes-excluded": {
    title: "Excluded nodes",
    ok: "No node is excluded",
    finds: {
      "exclude-unknown": (names) =>
        found(`--exclude names nodes that do not exist: ${fewOf(names)}`, "use the names of kubectl get nodes"),
      "exclude-everything": () => found("--exclude excludes every node", "leave at least one node to migrate"),
      "nodes-excluded": (nodes) => found(excluded(nodes)),
      "nodes-outside": (nodes) =>
        found(
          excluded(nodes),
          "check what gives pods there their IPs; Cilium's agent starts on every Linux node it can be scheduled to, and takes over when the run is finalized",
        ),
    },
  },
  "nodes-ready": {
    title: "Nodes are Ready",
    finds: {
      "no-node-to-move": () => found("The cluster has no node to migrate", "check the context with: kubectl get nodes"),
      "nodes-all-ready": ({ count }) => found(`${counted(count, "node")} Ready`),
      "nodes-unready": (nodes) =>
        found(
          `${counted(nodes.count, "node")} ${either(nodes, "is", "are")} not Ready: ${listed(nodes)}`,
          "repair these nodes, or exclude them with --exclude NODE; delete a Node whose machine is gone for good: kubectl delete node NODE",
        ),
    },
  },
  "own-node": {
    title: "Node that runs Crossfade",
    ok: "Crossfade runs on none of the cluster's nodes",
    finds: {
      "own-node-last": ({ nodes }) => found(`Crossfade runs on ${nodes.join(", ")}, which is migrated last`),
      "own-node-restarts": ({ nodes }) =>
        found(
          `Crossfade runs on ${nodes.join(", ")}, which is migrated last; its restart ends the program`,
          "run crossfade again afterwards: it resumes the run",
        ),
    },
  },
  platform: {
    title: "Node OS and architecture",
    ok: "Every node is Linux on amd64 or arm64",
    finds: {
      "nodes-not-linux": ({ source, ...nodes }) =>
        found(
          `Cilium runs on Linux only, and ${either(sum(nodes), "this node is", "these nodes are")} not Linux: ${fewOf(nodes)}; pods there could not reach migrated pods, and would lose their network when ${source} is removed`,
          `keep this cluster on ${source}, or move the workloads of these nodes to another cluster first`,
        ),
      "nodes-without-images": (nodes) =>
        found(
          `Cilium has no images for ${either(sum(nodes), "this node", "these nodes")}: ${fewOf(nodes)}`,
          "move the workloads to amd64 or arm64 nodes first; pods that stay could not reach migrated pods",
        ),
    },
  },
};
