import type { networkFindings } from "../../engine/model/reasons/findings/network-findings.ts";
import { counted } from "../../engine/model/some-of.ts";
import { type ChecksInWords, either, fewOf, found, inBrackets, listed } from "./found.ts";
import { forMinutes, open, policies, unfitOf } from "./policies-found.ts";

interface Mode {
  readonly source: string;
  readonly version: string;
  readonly mode: string;
}

const setUp = ({ source, version, mode }: Mode) => `${source} ${version || "of unknown version"} with ${mode}`;
const another = "choose another range with --pod-cidr";
const pool = (cidr: string, mask: number) => `${cidr} in /${mask} blocks`;

const namedPolicies = "see what becomes of each with crossfade policies list and crossfade policies explain NAME";

/** As its own tool stops it; an object of another kind by its name alone. */
function pauseCommand(object: string): string {
  const [, kind = "", namespace, name] = /^(\w+) ([^/]+)\/(.+)$/.exec(object) ?? [];
  if (kind === "Application")
    return `kubectl -n ${namespace} annotate application.argoproj.io ${name} argocd.argoproj.io/skip-reconcile=true`;
  if (kind === "Kustomization" || kind === "HelmRelease")
    return `flux -n ${namespace} suspend ${kind.toLowerCase()} ${name}`;
  return object;
}

const paused = (gitOps: readonly string[]) =>
  gitOps.length === 0
    ? ""
    : `; until then suspend it with ${gitOps.map(pauseCommand).join("; ")}, or let the run do so: --freeze-owners`;
const fix = (namespace: string, source: string) => `kubectl -n ${namespace} get pods -o wide, and fix ${source} first`;

