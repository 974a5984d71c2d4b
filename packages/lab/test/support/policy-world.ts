import { expect } from "vitest";
import { VirtualClock } from "../../clock.ts";
import { felixGuard } from "../../cni/calico/policy/felix-guard.ts";
import { setUpHost } from "../../cni/cilium/agent-routes.ts";
import { loadDatapath } from "../../cni/cilium/datapath.ts";
import type { PodObject } from "../../cni/kinds.ts";
import { sandboxLink } from "../../cni/sandbox-link.ts";
import { createMachine } from "../../kubelet/machine-boot.ts";
import type { Machine } from "../../machine.ts";
import { createNetwork } from "../../network/network.ts";
import type { Network, Reach } from "../../network/reach.ts";
import type { KubeObject } from "../../objects.ts";
import { seededRandom } from "../../random.ts";
import { namespace as namespaceSeed, plant } from "../../seed/seed-world.ts";
import type { ApiStore } from "../../store/api-store.ts";
import { createStore } from "../../store/create-store.ts";

/*
 * Three machines with both networks as they are after Cilium's installation, made by hand: the tables of policies and of source
 * addresses that were seen on a real cluster.
 */

export const nodes = ["node-1", "node-2", "node-3"] as const;
type Node = (typeof nodes)[number];

export let store: ApiStore;
let clock: VirtualClock;
let machines: Map<string, Machine>;
export let network: Network;

const blockOf = (node: Node) => `10.244.${node.at(-1)}.0/26`;
export const tunnelOf = (node: Node) => `10.244.${node.at(-1)}.1`;
const rangeOf = (node: Node) => `10.245.${node.at(-1)}.0/24`;
export const routerOf = (node: Node) => `10.245.${node.at(-1)}.10`;

export function machine(node: Node): Machine {
  const found = machines.get(node);
  if (!found) throw new Error(node);
  return found;
}

/** What Calico and Cilium make on a machine; `native` is ipv4NativeRoutingCIDR. */
function fit(node: Node, native: string | undefined, enforcement: string): void {
  const { links, routes, udpPorts, chains, ipsets } = machine(node);
  const vxlan = { name: "vxlan.calico", kind: "vxlan" as const, address: `${tunnelOf(node)}/32`, owner: "calico" };
  links
    .set("vxlan.calico", vxlan)
    .set("cilium_vxlan", { ...vxlan, name: "cilium_vxlan", address: null, owner: "cilium" });
  udpPorts.set(4789, "vxlan.calico").set(8473, "cilium_vxlan");
  routes.set(blockOf(node), "blackhole proto 80");
  ipsets
    .set("cali40masq-ipam-pools", new Set(["10.244.0.0/16"]))
    .set("cali40all-ipam-pools", new Set(["10.244.0.0/16"]));
  ipsets.set(
    "cali40all-vxlan-net",
    new Set([...machines.values()].map(({ ip }) => ip).filter((ip) => ip !== machine(node).ip)),
  );
  chains.set("filter/cali-FORWARD", []);
  chains.set("filter/cali-INPUT", [
    '-A cali-INPUT -p udp -m comment --comment "cali:a" -m multiport --dports 4789 -m set --match-set cali40all-vxlan-net src -j ACCEPT',
    '-A cali-INPUT -p udp -m comment --comment "cali:b" -m multiport --dports 4789 -j DROP',
  ]);
  chains.set("nat/cali-nat-outgoing", [
    '-A cali-nat-outgoing -m comment --comment "cali:c" -m set --match-set cali40masq-ipam-pools src -m set ! --match-set cali40all-ipam-pools dst -j MASQUERADE',
  ]);
  const own = { podCidrs: [rangeOf(node)], routerIp: routerOf(node), healthIp: `10.245.${node.at(-1)}.11` };
  setUpHost(machine(node), own, native);
  for (const other of nodes) {
    if (other === node) continue;
    routes.set(blockOf(other), `via ${tunnelOf(other)} dev vxlan.calico onlink`).set(rangeOf(other), "cilium_host");
  }
  const tunnel = { protocol: "vxlan", port: 8473, link: "cilium_vxlan" };
  loadDatapath(machine(node), { ...own, tunnel, masquerade: true, kubeProxyReplacement: false, enforcement });
}

