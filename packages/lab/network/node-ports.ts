import { agentSocket, datapathOf } from "../cni/cilium/datapath.ts";
import { type PodObject, processRuns } from "../cni/kinds.ts";
import { sandboxLink } from "../cni/sandbox-link.ts";
import type { Machine } from "../machine.ts";
import type { Store } from "../objects.ts";
import type { Directory } from "./directory.ts";
import { listens } from "./listening.ts";
import type { Destination } from "./reach.ts";
import { serviceProxy } from "./service-backends.ts";

/** Who answers on a port of a node's own address. */
export type NodeAnswer =
  | { readonly kind: "itself" }
  | { readonly kind: "nobody" }
  | {
      readonly kind: "forwarded";
      readonly to: Destination | "service";
      readonly chain: string;
      readonly port: Destination;
    };

interface NodeView {
  readonly store: Store;
  readonly machine: Machine;
  readonly directory: Directory;
}

const kubeletPort = 10250;
const apiPort = 6443;
const healthPort = 4240;

/** By what runs on the node: kubelet, API server, hostNetwork pods, then node ports and host ports. */
export function nodeAnswers(view: NodeView, to: Destination): NodeAnswer {
  if (to.protocol === "tcp" && ownPorts(view).has(to.port)) return { kind: "itself" };
  // The kernel's own socket of a tunnel: no program could bind beside it.
  if (to.protocol === "udp" && view.machine.udpPorts.has(to.port)) return { kind: "nobody" };
  const pods = view.store.podsOn<PodObject>(view.machine.name).filter(processRuns);
  if (pods.some((pod) => pod.spec.hostNetwork && listens(pod, to))) return { kind: "itself" };
  return behindHostPort(view, pods, to) ?? behindNodePort(view, to) ?? { kind: "nobody" };
}

function behindHostPort({ machine }: NodeView, pods: readonly PodObject[], to: Destination): NodeAnswer | null {
  for (const pod of pods) {
    const port = pod.spec.hostNetwork ? null : hostPort(pod, to);
    const ip = pod.status?.podIP;
    if (port === null || !ip || !keepsHostPorts(machine, pod)) continue;
    return { kind: "forwarded", to: { ...to, ip, port }, chain: "nat/CNI-HOSTPORT-DNAT", port: to };
  }
  return null;
}

function behindNodePort({ machine, directory }: NodeView, to: Destination): NodeAnswer | null {
  if (!serviceProxy(machine) || !directory.nodePortService(to.port)) return null;
  return { kind: "forwarded", to: "service", chain: "nat/KUBE-NODEPORTS", port: to };
}

function ownPorts({ machine, directory }: NodeView): ReadonlySet<number> {
  const ports = new Set([kubeletPort]);
  if (directory.controlPlanes().includes(machine.ip)) ports.add(apiPort);
  if (machine.disk.has(agentSocket)) ports.add(healthPort);
  return ports;
}

function hostPort(pod: PodObject, { port, protocol }: Destination): number | null {
  for (const { ports } of pod.spec.containers) {
    const entry = ports?.find(
      (candidate) => candidate.hostPort === port && (candidate.protocol ?? "TCP").toLowerCase() === protocol,
    );
    if (entry) return entry.containerPort;
  }
  return null;
}

/** A conflist that wires a veth chains portmap, Cilium's does not: there only the kube-proxy replacement serves host ports. */
function keepsHostPorts(machine: Machine, pod: PodObject): boolean {
  const ip = pod.status?.podIP ?? "";
  return (
    (["veth", "cali"] as const).some((kind) => machine.links.has(sandboxLink(kind, ip))) ||
    datapathOf(machine)?.kubeProxyReplacement === true
  );
}
