import type { networkFindings } from "../../engine/model/reasons/findings/network-findings.ts";
import { counted } from "../../engine/model/some-of.ts";
import { type ChecksInWords, either, fewOf, found, inBrackets, listed } from "./found.ts";

interface Mode {
  readonly source: string;
  readonly version: string;
  readonly mode: string;
}

const setUp = ({ source, version, mode }: Mode) => `${source} ${version || "of unknown version"} with ${mode}`;
const another = "name another range with --pod-cidr";
const pool = (cidr: string, mask: number) => `${cidr} in pieces of /${mask}`;
const policies = (count: number, kinds: readonly string[]) => `${counted(count, "policy")}${inBrackets(kinds)}`;
const mend = (namespace: string, source: string) =>
  `kubectl -n ${namespace} get pods -o wide, and repair ${source} first`;

/** Checks of the networks: names, and what each finds. */
export const networkWords: ChecksInWords<Omit<typeof networkFindings, "existing-cilium">> = {
  "cidr-disjoint": {
    title: "New pod CIDR does not overlap",
    finds: {
      "pod-cidr-overlaps": ({ cidr, ...used }) => found(`${cidr} overlaps ${fewOf(used)}`, another),
      "pod-cidr-may-overlap": ({ cidr, ...used }) =>
        found(`${cidr} may overlap ${fewOf(used)}`, `make sure that it does not, or ${another}`),
      "pod-cidr-free": ({ cidr }) =>
        found(`${cidr} is apart from every node, pod and service address, and from the ranges that you named`),
    },
  },
  "cilium-host-ports": {
    title: "Cilium's host ports are free",
    finds: {
      "host-ports-free": ({ ports }) => found(`No pod holds one of ${ports.join(", ")}`),
      "host-ports-taken": (ports) =>
        found(
          `${counted(ports.count, "port")} that Cilium opens on every node ${either(ports, "is", "are")} taken: ${listed(ports)}`,
          "give these pods another port, or Cilium: --tunnel-port for its overlay, a file given with --helm-values for the others",
        ),
    },
  },
  "cni-paths": {
    title: "Pods that mount the CNI directories",
    ok: "Nothing but the CNIs mounts the CNI's folders of a node",
    finds: {
      "workloads-mount-cni": (workloads) =>
        found(
          `${counted(workloads.count, "workload")} ${either(workloads, "mounts", "mount")} the CNI's folders of a node, where the old CNI's file and bridge go: ${listed(workloads)}`,
          "see whether it works on a node without them; a node whose DaemonSets do not come back Ready is held before pods may return",
        ),
    },
  },
  "kube-proxy": {
    title: "kube-proxy is running",
    ok: "kube-proxy runs in iptables mode",
    finds: {
      "kube-proxy-built-in": () =>
        found(
          "kube-proxy shows in no object; this distribution runs it inside its own process",
          "make sure that it was not disabled in its configuration",
        ),
      "kube-proxy-missing": () =>
        found(
          "No kube-proxy runs: Cilium would have to replace it at once, and that has cut load balancers off while two overlays run",
          "install kube-proxy first (kubeadm init phase addon kube-proxy); replace it after the migration",
        ),
      "kube-proxy-ipvs": () =>
        found(
          "kube-proxy runs in ipvs mode, in which pods have had trouble to reach node ports beside Cilium",
          "test node ports on the first node; to change the mode interrupts Services, so do that apart from the migration",
        ),
      "kube-proxy-mode-untested": ({ mode }) =>
        found(
          `kube-proxy runs in ${mode} mode, which is untested beside two overlays`,
          "test node ports on the first node; to change the mode interrupts Services, so do that apart from the migration",
        ),
    },
  },
  "meta-cni": {
    title: "No meta-CNI (Multus, ...) in front",
    ok: "Neither Multus nor a mesh's CNI plugin is installed",
    finds: {
      "multus-in-front": ({ workloads }) =>
        found(
          `Multus${inBrackets(workloads)} stands in front of the CNI, and Cilium would rename its configuration: pods would lose their second networks`,
          "wait for a version that knows Multus; its configuration is in use on every node, so do not take it away",
        ),
      "mesh-plugin-chained": ({ workloads }) =>
        found(
          `${workloads.join(", ")} writes itself into the CNI configuration, and Cilium would revert that: new pods would bypass the mesh`,
          "let the mesh use init containers instead of its CNI plugin for the time of the migration",
        ),
    },
  },
  mtu: {
    title: "MTU",
    ok: "Pods keep the packet size that they have, or get a larger one",
    finds: {
      "mtu-given": ({ mtu }) => found(`Your values file sets MTU ${mtu}`),
      "mtu-set-by-hand": ({ source, mtu, network }) =>
        found(
          `${source}'s MTU was set by hand to ${mtu}; Cilium finds its own from the nodes' devices, and may find a larger one`,
          `put MTU: ${network} (the network's, not the pods') in a values file given with --helm-values`,
        ),
      "mtu-smaller": ({ source, mode, bytes }) =>
        found(
          `Cilium's overlay takes ${bytes} bytes more of each packet than ${source}'s ${mode}, so pods get a smaller MTU`,
          "nothing, unless something in the cluster relies on a fixed packet size",
        ),
    },
  },
  "network-policies": {
    title: "NetworkPolicies",
    ok: "There are no NetworkPolicies",
    finds: {
      "policies-enforced": ({ count, kinds }) =>
        found(
          `${policies(count, kinds)}, which the old CNI's policy engine enforces: between the two networks source addresses are lost, so they may drop wanted traffic until the end`,
          "export them, take away what matches pods by label, and apply them again after the migration",
        ),
      "policies-not-enforced": ({ source, count, kinds }) =>
        found(
          `${policies(count, kinds)} that ${source} does not enforce: Cilium enforces all of them at once when the migration is finalized`,
          "read them before that; try them with policyAuditMode: true in a file given with --helm-values",
        ),
    },
  },
  "pod-host-ports": {
    title: "Pods with hostPorts",
    ok: "No pod with an address of its own has a hostPort",
    finds: {
      "pods-with-host-port": (pods) =>
        found(
          `${counted(pods.count, "pod")} ${either(pods, "loses its", "lose their")} hostPort on a node that is on Cilium: ${listed(pods)}`,
          "serve these ports by a NodePort Service or hostNetwork before the move; kube-proxy's replacement brings hostPort back afterwards",
        ),
    },
  },
  "pool-capacity": {
    title: "New pod CIDR is large enough",
    finds: {
      "pool-too-small": ({ cidr, mask, pieces, nodes }) =>
        found(
          `${pool(cidr, mask)} serves ${counted(pieces, "node")}, and there are ${nodes}`,
          "name a wider --pod-cidr, or smaller pieces with --mask-size",
        ),
      "pool-pieces-too-small": ({ mask, pods, count, most }) =>
        found(
          `A /${mask} has ${pods} pod addresses, and ${counted(count, "node")} may run up to ${most} pods`,
          "name a smaller number with --mask-size",
        ),
      "pool-nearly-full": ({ cidr, mask, count }) =>
        found(
          `${pool(cidr, mask)} leaves room for ${counted(count, "more node")}`,
          "name a wider --pod-cidr if the cluster will grow",
        ),
      "pool-large-enough": ({ cidr, mask, pieces, pods }) =>
        found(`${pool(cidr, mask)} serves ${pieces} nodes with ${pods} pods each`),
    },
  },
  "service-mesh": {
    title: "Service meshes",
    ok: "No service mesh was recognised",
    finds: {
      "service-meshes": ({ names }) =>
        found(
          `${names.join(" and ")} is installed: until the end, connections between the two networks arrive with a node's address`,
          "check rules of the mesh that match by address; after the first node look whether its pods still reach each other",
        ),
    },
  },
  "source-healthy": {
    title: "Source CNI is healthy",
    finds: {
      "source-pods-ready": ({ workloads }) => found(`Every pod of ${workloads.join(", ")} on nodes that move is Ready`),
      "source-pods-unready": ({ workloads, namespace, source, ...pods }) =>
        found(
          `${counted(pods.count, "pod")} of ${workloads.join(", ")} ${either(pods, "is", "are")} not Ready: ${listed(pods)}`,
          mend(namespace, source),
        ),
      "source-pods-missing": ({ workloads, namespace, source, count }) =>
        found(
          `${counted(count, "pod")} of ${workloads.join(", ")} ${either({ count }, "is", "are")} missing or not Ready`,
          mend(namespace, source),
        ),
    },
  },
  "source-namespace": {
    title: "Source CNI namespace",
    finds: {
      "source-namespace-unread": ({ source, namespace, ...keepers }) =>
        found(
          `Namespace ${namespace} is removed with ${source} only if it holds nothing of others, and not all of it could be looked at: ${fewOf(keepers)}`,
          "nothing: it is asked again right before the removal, and the namespace stays where that is not answered either",
        ),
      "source-namespace-removed": ({ source, namespace }) =>
        found(`Namespace ${namespace} holds nothing but ${source} and is removed with it`),
      "source-namespace-stays": ({ source, namespace }) =>
        found(`Namespace ${namespace} is not ${source}'s own and stays`),
      "source-namespace-kept": ({ source, namespace, ...keepers }) =>
        found(
          `Namespace ${namespace} is not removed with ${source}, because of ${counted(keepers.count, "thing")} in it: ${listed(keepers)}`,
          "nothing, if it may stay; else move them to another namespace before the run",
        ),
    },
  },
  "source-owner": {
    title: "No GitOps tool or operator manages the old CNI",
    finds: {
      "source-owner-unknown": ({ source }) => found(`No owner of ${source}'s objects was recognised`),
      "source-owned": ({ source, owners }) =>
        found(
          `${source} belongs to ${owners.join(" and ")}, which may bring it back after it is removed`,
          `take ${source} out of that owner's source before the last step (it may stay until then)`,
        ),
    },
  },
  "source-supported": {
    title: "Source CNI is supported",
    finds: {
      "source-has-ipv6": ({ source, cidrs }) =>
        found(
          `${source} gives pods IPv6 addresses${inBrackets(cidrs)}, and this version moves IPv4 only: they would lose them`,
          "wait for a version that moves both families",
        ),
      "source-mode-supported": (mode) => found(`${setUp(mode)} is supported`),
      "source-mode-untested": (mode) =>
        found(
          `${setUp(mode)} should work, because its pods cross the host's routing table, but no one has reported it beside Cilium`,
          "try it on a copy of the cluster first, and keep Cilium's encryption off until the end",
        ),
    },
  },
  "tunnel-clash": {
    title: "Overlay ports do not clash",
    finds: {
      "tunnel-port-taken": ({ protocol, port, source }) =>
        found(
          `Cilium's ${protocol} on UDP ${port} is ${source}'s port too: whichever starts second would fail`,
          `choose another with --tunnel-port ${port + 1}`,
        ),
      "tunnel-port-usual": ({ protocol, port, of }) =>
        found(`Cilium's ${protocol} on UDP ${port} is usually the port of ${of}`, "choose another with --tunnel-port"),
      "tunnel-port-free": ({ protocol, port, source, used }) =>
        found(
          `Cilium's ${protocol} on UDP ${port} is free (${source} uses ${used.join(", ") || "none"}); it must be open between all nodes`,
        ),
    },
  },
};
