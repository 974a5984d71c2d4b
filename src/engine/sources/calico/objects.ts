import type { ObjectRef } from "../../model/cluster/object-ref.ts";
import type { SourcePlace } from "../source.ts";
import { apiGroup, apiServerNamespace, crdGroup, knownKinds, operatorGroup, tigeraNamespace } from "./kinds.ts";
import { calicoSetup, isByOperator } from "./setup.ts";

const rbac = "rbac.authorization.k8s.io/v1";
const accounts = ["calico-node", "calico-cni-plugin", "calico-kube-controllers"];
const roles = [...accounts, "calico-tier-getter"];

const clusterWide = (apiVersion: string, kind: string, names: readonly string[]): readonly ObjectRef[] =>
  names.map((name) => ({ apiVersion, kind, namespace: null, name }));

/** The CRDs of these names: all objects of theirs go with them. */
const crds = (group: string, plurals: readonly string[]) =>
  clusterWide(
    "apiextensions.k8s.io/v1",
    "CustomResourceDefinition",
    plurals.map((plural) => `${plural}.${group}`),
  );

/** Between the daemons and the API, where there are many nodes or an operator. */
const typha = (namespace: string): readonly ObjectRef[] =>
  [["apps/v1", "Deployment"] as const, ["policy/v1", "PodDisruptionBudget"] as const, ["v1", "Service"] as const].map(
    ([apiVersion, kind]) => ({ apiVersion, kind, namespace, name: "calico-typha" }),
  );

const inNamespace = (
  namespace: string,
  objects: readonly (readonly [apiVersion: string, kind: string, name: string])[],
) => objects.map(([apiVersion, kind, name]): ObjectRef => ({ apiVersion, kind, namespace, name }));

/**
 * Calico's API server, since 3.30 in the operator's namespace, before in its own. The APIService comes first: one that
 * nobody answers any more breaks the discovery of the whole API for kubectl and helm.
 */
const apiServer = (namespace: string, native: boolean): readonly ObjectRef[] => [
  // Where its kinds are CRDs of that group, Kubernetes itself has an APIService of that name, and makes it anew.
  ...(native ? [] : clusterWide("apiregistration.k8s.io/v1", "APIService", ["v3.projectcalico.org"])),
  ...[namespace, apiServerNamespace].flatMap((place) =>
    inNamespace(place, [
      ["apps/v1", "Deployment", "calico-apiserver"],
      ["v1", "Service", "calico-api"],
      ["policy/v1", "PodDisruptionBudget", "calico-apiserver"],
      ["v1", "ServiceAccount", "calico-apiserver"],
    ]),
  ),
];

/** What the operator makes besides, and the operator itself, which was stopped before. */
const ofOperator = (namespace: string, native: boolean): readonly ObjectRef[] => [
  ...apiServer(namespace, native),
  { apiVersion: "apps/v1", kind: "DaemonSet", namespace, name: "csi-node-driver" },
  ...inNamespace(tigeraNamespace, [
    ["apps/v1", "Deployment", tigeraNamespace],
    ["v1", "ServiceAccount", tigeraNamespace],
    ["coordination.k8s.io/v1", "Lease", "operator-lock"],
    [rbac, "RoleBinding", "tigera-operator-secrets"],
  ]),
  ...clusterWide(rbac, "ClusterRoleBinding", operatorRoles),
  ...clusterWide(rbac, "ClusterRole", operatorRoles),
];

/** The operator's own, and those of the API server, which go with its owner as well. */
const operatorRoles = ["tigera-operator", "tigera-operator-secrets", "calico-crds"];

/** Of the operator's kinds; its objects of them have no finalizer left by then. */
const operatorKinds = ["apiservers", "imagesets", "installations", "tigerastatuses"];

/** Those that were seen; every one where nothing was looked at, or nothing could be. */
function kindsOf(own: SourcePlace["own"]): readonly string[] {
  const { served } = calicoSetup({ own });
  const seen = knownKinds.filter((plural) => served.includes(plural));
  return seen.length === 0 ? knownKinds : seen;
}

/**
 * In the order that lost nothing on a real cluster: the daemons and their controllers, what these need, and the CRDs last,
 * without which calico-node gives no pod an address. Kinds of policy.networking.k8s.io are Kubernetes' own and stay.
 */
export function calicoObjects({ namespace, workloads, own, ownsNamespace }: SourcePlace): readonly ObjectRef[] {
  const byOperator = isByOperator({ namespace, own });
  return [
    ...workloads.map((workload) => ({ apiVersion: "apps/v1", ...workload })),
    { apiVersion: "apps/v1", kind: "Deployment", namespace, name: "calico-kube-controllers" },
    { apiVersion: "policy/v1", kind: "PodDisruptionBudget", namespace, name: "calico-kube-controllers" },
    ...(byOperator || calicoSetup({ own }).typha ? typha(namespace) : []),
    ...(byOperator ? ofOperator(namespace, calicoSetup({ own }).native) : []),
    { apiVersion: "v1", kind: "ConfigMap", namespace, name: "calico-config" },
    ...accounts.map((name) => ({ apiVersion: "v1", kind: "ServiceAccount", namespace, name })),
    ...clusterWide(rbac, "ClusterRoleBinding", roles),
    ...clusterWide(rbac, "ClusterRole", roles),
    ...crds(calicoSetup({ own }).native ? apiGroup : crdGroup, kindsOf(own)),
    ...(byOperator ? crds(operatorGroup, operatorKinds) : []),
    // What is found in them when they would go is looked at then, and keeps them.
    ...(byOperator ? clusterWide("v1", "Namespace", [tigeraNamespace, apiServerNamespace]) : []),
    ...(ownsNamespace ? clusterWide("v1", "Namespace", [namespace]) : []),
  ];
}
