import { agentSocket, datapathOf, isPending } from "../cni/cilium/datapath.ts";
import { ciliumGuard } from "../cni/cilium/policy-guard.ts";
import { type PodObject, processRuns } from "../cni/kinds.ts";
import { sandboxLink } from "../cni/sandbox-link.ts";
import type { Machine } from "../machine.ts";
import type { KubeObject, Store } from "../objects.ts";
import { type Carried, carry, droppedDatagram, lost, type TunnelGate } from "./carry.ts";
import { inCidr } from "./cidr.ts";
import { createDirectory, type Directory } from "./directory.ts";
import { listens } from "./listening.ts";
import { masquerade, outAddress, type SenderKind } from "./masquerade.ts";
import { lookUp } from "./name-lookup.ts";
import { type NodeAnswer, nodeAnswers } from "./node-ports.ts";
import { type Guard, type GuardWorld, type PodPassage, PolicyIndex } from "./policy/guard.ts";
import type { Destination, Network, Reach } from "./reach.ts";
import { ServiceBackends, serviceProxy } from "./service-backends.ts";

/** Somebody who sends: a pod of its own sandbox, or a machine. */
interface Sender {
  readonly machine: Machine;
  readonly kind: SenderKind;
  readonly ip: string;
  /** Unset for a machine that only passes on what came to a port of its own. */
  readonly pod?: PodObject;
  readonly passesOn?: boolean;
}

export interface NetworkWorld {
  readonly store: Store;
  /** By node name; machines may join and leave. */
  readonly machines: ReadonlyMap<string, Machine>;
  /** Who holds policies at the pods of the CNI that the cluster started with. */
  readonly guard?: ((world: GuardWorld) => Guard) | undefined;
}

/** One network for a whole lab: it keeps an index of who bears which address. */
export function createNetwork(world: NetworkWorld): Network {
  const wires = new Wires(world);
  return {
    fromPod: (pod, to) => wires.fromPod(pod, to),
    fromNode: (node, to) => wires.fromNode(node, to),
    resolve: (pod, name) => lookUp(world.store, wires, pod as PodObject, name),
  };
}

class Wires {
  readonly #store: Store;
  readonly #machines: ReadonlyMap<string, Machine>;
  readonly #directory: Directory;
  readonly #backends: ServiceBackends;
  readonly #guards: readonly Guard[];

  constructor({ store, machines, guard }: NetworkWorld) {
    this.#store = store;
    this.#machines = machines;
    this.#directory = createDirectory(store, machines);
    this.#backends = new ServiceBackends(this.#directory);
    const world: GuardWorld = { store, machines, directory: this.#directory, policies: new PolicyIndex(store) };
    this.#guards = [ciliumGuard(world), ...(guard ? [guard(world)] : [])];
  }

  fromNode(node: string, to: Destination): Reach {
    const machine = this.#machines.get(node);
    return machine ? this.#send({ machine, kind: "node", ip: machine.ip }, to) : lost(`there is no node ${node}`);
  }

  fromPod(object: KubeObject, to: Destination): Reach {
    const { namespace = "default", name } = object.metadata;
    const pod = this.#store.get<PodObject>("pods", namespace, name) ?? (object as PodObject);
    const machine = this.#machines.get(pod.spec.nodeName ?? "");
    if (!machine) return lost(`${name} is not on any node`);
    if (pod.spec.hostNetwork) return this.#send({ machine, kind: "node", ip: machine.ip }, to);
    const ip = pod.status?.podIP;
    if (!ip) return lost(`${name} has no address yet`);
    const wired = wiring(machine, ip);
    return wired.ok ? this.#send({ machine, kind: wired.by, ip, pod }, to) : wired;
  }

  #send(sender: Sender, to: Destination): Reach {
    const { machine } = sender;
    if (!machine.up) return lost(`${machine.name} is down`);
    const service = this.#directory.service(to.ip);
    if (!service) return this.#direct(sender, to, []);
    const proxy = serviceProxy(machine);
    if (!proxy) {
      return lost(`nothing translates service addresses on ${machine.name}: kube-proxy has not run since boot`);
    }
    const backend = this.#backends.next(service, to);
    if (!backend) return lost(`connection refused: no ready endpoint behind ${service.metadata.name}:${to.port}`);
    return this.#direct(sender, backend, [proxy === "Cilium" ? "Cilium's service map" : "nat/KUBE-SERVICES"]);
  }

