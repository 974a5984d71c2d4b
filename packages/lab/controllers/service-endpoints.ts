import type { KubeObject } from "../objects.ts";
import type { Pod, Service } from "./kinds.ts";
import { identity } from "./object-key.ts";
import { isFinished, isReady, isTerminating } from "./pod-state.ts";

/** One address of a service as discovery.k8s.io/v1 has it. */
export interface Endpoint {
  addresses: string[];
  conditions: { ready: boolean; serving: boolean; terminating: boolean };
  nodeName?: string;
  hostname?: string;
  targetRef: { kind: "Pod"; namespace: string; name: string; uid: string };
}

/** A port as a pod really has it. */
export interface EndpointPort {
  name: string;
  port: number | null;
  protocol: string;
  appProtocol?: string;
}

/** Endpoints that share their ports; a named target port may differ from pod to pod. */
export interface EndpointGroup {
  readonly ports: readonly EndpointPort[];
  readonly endpoints: readonly Endpoint[];
}

/** What a service's pods offer now; finished pods and those without an address do not count. */
export function endpointGroups(service: Service, pods: readonly Pod[]): readonly EndpointGroup[] {
  const groups = new Map<string, { ports: readonly EndpointPort[]; endpoints: Endpoint[] }>();
  for (const pod of pods) {
    const ip = pod.status?.podIP;
    if (!ip || isFinished(pod)) continue;
    const ports = portsOf(service, pod);
    const key = JSON.stringify(ports);
    const group = groups.get(key) ?? { ports, endpoints: [] };
    group.endpoints.push(endpointOf(service, pod, ip));
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** The owner reference that lets endpoints go with their service. */
export function ofService(service: Service): NonNullable<KubeObject["metadata"]["ownerReferences"]> {
  const { name, uid } = identity(service);
  return [{ apiVersion: "v1", kind: "Service", name, uid, controller: true, blockOwnerDeletion: true }];
}

function endpointOf(service: Service, pod: Pod, ip: string): Endpoint {
  const { namespace, name, uid } = identity(pod);
  const terminating = isTerminating(pod);
  const serving = isReady(pod);
  const published = service.spec.publishNotReadyAddresses === true;
  const { nodeName, hostname, subdomain } = pod.spec;
  return {
    addresses: [ip],
    conditions: { ready: published || (serving && !terminating), serving: serving || published, terminating },
    ...(hostname && subdomain === service.metadata.name ? { hostname } : {}),
    ...(nodeName ? { nodeName } : {}),
    targetRef: { kind: "Pod", namespace, name, uid },
  };
}

function portsOf({ spec }: Service, pod: Pod): readonly EndpointPort[] {
  return (spec.ports ?? []).flatMap(({ name = "", port, targetPort = port, protocol = "TCP", appProtocol }) => {
    const number = typeof targetPort === "number" ? targetPort : namedPort(pod, targetPort, protocol);
    return number === null ? [] : [{ name, port: number, protocol, ...(appProtocol ? { appProtocol } : {}) }];
  });
}

function namedPort({ spec }: Pod, name: string, protocol: string): number | null {
  if (/^\d+$/.test(name)) return Number(name);
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always");
  const ports = [...spec.containers, ...sidecars].flatMap((container) => container.ports ?? []);
  return ports.find((port) => port.name === name && (port.protocol ?? "TCP") === protocol)?.containerPort ?? null;
}
