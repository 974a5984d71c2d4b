import { selects } from "../label-selector.ts";
import type { KubeObject } from "../objects.ts";
import type { ControlPlane } from "./control-plane.ts";
import type { Service } from "./kinds.ts";
import { identity } from "./object-key.ts";
import { type Endpoint, type EndpointGroup, type EndpointPort, ofService } from "./service-endpoints.ts";

/** A discovery.k8s.io/v1 EndpointSlice. */
export interface EndpointSlice extends KubeObject {
  addressType: "IPv4";
  endpoints: Endpoint[];
  ports: EndpointPort[];
}

const resource = "discovery.k8s.io/endpointslices";
const manager = "endpointslice-controller";
/** Upstream's maxEndpointsPerSlice. */
const perSlice = 100;

/** Writes as many slices as there are groups of ports and hundreds of endpoints; an empty service has one empty slice. */
export function writeEndpointSlices(plane: ControlPlane, service: Service, groups: readonly EndpointGroup[]): void {
  const { store } = plane;
  const { namespace } = identity(service);
  const labels = sliceLabels(service);
  const own = store
    .list<EndpointSlice>(resource, namespace)
    .filter(({ metadata }) => selects({ matchLabels: labels }, metadata.labels));
  const wanted = groups.flatMap(chunks);
  if (!wanted.length) wanted.push({ ports: [], endpoints: [] });
  for (const [place, { ports, endpoints }] of wanted.entries()) {
    const known = own[place];
    const edit = (copy: EndpointSlice) => {
      copy.ports = [...ports];
      copy.endpoints = [...endpoints];
    };
    if (known) store.change<EndpointSlice>(resource, namespace, known.metadata.name, edit, { manager });
    else store.create<EndpointSlice>(resource, freshSlice(plane, service, { ports, endpoints }), { manager });
  }
  for (const { metadata } of own.slice(wanted.length)) store.delete(resource, namespace, metadata.name);
}

function chunks({ ports, endpoints }: EndpointGroup): EndpointGroup[] {
  const count = Math.ceil(endpoints.length / perSlice);
  return Array.from({ length: count }, (_, index) => ({
    ports,
    endpoints: endpoints.slice(index * perSlice, (index + 1) * perSlice),
  }));
}

function sliceLabels(service: Service): Record<string, string> {
  return {
    "kubernetes.io/service-name": service.metadata.name,
    "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
  };
}

function freshSlice({ random }: ControlPlane, service: Service, { ports, endpoints }: EndpointGroup): EndpointSlice {
  const { namespace, name } = identity(service);
  const headless = service.spec.clusterIP === "None" ? { "service.kubernetes.io/headless": "" } : {};
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      name: `${name}-${random.suffix(5)}`,
      generateName: `${name}-`,
      namespace,
      labels: { ...service.metadata.labels, ...headless, ...sliceLabels(service) },
      ownerReferences: ofService(service),
    },
    addressType: "IPv4",
    ports: [...ports],
    endpoints: [...endpoints],
  };
}
