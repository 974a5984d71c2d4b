import {
  type EndpointSliceObject,
  internalAddress,
  type NodeObject,
  type PodObject,
  type ServiceObject,
} from "../cni/kinds.ts";
import type { Machine } from "../machine.ts";
import type { KubeObject, Store } from "../objects.ts";

/** Who bears an address, kept current by watching: the network is asked far more often than anything changes. */
export interface Directory {
  /** The pod of its own sandbox (hostNetwork pods are found on their node) that bears the address. */
  pod(ip: string): PodObject | undefined;
  machineAt(ip: string): Machine | undefined;
  service(clusterIp: string): ServiceObject | undefined;
  nodePortService(port: number): ServiceObject | undefined;
  slices(service: ServiceObject): readonly EndpointSliceObject[];
  /** Addresses of the machines that run the API server. */
  controlPlanes(): readonly string[];
}

/** Lives as long as the store does. */
export function createDirectory(store: Store, machines: ReadonlyMap<string, Machine>): Directory {
  const pods = new Map<string, PodObject>();
  const services = new Map<string, ServiceObject>();
  const nodePorts = new Map<number, ServiceObject>();
  const slices = new Map<string, Map<string, EndpointSliceObject>>();
  const controlPlanes = new Map<string, string>();

  store.subscribe<PodObject>("pods", ({ type, object, old }) => {
    for (const ip of [old?.status?.podIP, object.status?.podIP]) {
      if (ip && pods.get(ip)?.metadata.uid === object.metadata.uid) pods.delete(ip);
    }
    const ip = sandboxAddress(object);
    if (type !== "DELETED" && ip) pods.set(ip, object);
  });
  store.subscribe<ServiceObject>("services", ({ type, object, old }) => {
    for (const [map, key] of [...servicePlaces(old), ...servicePlaces(object)]) {
      if (map === "ip") services.delete(String(key));
      else nodePorts.delete(Number(key));
    }
    if (type === "DELETED") return;
    for (const [map, key] of servicePlaces(object)) {
      if (map === "ip") services.set(String(key), object);
      else nodePorts.set(Number(key), object);
    }
  });
  store.subscribe<EndpointSliceObject>("discovery.k8s.io/endpointslices", ({ type, object }) => {
    const key = sliceKey(object.metadata.namespace, object.metadata.labels?.["kubernetes.io/service-name"]);
    const of = slices.get(key) ?? new Map<string, EndpointSliceObject>();
    slices.set(key, of);
    if (type === "DELETED") of.delete(object.metadata.name);
    else of.set(object.metadata.name, object);
  });
  store.subscribe<NodeObject>("nodes", ({ type, object }) => {
    const address = internalAddress(object);
    const runsApi = object.metadata.labels?.["node-role.kubernetes.io/control-plane"] !== undefined;
    if (type !== "DELETED" && address && runsApi) controlPlanes.set(object.metadata.name, address);
    else controlPlanes.delete(object.metadata.name);
  });

  return {
    pod: (ip) => pods.get(ip),
    machineAt: machineIndex(machines),
    service: (ip) => services.get(ip),
    nodePortService: (port) => nodePorts.get(port),
    slices: ({ metadata }) => [...(slices.get(sliceKey(metadata.namespace, metadata.name))?.values() ?? [])],
    controlPlanes: () => [...controlPlanes.values()],
  };
}

/** Null for pods of the node's own network, and for those whose sandbox is gone. */
function sandboxAddress({ spec, status }: PodObject): string | null {
  const ended = status?.phase === "Succeeded" || status?.phase === "Failed";
  return spec.hostNetwork || ended ? null : (status?.podIP ?? null);
}

function sliceKey(namespace: string | undefined, service: string | undefined): string {
  return `${namespace ?? ""}/${service ?? ""}`;
}

function servicePlaces(service: KubeObject | null): readonly (readonly ["ip" | "port", string | number])[] {
  if (!service) return [];
  const { spec } = service as ServiceObject;
  const ports = (spec.ports ?? []).flatMap(({ nodePort }) => (nodePort ? [["port", nodePort] as const] : []));
  return spec.clusterIP && spec.clusterIP !== "None" ? [["ip", spec.clusterIP], ...ports] : ports;
}

/** Machines join, leave and change their address rarely. */
function machineIndex(machines: ReadonlyMap<string, Machine>): (ip: string) => Machine | undefined {
  const byIp = new Map<string, Machine>();
  return (ip) => {
    const known = byIp.get(ip);
    if (known?.ip === ip && machines.get(known.name) === known) return known;
    byIp.clear();
    for (const machine of machines.values()) byIp.set(machine.ip, machine);
    return byIp.get(ip);
  };
}
