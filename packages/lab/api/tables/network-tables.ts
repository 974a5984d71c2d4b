import type { KubeObject } from "../../objects.ts";
import { type LabelSelector, showSelector } from "./show-selector.ts";
import { age, columns, type TableKind } from "./table-kind.ts";

interface Port {
  readonly name?: string;
  readonly port?: number | null;
  readonly nodePort?: number;
  readonly protocol?: string;
}

interface ServiceView extends KubeObject {
  readonly spec: {
    readonly type?: string;
    readonly clusterIP?: string;
    readonly externalName?: string;
    readonly externalIPs?: readonly string[];
    readonly ports?: readonly Port[];
    readonly selector?: Readonly<Record<string, string>>;
  };
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly { ip?: string; hostname?: string }[] } };
}

/** Services. */
export const serviceTable: TableKind = {
  columns: columns("Name", "Type", "Cluster-IP", "External-IP", "Port(s)", "Age", "wide:Selector"),
  cells(object, context) {
    const service = object as ServiceView;
    const ports = (service.spec.ports ?? []).map(({ port, nodePort, protocol = "TCP" }) =>
      nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`,
    );
    return [
      service.metadata.name,
      service.spec.type ?? "ClusterIP",
      service.spec.clusterIP || "<none>",
      externalAddress(service),
      ports.join(",") || "<none>",
      age(service, context),
      showSelector({ matchLabels: service.spec.selector ?? {} }),
    ];
  },
};

function externalAddress({ spec, status }: ServiceView): string {
  if (spec.type === "ExternalName") return spec.externalName ?? "";
  const given = spec.externalIPs ?? [];
  if (spec.type !== "LoadBalancer") return given.join(",") || "<none>";
  const ingress = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip ?? hostname ?? "");
  return [...ingress, ...given].join(",") || "<pending>";
}

interface SliceView extends KubeObject {
  readonly addressType?: string;
  readonly ports?: readonly Port[];
  readonly endpoints?: readonly { readonly addresses?: readonly string[] }[];
}

/** EndpointSlices; three addresses are shown, then "+ N more...". */
export const endpointSliceTable: TableKind = {
  columns: columns("Name", "AddressType", "Ports", "Endpoints", "Age"),
  cells(object, context) {
    const slice = object as SliceView;
    const ports = (slice.ports ?? []).map(({ port }) => (port == null ? "*" : String(port)));
    const addresses = (slice.endpoints ?? []).flatMap(({ addresses: list = [] }) => list);
    return [
      slice.metadata.name,
      slice.addressType ?? "",
      firstOf(ports, "<unset>"),
      firstOf(addresses, "<unset>"),
      age(slice, context),
    ];
  },
};

interface EndpointsView extends KubeObject {
  readonly subsets?: readonly {
    readonly addresses?: readonly { readonly ip: string }[];
    readonly ports?: readonly Port[];
  }[];
}

/** Endpoints. */
export const endpointsTable: TableKind = {
  columns: columns("Name", "Endpoints", "Age"),
  cells(object, context) {
    const pairs = ((object as EndpointsView).subsets ?? []).flatMap(({ addresses = [], ports = [] }) =>
      addresses.flatMap(({ ip }) => (ports.length > 0 ? ports.map(({ port }) => `${ip}:${port}`) : [ip])),
    );
    return [object.metadata.name, firstOf(pairs, "<none>"), age(object, context)];
  },
};

function firstOf(values: readonly string[], none: string): string {
  if (values.length === 0) return none;
  const shown = values.slice(0, 3).join(",");
  return values.length > 3 ? `${shown} + ${values.length - 3} more...` : shown;
}

interface PolicyView extends KubeObject {
  readonly spec?: { readonly podSelector?: LabelSelector };
}

/** NetworkPolicies. */
export const networkPolicyTable: TableKind = {
  columns: columns("Name", "Pod-Selector", "Age"),
  cells: (object, context) => [
    object.metadata.name,
    showSelector((object as PolicyView).spec?.podSelector),
    age(object, context),
  ],
};