  #direct(sender: Sender, to: Destination, via: readonly string[]): Reach {
    if (to.ip === "127.0.0.1") return lost("connection refused: nothing listens on the loopback address");
    const pod = this.#directory.pod(to.ip);
    if (pod) return this.#toPod(sender, pod, { to, via });
    const machine = this.#directory.machineAt(to.ip);
    if (machine) return this.#toMachine(sender, machine, { to, via });
    const checked = this.#healthEndpoint(to.ip);
    if (checked) return this.#toHealthEndpoint(sender, checked, { to, via });
    return isPublic(to.ip) ? this.#outside(sender, to, via) : lost(`nobody bears the address ${to.ip}`);
  }

  /** The machine whose Cilium has a health endpoint of that address: no pod, and yet in its range. */
  #healthEndpoint(ip: string): Machine | undefined {
    return [...this.#machines.values()].find((machine) => datapathOf(machine)?.healthIp === ip);
  }

  #toPod(sender: Sender, pod: PodObject, { to, via }: Parcel): Reach {
    const { name } = pod.metadata;
    const target = this.#machines.get(pod.spec.nodeName ?? "");
    if (!target) return lost(`the node of ${name} is gone`);
    const wired = wiring(target, to.ip);
    if (!wired.ok) return wired;
    const trip = this.#roundTrip(sender, target, { to, via });
    if (!trip.ok) return trip;
    const held =
      this.#heldLeaving(sender, to, pod) ?? this.#heldArriving(sender, trip, { to, pod, target, by: wired.by });
    if (held) return lost(held);
    if (!processRuns(pod)) return lost(`no process runs in ${name}`);
    return listens(pod, to) ? trip : lost(`connection refused: ${name} does not listen on ${to.port}/${to.protocol}`);
  }

  #toMachine(sender: Sender, machine: Machine, parcel: Parcel): Reach {
    const trip = this.#roundTrip(sender, machine, parcel);
    if (!trip.ok) return trip;
    const held = this.#heldLeaving(sender, parcel.to, null) ?? this.#heldByHost(trip, sender, machine, parcel.to);
    if (held) return lost(held);
    const { bytes } = parcel.to;
    const dropped =
      parcel.to.protocol === "udp" ? droppedDatagram(sender.machine, machine, parcel.to.port, bytes) : null;
    if (dropped) return lost(dropped);
    const answer = nodeAnswers({ store: this.#store, machine, directory: this.#directory }, parcel.to);
    if (answer.kind === "itself") return trip;
    const { port, protocol } = parcel.to;
    if (answer.kind === "nobody")
      return lost(`connection refused: ${machine.name} does not listen on ${port}/${protocol}`);
    return this.#forwarded(machine, answer, trip);
  }

  /** A node port or host port: the node passes the connection on and answers for what lies behind. */
  #forwarded(machine: Machine, answer: Extract<NodeAnswer, { kind: "forwarded" }>, trip: Trip): Reach {
    const service = this.#directory.nodePortService(answer.port.port);
    const ofService = service ? this.#backends.next(service, answer.port) : null;
    const backend = answer.to === "service" ? ofService : answer.to;
    if (!backend) return lost(`connection refused: no ready endpoint behind port ${answer.port.port}`);
    return this.#direct({ machine, kind: "node", ip: machine.ip, passesOn: true }, backend, [
      ...trip.via,
      answer.chain,
    ]);
  }

  /** There with the address that the sender's chains write, and back again. */
  #roundTrip(sender: Sender, target: Machine, { to, via }: Parcel): Reach {
    const there: Carried = carry(sender.machine, target, {
      ip: to.ip,
      gate: this.#gate,
      ...(to.bytes === undefined ? {} : { bytes: to.bytes }),
    });
    if (!there.ok) return there;
    const left = masquerade(sender.machine, sender.kind, sender.ip, to.ip);
    const back = carry(target, sender.machine, { ip: left.source, gate: this.#gate });
    if (!back.ok) return lost(`the answer is lost: ${back.reason}`);
    return { ok: true, via: [...via, ...(left.chain ? [left.chain] : []), ...there.via], source: left.source };
  }

  /** cilium-health's responder behind lxc_health: the agent keeps it alive. */
  #toHealthEndpoint(sender: Sender, target: Machine, parcel: Parcel): Reach {
    const trip = this.#roundTrip(sender, target, parcel);
    if (!trip.ok) return trip;
    const { port, protocol } = parcel.to;
    const serves = protocol === "tcp" && port === healthPort && target.disk.has(agentSocket);
    return serves ? trip : lost(`connection refused: nothing listens on ${port}/${protocol} of ${parcel.to.ip}`);
  }

  /** The lab has no internet; public addresses answer wherever the node's own network is up. */
  #outside(sender: Sender, to: Destination, via: readonly string[]): Reach {
    const left = masquerade(sender.machine, sender.kind, sender.ip, to.ip);
    if (left.source !== outAddress(sender.machine, to.ip))
      return lost(`the answer to ${left.source} does not find its way back`);
    const held = this.#heldLeaving(sender, to, null);
    if (held) return lost(held);
    return { ok: true, via: [...via, ...(left.chain ? [left.chain] : []), "eth0"], source: left.source };
  }

  /** What policies hold back of what leaves the sender, before its address is changed. */
  #heldLeaving({ machine, pod, kind }: Sender, to: Destination, receiver: PodObject | null): string | null {
    if (!pod) return null;
    const { ip: otherIp, port, protocol } = to;
    const home = receiver && this.#machines.get(receiver.spec.nodeName ?? "");
    const isKnown = kind === "cilium" && home?.links.has(sandboxLink("lxc", otherIp)) === true;
    const identity = isKnown ? receiver : null;
    const direction = "Egress" as const;
    return this.#held({ direction, machine, pod, protocol, port, otherIp, identity, isOwnHost: false, receiver });
  }

  /** What policies hold back of what comes to a pod, from the address that it has by then. */
  #heldArriving(sender: Sender, { source }: Trip, { to, pod, target, by }: Arrival): string | null {
    const { port, protocol } = to;
    const isOwnHost = sender.kind === "node" && sender.machine === target && sender.passesOn !== true;
    const isKnown = sender.kind === "cilium" && by === "cilium" && source === sender.ip;
    const identity = (isKnown && sender.pod) || null;
    const direction = "Ingress" as const;
    const receiver = pod;
    return this.#held({
      direction,
      machine: target,
      pod,
      protocol,
      port,
      otherIp: source,
      identity,
      isOwnHost,
      receiver,
    });
  }

  #held(passage: PodPassage): string | null {
    for (const guard of this.#guards) {
      const why = guard.pod(passage);
      if (why !== null) return why;
    }
    return null;
  }

  #heldByHost({ source }: Trip, sender: Sender, machine: Machine, { port, protocol }: Destination): string | null {
    return sender.machine === machine ? null : this.#gate({ machine, from: source, protocol, port });
  }

  /** What a machine does not take for itself: a tunnel's packets as well as those for its own processes. */
  readonly #gate: TunnelGate = (passage) => {
    for (const guard of this.#guards) {
      const why = guard.host?.(passage) ?? null;
      if (why !== null) return why;
    }
    return null;
  };
}

