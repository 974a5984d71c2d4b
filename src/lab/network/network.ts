import { isPending } from "../cni/cilium/datapath.ts";
import { type PodObject, processRuns } from "../cni/kinds.ts";
import { sandboxLink } from "../cni/sandbox-link.ts";
import type { Machine } from "../machine.ts";
import type { KubeObject, Store } from "../objects.ts";
import { type Carried, carry, lost } from "./carry.ts";
import { inCidr } from "./cidr.ts";
import { createDirectory } from "./directory.ts";
import { listens } from "./listening.ts";
import { masquerade, outAddress, type SenderKind } from "./masquerade.ts";
import { lookUp } from "./name-lookup.ts";
import { nodeAnswers } from "./node-ports.ts";
import type { Destination, Network, Reach } from "./reach.ts";
import { ServiceBackends, serviceProxy } from "./service-backends.ts";

/** Somebody who sends: a pod of its own sandbox, or a machine. */
interface Sender {
  readonly machine: Machine;
  readonly kind: SenderKind;
  readonly ip: string;
}

export interface NetworkWorld {
  readonly store: Store;
  /** By node name; machines may join and leave. */
  readonly machines: ReadonlyMap<string, Machine>;
}

/** One network for a whole lab: it keeps an index of who bears which address. */
export function createNetwork({ store, machines }: NetworkWorld): Network {
  const directory = createDirectory(store, machines);
  const backends = new ServiceBackends(directory);

  function send(sender: Sender, to: Destination): Reach {
    if (!sender.machine.up) return lost(`${sender.machine.name} is down`);
    const service = directory.service(to.ip);
    if (service) {
      const proxy = serviceProxy(sender.machine);
      if (!proxy)
        return lost(
          `nothing translates service addresses on ${sender.machine.name}: kube-proxy has not run since boot`,
        );
      const backend = backends.next(service, to);
      if (!backend) return lost(`connection refused: no ready endpoint behind ${service.metadata.name}:${to.port}`);
      return direct(sender, backend, [proxy === "Cilium" ? "Cilium's service map" : "nat/KUBE-SERVICES"]);
    }
    return direct(sender, to, []);
  }

  function direct(sender: Sender, to: Destination, via: readonly string[]): Reach {
    if (to.ip === "127.0.0.1") return lost("connection refused: nothing listens on the loopback address");
    const pod = directory.pod(to.ip);
    if (pod) return toPod(sender, pod, { to, via });
    const machine = directory.machineAt(to.ip);
    if (machine) return toMachine(sender, machine, { to, via });
    return isPublic(to.ip) ? outside(sender, to, via) : lost(`nobody bears the address ${to.ip}`);
  }

  function toPod(sender: Sender, pod: PodObject, { to, via }: Parcel): Reach {
    const target = machines.get(pod.spec.nodeName ?? "");
    if (!target) return lost(`the node of ${pod.metadata.name} is gone`);
    const wired = wiring(target, to.ip);
    if (!wired.ok) return wired;
    const trip = roundTrip(sender, target, { to, via });
    if (!trip.ok) return trip;
    if (!processRuns(pod)) return lost(`no process runs in ${pod.metadata.name}`);
    return listens(pod, to)
      ? trip
      : lost(`connection refused: ${pod.metadata.name} does not listen on ${to.port}/${to.protocol}`);
  }

  function toMachine(sender: Sender, machine: Machine, parcel: Parcel): Reach {
    const trip = roundTrip(sender, machine, parcel);
    if (!trip.ok) return trip;
    const answer = nodeAnswers({ store, machine, directory }, parcel.to);
    if (answer.kind === "itself") return trip;
    if (answer.kind === "nobody")
      return lost(`connection refused: ${machine.name} does not listen on ${parcel.to.port}/${parcel.to.protocol}`);
    return forwarded(machine, answer, trip);
  }

  /** A node port or host port: the node passes the connection on and answers for what lies behind. */
  function forwarded(
    machine: Machine,
    answer: { readonly to: Destination | "service"; readonly chain: string; readonly port: Destination },
    trip: Trip,
  ): Reach {
    const service = directory.nodePortService(answer.port.port);
    const backend = answer.to === "service" ? (service ? backends.next(service, answer.port) : null) : answer.to;
    if (!backend) return lost(`connection refused: no ready endpoint behind port ${answer.port.port}`);
    return direct({ machine, kind: "node", ip: machine.ip }, backend, [...trip.via, answer.chain]);
  }

  function fromPod(object: KubeObject, to: Destination): Reach {
    const pod =
      store.get<PodObject>("pods", object.metadata.namespace ?? "default", object.metadata.name) ??
      (object as PodObject);
    const machine = machines.get(pod.spec.nodeName ?? "");
    if (!machine) return lost(`${pod.metadata.name} is not on any node`);
    if (pod.spec.hostNetwork) return send({ machine, kind: "node", ip: machine.ip }, to);
    const ip = pod.status?.podIP;
    if (!ip) return lost(`${pod.metadata.name} has no address yet`);
    const wired = wiring(machine, ip);
    return wired.ok ? send({ machine, kind: wired.by, ip }, to) : wired;
  }

  return {
    fromPod,
    fromNode(node, to) {
      const machine = machines.get(node);
      return machine ? send({ machine, kind: "node", ip: machine.ip }, to) : lost(`there is no node ${node}`);
    },
    resolve: (pod, name) => lookUp(store, { fromPod }, pod as PodObject, name),
  };
}

interface Parcel {
  readonly to: Destination;
  readonly via: readonly string[];
}

type Trip = Extract<Reach, { readonly ok: true }>;

type Wiring =
  | { readonly ok: true; readonly by: "flannel" | "cilium" }
  | { readonly ok: false; readonly reason: string };

/** Whether a sandbox is wired at all at this moment, and by whom. */
function wiring(machine: Machine, ip: string): Wiring {
  if (!machine.up) return lost(`${machine.name} is down`);
  if (machine.links.has(sandboxLink("flannel", ip))) {
    return machine.links.has("cni0") ? { ok: true, by: "flannel" } : lost(`cni0 is missing on ${machine.name}`);
  }
  if (!machine.links.has(sandboxLink("cilium", ip))) return lost(`no sandbox on ${machine.name} is wired as ${ip}`);
  return isPending(machine, ip) ? lost(`Cilium has not loaded the programs of ${ip} yet`) : { ok: true, by: "cilium" };
}

/** There with the address that the sender's chains write, and back again. */
function roundTrip(sender: Sender, target: Machine, { to, via }: Parcel): Reach {
  const there: Carried = carry(sender.machine, target, to.ip);
  if (!there.ok) return there;
  const left = masquerade(sender.machine, sender.kind, sender.ip, to.ip);
  const back = carry(target, sender.machine, left.source);
  if (!back.ok) return lost(`the answer is lost: ${back.reason}`);
  return { ok: true, via: [...via, ...(left.chain ? [left.chain] : []), ...there.via], source: left.source };
}

/** The lab has no internet; public addresses answer wherever the node's own network is up. */
function outside(sender: Sender, to: Destination, via: readonly string[]): Reach {
  const left = masquerade(sender.machine, sender.kind, sender.ip, to.ip);
  if (left.source !== outAddress(sender.machine, to.ip))
    return lost(`the answer to ${left.source} does not find its way back`);
  return { ok: true, via: [...via, ...(left.chain ? [left.chain] : []), "eth0"], source: left.source };
}

const notPublic = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "224.0.0.0/3",
];

function isPublic(ip: string): boolean {
  return /^\d+\./.test(ip) && !notPublic.some((range) => inCidr(ip, range));
}
