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

/** What the operator makes besides, and the operator itself, which was stopped before. */
function ofOperator(namespace: string): readonly ObjectRef[] {
  const within = (apiVersion: string, kind: string, place: string, name: string) => ({
    apiVersion,
    kind,
    namespace: place,
    name,
  });
  return [
    within("apps/v1", "DaemonSet", namespace, "csi-node-driver"),
    within("apps/v1", "Deployment", namespace, "calico-typha"),
    within("policy/v1", "PodDisruptionBudget", namespace, "calico-typha"),
    within("v1", "Service", namespace, "calico-typha"),
    within("apps/v1", "Deployment", "tigera-operator", "tigera-operator"),
  ];
}

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
