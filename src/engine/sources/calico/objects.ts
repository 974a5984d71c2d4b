import type { ObjectRef } from "../../model/cluster/object-ref.ts";
import type { SourcePlace } from "../source.ts";
import { apiGroup, crdGroup, knownKinds, operatorGroup, operatorNamespace } from "./kinds.ts";
import { calicoSetup } from "./setup.ts";

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

/** What the operator makes besides, and the operator itself, which was stopped before. */
const ofOperator = (namespace: string): readonly ObjectRef[] => [
  { apiVersion: "apps/v1", kind: "DaemonSet", namespace, name: "csi-node-driver" },
  { apiVersion: "apps/v1", kind: "Deployment", namespace: "tigera-operator", name: "tigera-operator" },
];

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
  // Rights are asked for before it is known how it was installed: the operator has a namespace of its own.
  const byOperator = own === null ? namespace === operatorNamespace : calicoSetup({ own }).install === "operator";
  return [
    ...workloads.map((workload) => ({ apiVersion: "apps/v1", ...workload })),
    { apiVersion: "apps/v1", kind: "Deployment", namespace, name: "calico-kube-controllers" },
    { apiVersion: "policy/v1", kind: "PodDisruptionBudget", namespace, name: "calico-kube-controllers" },
    ...(byOperator || calicoSetup({ own }).typha ? typha(namespace) : []),
    ...(byOperator ? ofOperator(namespace) : []),
    { apiVersion: "v1", kind: "ConfigMap", namespace, name: "calico-config" },
    ...accounts.map((name) => ({ apiVersion: "v1", kind: "ServiceAccount", namespace, name })),
    ...clusterWide(rbac, "ClusterRoleBinding", roles),
    ...clusterWide(rbac, "ClusterRole", roles),
    ...crds(calicoSetup({ own }).native ? apiGroup : crdGroup, kindsOf(own)),
    ...(byOperator ? crds(operatorGroup, operatorKinds) : []),
    ...(ownsNamespace ? clusterWide("v1", "Namespace", [namespace]) : []),
  ];
}