/** Checks of the networks: names, and what each finds. */
export const networkWords: ChecksInWords<Omit<typeof networkFindings, "existing-cilium">> = {
  "cidr-disjoint": {
    title: "New pod CIDR does not overlap",
    finds: {
      "pod-cidr-overlaps": ({ cidr, ...used }) => found(`${cidr} overlaps ${fewOf(used)}`, another),
      "pod-cidr-may-overlap": ({ cidr, ...used }) =>
        found(`${cidr} may overlap ${fewOf(used)}`, `make sure that it does not, or ${another}`),
      "pod-cidr-free": ({ cidr }) =>
        found(`${cidr} overlaps no range of the old CNI, no node, pod or Service address, and no range that you named`),
    },
  },
  "cilium-host-ports": {
    title: "Cilium's host ports are free",
    finds: {
      "host-ports-free": ({ ports }) => found(`No pod uses hostPort ${ports.join(", ")}`),
      "host-ports-taken": (ports) =>
        found(
          `${counted(ports.count, "host port")} that Cilium needs on every node ${either(ports, "is", "are")} in use: ${listed(ports)}`,
          "change the hostPort of these pods, or the port of Cilium: --tunnel-port for its overlay, --helm-values FILE for the others",
        ),
    },
  },
  "cni-paths": {
    title: "Pods that mount the CNI directories",
    ok: "Only the CNIs mount the CNI directories of a node",
    finds: {
      "workloads-mount-cni": (workloads) =>
        found(
          `${counted(workloads.count, "workload")} ${either(workloads, "mounts", "mount")} CNI directories of its node, and the old CNI's configuration and bridge are removed there: ${listed(workloads)}`,
          "check that it works on a node without them; a node whose DaemonSets do not become Ready again is held before pods may return",
        ),
    },
  },
  "host-policies": {
    title: "Host policies allow Cilium's own traffic",
    ok: "No host policy stops what Cilium's nodes say to each other",
    finds: {
      "hosts-closed": ({ closed, tunnel, ...hosts }) =>
        found(
          `${counted(hosts.count, "host endpoint")} ${either(hosts, "stops", "stop")} ${closed.join(", ")}, so migrated pods there would be unreachable from other nodes: ${listed(hosts)}`,
          `add rules that allow UDP ${tunnel}, TCP 4240 and ICMP between the nodes, in and out, to a policy that selects them`,
        ),
    },
  },
  "meta-cni": {
    title: "No meta-CNI (Multus, ...) in front",
    ok: "Neither Multus nor the CNI plugin of a service mesh is installed",
    finds: {
      "multus-in-front": ({ workloads }) =>
        found(
          `Multus${inBrackets(workloads)} calls the CNI, and Cilium would rename its configuration: pods would lose their additional networks`,
          "wait for a version that supports Multus; every node uses its configuration, so do not remove it",
        ),
      "mesh-plugin-chained": ({ workloads }) =>
        found(
          `${workloads.join(", ")} chains itself into the CNI configuration, and Cilium would revert that: new pods would bypass the mesh`,
          "have the mesh use init containers instead of its CNI plugin during the migration",
        ),
    },
  },
  mtu: {
    title: "MTU",
    ok: "Pods keep their MTU, or get a larger one",
    finds: {
      "mtu-given": ({ mtu }) => found(`Your values file sets MTU ${mtu}`),
      "mtu-set-by-hand": ({ source, mtu, network }) =>
        found(
          `${source}'s MTU was set by hand to ${mtu}, so Cilium gets MTU: ${network} (that of the network, not of the pods) and does not detect a larger one; another value in your values file takes precedence`,
        ),
      "mtu-smaller-meanwhile": ({ source, bytes }) =>
        found(
          `Cilium takes the smallest MTU of a node's devices: while ${source}'s tunnel device is there, moved pods get up to ${bytes} bytes less than now, and as many as now once it is removed; MTU in a values file (that of the network) keeps it equal throughout. The step prepare tells the MTU of the nodes' network cards and of pods now, and tries full-size packets, before anything is installed`,
        ),
      "mtu-smaller": ({ source, mode, bytes }) =>
        found(
          `Cilium's overlay takes ${bytes} bytes more of each packet than ${source}'s ${mode}, so pods get a smaller MTU`,
          "nothing, unless something in the cluster relies on a fixed MTU",
        ),
    },
  },
  "network-policies": {
    title: "NetworkPolicies",
    ok: "There are no NetworkPolicies",
    finds: {
      "policies-enforced": ({ minutes, ...all }) =>
        found(
          `${policies(all)} which the old CNI's policy engine enforces: source addresses are lost between the two networks, so legitimate traffic may be dropped while nodes move and until the run is finalized (${forMinutes(minutes)})`,
          "export them, remove those that select peers by label, and apply them again after the migration",
        ),
      "policies-not-enforced": ({ source, pods, ...all }) =>
        found(
          `${policies(all)} that ${source} does not enforce: Cilium enforces all of them at once, for ${counted(pods, "pod")}, when the migration is finalized${unfitOf(all)}`,
          "review them before that (crossfade policies list), and try them once nodes are migrated, before you consent to finalize (crossfade policies try)",
        ),
      "policies-open-meanwhile": ({ source, range, pods, minutes, ...all }) =>
        found(
          `${policies(all)} that ${source} enforces: from its node's migration until the run is finalized ${open(pods)} (on the first node for ${forMinutes(minutes)}); on the other nodes they keep their result, as ${range} covers old and new addresses${unfitOf(all)}`,
          namedPolicies,
        ),
      "policies-open-and-blocked": ({ source, pods, minutes, ...all }) =>
        found(
          `${policies(all)} that ${source} enforces: from its node's migration until the run is finalized ${open(pods)} (on the first node for ${forMinutes(minutes)}), and as long they block, on the other nodes, migrated pods that they allow, since no CIDR covers old and new addresses alone${unfitOf(all)}`,
          `choose a range beside the old one with --pod-cidr; ${namedPolicies}`,
        ),
    },
  },
  "pool-capacity": {
    title: "New pod CIDR is large enough",
    finds: {
      "pool-too-small": ({ cidr, mask, pieces, nodes }) =>
        found(
          `${pool(cidr, mask)} serves ${counted(pieces, "node")}, and there are ${nodes}`,
          "choose a wider --pod-cidr, or smaller blocks with --mask-size",
        ),
      "pool-pieces-too-small": ({ mask, pods, count, most }) =>
        found(
          `A /${mask} has ${pods} pod IPs, and ${counted(count, "node")} may run up to ${most} pods`,
          "choose larger blocks: a smaller number for --mask-size",
        ),
      "pool-nearly-full": ({ cidr, mask, count }) =>
        found(
          `${pool(cidr, mask)} leaves room for ${counted(count, "more node")}`,
          "choose a wider --pod-cidr if the cluster will grow",
        ),
      "pool-large-enough": ({ cidr, mask, pieces, pods }) =>
        found(`${pool(cidr, mask)} serves ${pieces} nodes with ${pods} pods each`),
    },
  },
  "service-mesh": {
    title: "Service meshes",
    ok: "No service mesh was found",
    finds: {
      "service-meshes": ({ names }) =>
        found(
          `${names.join(" and ")} is installed: until the end, connections between the two networks arrive with the source IP of a node`,
          "check mesh rules that match by IP; after the first node, check that its pods still reach each other",
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
          fix(namespace, source),
        ),
      "source-pods-missing": ({ workloads, namespace, source, count }) =>
        found(
          `${counted(count, "pod")} of ${workloads.join(", ")} ${either({ count }, "is", "are")} missing or not Ready`,
          fix(namespace, source),
        ),
    },
  },
  "source-namespace": {
    title: "Source CNI namespace",
    finds: {
      "source-namespace-unread": ({ source, namespace, ...keepers }) =>
        found(
          `Namespace ${namespace} is removed with ${source} only if nothing else is in it, and not all of its contents could be listed: ${fewOf(keepers)}`,
          "nothing: they are listed again right before the removal, and the namespace stays if that fails too",
        ),
      "source-namespace-removed": ({ source, namespace }) =>
        found(`Namespace ${namespace} holds nothing but ${source} and is removed with it`),
      "source-namespace-stays": ({ source, namespace }) =>
        found(`Namespace ${namespace} does not belong to ${source} and stays`),
      "source-namespace-kept": ({ source, namespace, ...keepers }) =>
        found(
          `Namespace ${namespace} is not removed with ${source}, because it also holds ${counted(keepers.count, "other object")}: ${listed(keepers)}`,
          "nothing, if it may stay; otherwise move them to another namespace before the run",
        ),
    },
  },
  "source-owner": {
    title: "No GitOps tool or operator manages the old CNI",
    finds: {
      "source-owner-unknown": ({ source }) => found(`No GitOps tool or operator was found to manage ${source}`),
      "source-owned": ({ source, owners, gitOps }) =>
        found(
          `${source} is managed by ${owners.join(" and ")}, which may recreate it after its removal`,
          `remove ${source} from its source of truth before the last step (it may stay until then)${paused(gitOps)}`,
        ),
      "source-owner-frozen": ({ source, owners, gitOps }) =>
        found(
          `${source} is managed by ${owners.join(" and ")}; the run suspends ${gitOps.join(", ")} before it installs Cilium, a rollback puts that back, and after the removal of ${source} it stays suspended`,
          `remove ${source} from its source of truth, then resume it and remove its annotation crossfade/frozen`,
        ),
    },
  },
  "source-supported": {
    title: "Source CNI is supported",
    finds: {
      "source-has-ipv6": ({ source, cidrs }) =>
        found(
          `${source} gives pods IPv6 addresses${inBrackets(cidrs)}, and this version migrates IPv4 only: pods would lose them`,
          "wait for a version that migrates dual-stack clusters",
        ),
      "source-mode-supported": (mode) => found(`${setUp(mode)} is supported`),
      "source-mode-untested": (mode) =>
        found(
          `${setUp(mode)} should work, because its traffic uses the host's routing table, but this version has migrated no real cluster that is set up so`,
          "test it on a copy of the cluster first, and keep encryption in Cilium off until the end",
        ),
      "source-advertises": ({ source, peers }) =>
        found(
          `${source} speaks BGP with ${counted(peers, "peer")} outside the cluster: they know its old pod CIDR alone, and what it announces of pods and Services ends with its removal`,
          "set up Cilium's BGP Control Plane for the new pod CIDR and the Services before the removal",
        ),
      "source-policy-only": ({ source, cni }) =>
        found(
          `${source} only enforces policies here; ${cni} gives pods their addresses, and this version cannot move pods away from it`,
          "keep it, or build a new cluster with Cilium and move the workloads there",
        ),
      "source-datastore": ({ source }) =>
        found(
          `${source} keeps its state in etcd, where its pools and policies cannot be seen`,
          `migrate ${source} to its Kubernetes datastore first, with its own tool`,
        ),
      "source-ebpf": ({ source }) =>
        found(
          `${source} runs its eBPF data plane: its programs on the nodes' interfaces would drop or bypass Cilium's traffic, and there may be no kube-proxy`,
          `switch ${source} to its iptables data plane with kube-proxy running, restart every node, then plan again`,
        ),
      "source-vpp": ({ source }) =>
        found(
          `${source} runs its VPP data plane: pods' packets bypass the kernel, so they would not reach pods on Cilium`,
          "build a new cluster with Cilium and move the workloads there",
        ),
      "source-encrypts": ({ source }) =>
        found(
          `${source} encrypts traffic between nodes with WireGuard: while two overlays run, traffic with pods that were moved would cross in the clear`,
          `set wireguardEnabled: false in its FelixConfiguration, if that is allowed, then plan again; switch Cilium's encryption on at the end`,
        ),
      "source-without-overlay": ({ source }) =>
        found(
          `${source} routes pods without an overlay, by BGP or the network's own routes, which know nothing of Cilium's pod CIDR`,
          `set vxlanMode: CrossSubnet on its IPPools first, and check that pods reach each other, then plan again`,
        ),
    },
  },
  "tunnel-clash": {
    title: "Overlay ports do not clash",
    finds: {
      "tunnel-port-taken": ({ protocol, port, source }) =>
        found(
          `Cilium's ${protocol} on UDP ${port} is also the port of ${source}: whichever starts second would fail`,
          `choose another with --tunnel-port ${port + 1}`,
        ),
      "tunnel-port-usual": ({ protocol, port, of }) =>
        found(`Cilium's ${protocol} on UDP ${port} is the usual port of ${of}`, "choose another with --tunnel-port"),
      "tunnel-port-free": ({ protocol, port, source, used }) =>
        found(
          `Cilium's ${protocol} on UDP ${port} is free (${source} uses ${used.join(", ") || "none"}); it must be open between all nodes: the step prepare tries it with full-size packets from every node before anything is installed, and verify-install tries the tunnel itself before any node is migrated`,
        ),
    },
  },
};
