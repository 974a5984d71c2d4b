import type { LabelSelector } from "../label-selector.ts";
import type { KubeObject } from "../objects.ts";

/** What of a container the lab's programs and network look at. */
export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly ports?: readonly {
    readonly name?: string;
    readonly containerPort: number;
    readonly hostPort?: number;
    readonly protocol?: string;
  }[];
}

export interface PodObject extends KubeObject {
  spec: {
    nodeName?: string;
    hostNetwork?: boolean;
    dnsPolicy?: string;
    containers: ContainerSpec[];
    volumes?: { name: string; configMap?: { name?: string } }[];
  };
  status?: {
    phase?: string;
    podIP?: string;
    hostIP?: string;
    startTime?: string;
    conditions?: { type: string; status: string }[];
    containerStatuses?: { name: string; ready?: boolean; state?: { running?: unknown } }[];
  };
}

export interface Taint {
  key: string;
  value?: string;
  effect: string;
  timeAdded?: string;
}

export interface NodeCondition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastHeartbeatTime?: string;
  lastTransitionTime?: string;
}

export interface NodeObject extends KubeObject {
  spec: { podCIDR?: string; podCIDRs?: string[]; taints?: Taint[]; unschedulable?: boolean };
  status?: {
    addresses?: { type: string; address: string }[];
    conditions?: NodeCondition[];
    nodeInfo?: { bootID?: string; kubeletVersion?: string };
  };
}

export interface ServiceObject extends KubeObject {
  spec: {
    clusterIP?: string;
    type?: string;
    ports?: { name?: string; port: number; targetPort?: number | string; nodePort?: number; protocol?: string }[];
  };
}

export interface EndpointSliceObject extends KubeObject {
  endpoints?: { addresses?: string[]; conditions?: { ready?: boolean; serving?: boolean; terminating?: boolean } }[];
  ports?: { name?: string; port?: number; protocol?: string }[];
}

export interface ConfigMapObject extends KubeObject {
  data?: Record<string, string>;
}

export interface CiliumNodeObject extends KubeObject {
  spec: {
    addresses?: { type: string; ip: string }[];
    ipam?: { podCIDRs?: string[] };
    health?: { ipv4?: string };
    bootid?: string;
  };
  status?: { ipam?: { "operator-status"?: { error?: string } } };
}

export interface CiliumNodeConfigObject extends KubeObject {
  spec: { defaults?: Record<string, string>; nodeSelector?: LabelSelector | null };
}

/** True while a process of the pod runs: a pod that is terminating or not ready still answers. */
export function processRuns(pod: PodObject): boolean {
  const phase = pod.status?.phase;
  if (phase === "Succeeded" || phase === "Failed" || phase === "Pending") return false;
  const containers = pod.status?.containerStatuses;
  return containers === undefined || containers.some(({ state }) => state?.running !== undefined);
}

export function isReady(pod: PodObject): boolean {
  return pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
}

export function internalAddress(node: NodeObject): string | null {
  return node.status?.addresses?.find(({ type }) => type === "InternalIP")?.address ?? null;
}
