import { agentSocket, datapathOf } from "../cni/cilium/datapath.ts";
import { type PodObject, processRuns } from "../cni/kinds.ts";
import { sandboxLink } from "../cni/sandbox-link.ts";
import type { Machine } from "../machine.ts";
import type { Store } from "../objects.ts";
import type { Directory } from "./directory.ts";
import { listens } from "./listening.ts";
import type { Destination } from "./reach.ts";

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
  const pods = view.store.podsOn<PodObject>(view.machine.name).filter(processRuns);
  if (pods.some((pod) => pod.spec.hostNetwork && listens(pod, to))) return { kind: "itself" };
  const behind = pods.find(
    (pod) => !pod.spec.hostNetwork && hostPort(pod, to) !== null && keepsHostPorts(view.machine, pod),
  );
  if (behind?.status?.podIP) {
    const port = hostPort(behind, to) ?? to.port;
    return {
      kind: "forwarded",
      to: { ...to, ip: behind.status.podIP, port },
      chain: "nat/CNI-HOSTPORT-DNAT",
      port: to,
    };
  }
  const proxied =
    view.machine.chains.has("nat/KUBE-SERVICES") || datapathOf(view.machine)?.kubeProxyReplacement === true;
  if (proxied && view.directory.nodePortService(to.port)) {
    return { kind: "forwarded", to: "service", chain: "nat/KUBE-NODEPORTS", port: to };
  }
  return { kind: "nobody" };
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

/** Flannel's configuration chains portmap, Cilium's does not: there only the kube-proxy replacement serves host ports. */
function keepsHostPorts(machine: Machine, pod: PodObject): boolean {
  const ip = pod.status?.podIP ?? "";
  return machine.links.has(sandboxLink("flannel", ip)) || datapathOf(machine)?.kubeProxyReplacement === true;
}
