import type { KubeObject } from "../../objects.ts";

/** Upstream's schemas are long, and the lab looks into none of them. */
const open = { type: "object", "x-kubernetes-preserve-unknown-fields": true };

interface Names {
  readonly kind: string;
  readonly plural?: string;
  readonly scope?: "Namespaced";
  readonly status?: true;
}

/** Calico's own kinds of version 3.31, in its manifest's order. */
const ofCalico: readonly Names[] = [
  { kind: "BGPConfiguration" },
  { kind: "BGPFilter" },
  { kind: "BGPPeer" },
  { kind: "BlockAffinity", plural: "blockaffinities" },
  { kind: "CalicoNodeStatus", plural: "caliconodestatuses", status: true },
  { kind: "ClusterInformation" },
  { kind: "FelixConfiguration" },
  { kind: "GlobalNetworkPolicy", plural: "globalnetworkpolicies" },
  { kind: "GlobalNetworkSet" },
  { kind: "HostEndpoint" },
  { kind: "IPAMBlock" },
  { kind: "IPAMConfig" },
  { kind: "IPAMHandle" },
  { kind: "IPPool" },
  { kind: "IPReservation" },
  { kind: "KubeControllersConfiguration", status: true },
  { kind: "NetworkPolicy", plural: "networkpolicies", scope: "Namespaced" },
  { kind: "NetworkSet", scope: "Namespaced" },
  { kind: "StagedGlobalNetworkPolicy", plural: "stagedglobalnetworkpolicies" },
  { kind: "StagedKubernetesNetworkPolicy", plural: "stagedkubernetesnetworkpolicies", scope: "Namespaced" },
  { kind: "StagedNetworkPolicy", plural: "stagednetworkpolicies", scope: "Namespaced" },
  { kind: "Tier" },
];

/** Kinds of Kubernetes' own that its manifest brings along. */
const ofKubernetes: readonly Names[] = [
  { kind: "AdminNetworkPolicy", plural: "adminnetworkpolicies", status: true },
  { kind: "BaselineAdminNetworkPolicy", plural: "baselineadminnetworkpolicies", status: true },
];

const ofOperator: readonly Names[] = [
  { kind: "APIServer", status: true },
  { kind: "ImageSet" },
  { kind: "Installation", status: true },
  { kind: "TigeraStatus", plural: "tigerastatuses", status: true },
];

/** Group of Calico's own kinds. */
export const group = "crd.projectcalico.org";

export function calicoDefinitions(): KubeObject[] {
  return [
    ...ofCalico.map((names) => definition(names, { group, version: "v1" })),
    ...ofKubernetes.map((names) => definition(names, { group: "policy.networking.k8s.io", version: "v1alpha1" })),
  ];
}

export function operatorDefinitions(): KubeObject[] {
  return ofOperator.map((names) => definition(names, { group: "operator.tigera.io", version: "v1" }));
}

function definition({ kind, plural, scope, status }: Names, of: { group: string; version: string }): KubeObject {
  const singular = kind.toLowerCase();
  const many = plural ?? `${singular}s`;
  const properties = { apiVersion: { type: "string" }, kind: { type: "string" }, metadata: { type: "object" } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name: `${many}.${of.group}`,
      ...(of.group === "policy.networking.k8s.io"
        ? { annotations: { "api-approved.kubernetes.io": "https://github.com/kubernetes-sigs/network-policy-api" } }
        : {}),
    },
    spec: {
      group: of.group,
      names: { kind, listKind: `${kind}List`, plural: many, singular },
      preserveUnknownFields: false,
      scope: scope ?? "Cluster",
      versions: [
        {
          name: of.version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", properties: { ...properties, spec: open, status: open } } },
          ...(status ? { subresources: { status: {} } } : {}),
        },
      ],
    },
  };
}