interface Arrival {
  readonly to: Destination;
  readonly pod: PodObject;
  readonly target: Machine;
  readonly by: "source" | "cilium";
}

interface Parcel {
  readonly to: Destination;
  readonly via: readonly string[];
}

type Trip = Extract<Reach, { readonly ok: true }>;

type Wiring = { readonly ok: true; readonly by: "source" | "cilium" } | { readonly ok: false; readonly reason: string };

/** Whether a sandbox is wired at all at this moment, and by whom. */
function wiring(machine: Machine, ip: string): Wiring {
  if (!machine.up) return lost(`${machine.name} is down`);
  const wire = machine.links.get(sandboxLink("veth", ip));
  if (wire) {
    const { master } = wire;
    if (master === undefined || machine.links.has(master)) return { ok: true, by: "source" };
    return lost(`${master} is missing on ${machine.name}`);
  }
  const cali = sandboxLink("cali", ip);
  if (machine.links.has(cali)) return isUnknownWorkload(machine, cali) ?? { ok: true, by: "source" };
  if (!machine.links.has(sandboxLink("lxc", ip))) return lost(`no sandbox on ${machine.name} is wired as ${ip}`);
  return isPending(machine, ip) ? lost(`Cilium has not loaded the programs of ${ip} yet`) : { ok: true, by: "cilium" };
}

/** Chains by which interfaces are known drop the packets of one that has none, until its daemon makes one. */
function isUnknownWorkload({ name, chains }: Machine, wire: string): Wiring | null {
  if (!chains.has("filter/cali-to-wl-dispatch") || chains.has(`filter/cali-tw-${wire}`)) return null;
  return lost(`cali-to-wl-dispatch on ${name} drops packets of ${wire}, an unknown interface`);
}

const healthPort = 4240;

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
