import { selects } from "../label-selector.ts";
import type { KubeObject } from "../objects.ts";
import { type ControlPlane, type Stop, stopAll } from "./control-plane.ts";
import { writeEndpointSlices } from "./endpoint-slices.ts";
import type { Pod, Service } from "./kinds.ts";
import { identity, keyOf, splitKey } from "./object-key.ts";
import { workQueue } from "./queue.ts";
import { type EndpointGroup, endpointGroups } from "./service-endpoints.ts";

/** Lab milliseconds from a pod's readiness to its place in a service. */
const latencyMs = [5, 40] as const;
const manager = "endpoint-controller";

/** Keeps EndpointSlices and, for older readers, Endpoints of every service that has a selector. */
export function startEndpoints(plane: ControlPlane): Stop {
  const { store } = plane;
  const queue = workQueue({ ...plane, latencyMs }, (key) => {
    const service = store.get<Service>("services", ...splitKey(key));
    if (service && !service.metadata.deletionTimestamp) syncService(plane, service);
  });
  const wake = (pod: Pod) => {
    for (const service of store.list<Service>("services", identity(pod).namespace)) {
      if (isSelected(service, pod)) queue.add(keyOf(service));
    }
  };
  return stopAll([
    store.subscribe<Service>("services", ({ type, object }) => {
      if (type !== "DELETED") queue.add(keyOf(object));
      else store.delete("endpoints", identity(object).namespace, object.metadata.name);
    }),
    store.subscribe<Pod>("pods", ({ object, old }) => {
      wake(object);
      if (old && old.metadata.labels !== object.metadata.labels) wake(old);
    }),
    queue.stop,
  ]);
}

function isSelected({ spec }: Service, pod: Pod): boolean {
  return hasSelector(spec) && selects({ matchLabels: spec.selector }, pod.metadata.labels);
}

function hasSelector(spec: Service["spec"]): spec is Service["spec"] & { selector: Record<string, string> } {
  return spec.type !== "ExternalName" && Object.keys(spec.selector ?? {}).length > 0;
}

function syncService(plane: ControlPlane, service: Service): void {
  if (!hasSelector(service.spec)) return;
  const { namespace } = identity(service);
  const pods = plane.pods.selected(namespace, { matchLabels: service.spec.selector });
  const groups = endpointGroups(service, pods);
  writeEndpointSlices(plane, service, groups);
  writeEndpoints(plane, service, groups);
}

interface Endpoints extends KubeObject {
  subsets?: unknown[];
}

function writeEndpoints({ store }: ControlPlane, service: Service, groups: readonly EndpointGroup[]): void {
  const { namespace, name } = identity(service);
  const subsets = groups.map(subsetOf).filter((subset) => subset !== null);
  const edit = (copy: Endpoints) => {
    if (subsets.length) copy.subsets = subsets;
    else delete copy.subsets;
  };
  if (store.change<Endpoints>("endpoints", namespace, name, edit, { manager })) return;
  const metadata = { name, namespace, labels: { ...service.metadata.labels } };
  const fresh = { apiVersion: "v1", kind: "Endpoints", metadata, ...(subsets.length ? { subsets } : {}) };
  store.create<Endpoints>("endpoints", fresh, { manager });
}

/** Terminating pods are in slices only, and not in Endpoints. */
function subsetOf({ ports, endpoints }: EndpointGroup): unknown {
  const present = endpoints.filter(({ conditions }) => conditions.ready || !conditions.terminating);
  const addresses = (ready: boolean) =>
    present
      .filter(({ conditions }) => conditions.ready === ready)
      .map(({ addresses: [ip], nodeName, targetRef }) => ({ ip, ...(nodeName ? { nodeName } : {}), targetRef }));
  const [up, down] = [addresses(true), addresses(false)];
  if (!present.length) return null;
  return {
    ...(up.length ? { addresses: up } : {}),
    ...(down.length ? { notReadyAddresses: down } : {}),
    ports: ports.map(({ name, ...port }) => ({ ...(name ? { name } : {}), ...port })),
  };
}
