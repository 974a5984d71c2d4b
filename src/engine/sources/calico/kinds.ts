import type { ObjectKind } from "../../model/cluster/source-object.ts";

/** Groups under which Calico's kinds are served: CRDs of its own up to 3.31, the API's own group as CRDs since 3.32. */
export const crdGroup = "crd.projectcalico.org";
export const apiGroup = "projectcalico.org";
export const operatorGroup = "operator.tigera.io";

/** In which the operator puts all that it makes. */
export const operatorNamespace = "calico-system";

/** The operator's own. */
export const tigeraNamespace = "tigera-operator";
/** Of the API server that the operator made before 3.30. */
export const apiServerNamespace = "calico-apiserver";

/** Kinds that are looked into, in either group. */
const looked = [
  "ippools",
  "felixconfigurations",
  "clusterinformations",
  "bgpconfigurations",
  "bgppeers",
  "hostendpoints",
  "globalnetworkpolicies",
  "networkpolicies",
  "networksets",
  "globalnetworksets",
  "tiers",
] as const;

export type CalicoKind = (typeof looked)[number];

export const calicoKinds: readonly ObjectKind[] = [
  ...[apiGroup, crdGroup].flatMap((group) => looked.map((resource) => ({ group, resource }))),
  { group: operatorGroup, resource: "installations" },
];

/** Every kind that its manifests of 3.28 to 3.31 define; all that is in them goes with them, so they go last. */
export const knownKinds: readonly string[] = [
  "bgpconfigurations",
  "bgpfilters",
  "bgppeers",
  "blockaffinities",
  "caliconodestatuses",
  "clusterinformations",
  "felixconfigurations",
  "globalnetworkpolicies",
  "globalnetworksets",
  "hostendpoints",
  "ipamblocks",
  "ipamconfigs",
  "ipamhandles",
  "ippools",
  "ipreservations",
  "kubecontrollersconfigurations",
  "networkpolicies",
  "networksets",
  "stagedglobalnetworkpolicies",
  "stagedkubernetesnetworkpolicies",
  "stagednetworkpolicies",
  "tiers",
];
