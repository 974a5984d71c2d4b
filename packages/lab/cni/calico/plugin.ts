import { createHash } from "node:crypto";
import type { Machine } from "../../machine.ts";
import type { KubeObject, Store } from "../../objects.ts";
import type { CniPlugin } from "../../program.ts";
import { confDir, requireBinary } from "../disk.ts";
import { giveBack, reserveAddress } from "../host-local.ts";
import type { NodeObject, PodObject } from "../kinds.ts";
import { sandboxLink } from "../sandbox-link.ts";
import { endpointCame, endpointWent } from "./endpoints.ts";
import { assign, release } from "./ipam.ts";
import { isServed, resource } from "./kinds.ts";

const failed = 'plugin type="calico" failed (add)';
const network = "k8s-pod-network";

interface Conf {
  readonly plugins?: readonly { readonly ipam?: { readonly type?: string } }[];
}

/** Plugin `calico` with calico-ipam, or with host-local from the node's podCIDR where the configuration says so. */
export function calicoPlugin(store: Store): CniPlugin {
  return {
    type: "calico",
    add(machine, pod, conf) {
      requireBinary(machine, "calico");
      checkDatastore(store, machine);
      const ip = usesHostLocal(conf) ? fromNode(store, machine, pod) : fromBlocks(store, machine, pod);
      const wire = sandboxLink("cali", ip);
      machine.links.set(wire, { name: wire, kind: "veth", address: null, owner: "calico" });
      machine.routes.set(`${ip}/32`, `dev ${wire} scope link`);
      machine.disk.set(resultOf(pod, ip), JSON.stringify({ kind: "cniCacheV1", ifName: "eth0", networkName: network }));
      machine.disk.set("/var/log/calico/cni/cni.log", `[INFO] Calico CNI IPAM assigned addresses ips=[${ip}/32]\n`);
      annotate(store, pod, ip);
      endpointCame(machine, wire);
      return ip;
    },
    del(machine, pod, address) {
      machine.disk.delete(resultOf(pod, address));
      if (!giveBack(machine, network, address, ownerOf(pod))) return;
      if (isServed(store)) release(store, address, handleOf(pod, address));
      unwire(machine, address);
    },
    netnsGone: unwire,
  };
}

function unwire(machine: Machine, address: string): void {
  const wire = sandboxLink("cali", address);
  machine.links.delete(wire);
  if (machine.routes.get(`${address}/32`)?.includes(wire)) machine.routes.delete(`${address}/32`);
  endpointWent(machine, wire);
}

/** The plugin asks the API itself, by a kubeconfig that the daemon's pod wrote. */
function checkDatastore(store: Store, machine: Machine): void {
  if (!machine.disk.has(`${confDir}/calico-kubeconfig`))
    throw new Error(`${failed}: stat ${confDir}/calico-kubeconfig: no such file or directory`);
  const isKnown = isServed(store) && store.get(resource("clusterinformations"), null, "default");
  if (!isKnown) {
    throw new Error(
      `${failed}: error getting ClusterInformation: resource does not exist: ClusterInformation(default) with error: the server could not find the requested resource`,
    );
  }
}

function usesHostLocal(conf: unknown): boolean {
  return (conf as Conf).plugins?.[0]?.ipam?.type === "host-local";
}

function fromNode(store: Store, machine: Machine, pod: KubeObject): string {
  const subnet = store.get<NodeObject>("nodes", null, machine.name)?.spec.podCIDR;
  if (!subnet) throw new Error(`${failed}: no podCidr for node ${machine.name}`);
  return reserveAddress(machine, { network, subnet }, ownerOf(pod));
}

function fromBlocks(store: Store, machine: Machine, pod: KubeObject): string {
  requireBinary(machine, "calico-ipam");
  const { namespace = "default", name, creationTimestamp = "" } = pod.metadata;
  const secondary = { namespace, node: machine.name, pod: name, timestamp: creationTimestamp };
  return assign(store, machine.name, (ip) => ({ handle_id: handleOf(pod, ip), secondary }));
}

function annotate(store: Store, pod: KubeObject, ip: string): void {
  const { namespace = "default", name, uid } = pod.metadata;
  store.change<PodObject>("pods", namespace, name, ({ metadata }) => {
    if (metadata.uid !== uid) return;
    metadata.annotations = {
      ...metadata.annotations,
      "cni.projectcalico.org/containerID": sandboxOf(pod, ip),
      "cni.projectcalico.org/podIP": `${ip}/32`,
      "cni.projectcalico.org/podIPs": `${ip}/32`,
    };
  });
}

/** By which host-local knows whose an address is. */
const ownerOf = ({ metadata }: KubeObject): string => metadata.uid ?? metadata.name;

/** A sandbox's own: a pod that is restarted gets another one. */
const sandboxOf = (pod: KubeObject, ip: string): string =>
  createHash("sha256")
    .update(`${ownerOf(pod)} ${ip}`)
    .digest("hex");

/** What the CNI library keeps of each result, until a DEL reaches the same network. */
const resultOf = (pod: KubeObject, ip: string): string => `/var/lib/cni/results/${network}-${sandboxOf(pod, ip)}-eth0`;

const handleOf = (pod: KubeObject, ip: string): string => `${network}.${sandboxOf(pod, ip)}`;