export function begin(native?: string, enforcement = "never"): void {
  clock = new VirtualClock();
  store = createStore({ clock, random: seededRandom(1), onFault: (fault) => expect(fault).toBeNull() });
  machines = new Map(nodes.map((node, at) => [node, createMachine(node, `172.18.0.${at + 2}`, seededRandom(at))]));
  for (const node of nodes) fit(node, native, enforcement);
  plant(store, [...namespaceSeed("shop"), ...namespaceSeed("else")]);
  network = createNetwork({ store, machines, guard: felixGuard });
}

export type Half = "calico" | "cilium";
let pods = 0;

/** A pod that runs, with the wire that its network gave it. */
export function pod(half: Half, node: Node, { role = "", namespace = "shop" } = {}): PodObject {
  pods += 1;
  const last = 20 + (pods % 30);
  const ip = half === "calico" ? `10.244.${node.at(-1)}.${last}` : `10.245.${node.at(-1)}.${last}`;
  const wire = sandboxLink(half === "calico" ? "cali" : "lxc", ip);
  machine(node).links.set(wire, { name: wire, kind: "veth", address: null, owner: half });
  if (half === "calico") machine(node).routes.set(`${ip}/32`, wire);
  const ports = [{ name: "web", containerPort: 8080 }, { containerPort: 9090 }, { containerPort: 9095 }];
  const metadata = { name: `p-${pods}`, namespace, labels: { role } };
  const object = {
    apiVersion: "v1",
    kind: "Pod",
    metadata,
    spec: { nodeName: node, containers: [{ name: "c", image: "example.org/c:1", ports }] },
  };
  store.create("pods", object);
  const running = { phase: "Running", podIP: ip, containerStatuses: [{ name: "c", state: { running: {} } }] };
  return store.change<PodObject>(
    "pods",
    namespace,
    metadata.name,
    (copy) => {
      copy.status = running;
    },
    { subresource: "status" },
  ) as PodObject;
}

export const to = (target: PodObject, port = 8080) => ({
  ip: target.status?.podIP ?? "",
  port,
  protocol: "tcp" as const,
});
export const reach = (from: PodObject, target: PodObject, port = 8080): Reach =>
  network.fromPod(from, to(target, port));
export const source = (answer: Reach) => (answer.ok ? answer.source : answer.reason);
export const word = (answer: Reach) => (answer.ok ? "in" : "blocked");

export function policy(spec: object, name = "friends"): void {
  store.create("networking.k8s.io/networkpolicies", {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, namespace: "shop" },
    spec,
  });
}

export const friendsOnly = {
  podSelector: { matchLabels: { role: "guarded" } },
  ingress: [{ from: [{ podSelector: { matchLabels: { role: "friend" } } }] }],
};

const group = "crd.projectcalico.org";

const definition = (kind: string): KubeObject => {
  const plural = kind === "HostEndpoint" ? "hostendpoints" : "globalnetworkpolicies";
  const openAPIV3Schema = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      scope: "Cluster",
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema } }],
    },
  };
};

/** Calico's kinds are served, without their schemas. */
export async function serveCalico(): Promise<void> {
  for (const kind of ["GlobalNetworkPolicy", "HostEndpoint"])
    store.create("apiextensions.k8s.io/customresourcedefinitions", definition(kind));
  await clock.advance(5_000);
}

/** An object of a kind of Calico's. */
export function calico(kind: string, plural: string, name: string, more: object): void {
  store.create(`${group}/${plural}`, {
    apiVersion: `${group}/v1`,
    kind,
    metadata: { name, ...(more as { metadata?: object }).metadata },
    spec: (more as { spec: object }).spec,
  });
}

export const globalPolicy = (name: string, spec: object) =>
  calico("GlobalNetworkPolicy", "globalnetworkpolicies", name, { spec });
