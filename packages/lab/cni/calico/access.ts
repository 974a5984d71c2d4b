import type { KubeObject } from "../../objects.ts";
import { group } from "./definitions.ts";

const rbac = "rbac.authorization.k8s.io";
const all = ["get", "list", "watch", "create", "update", "patch", "delete"];

/** ServiceAccounts of Calico's that each have a ClusterRole of their name. */
export const accounts = ["calico-kube-controllers", "calico-node", "calico-cni-plugin"] as const;

/** What each may do; the lab's programs do not ask, whoever looks at the roles does. */
const rules: Readonly<Record<string, readonly object[]>> = {
  "calico-kube-controllers": [
    { apiGroups: [""], resources: ["nodes", "pods", "namespaces", "services"], verbs: ["get", "list", "watch"] },
    { apiGroups: [group], resources: ["*"], verbs: all },
  ],
  "calico-node": [
    {
      apiGroups: [""],
      resources: ["nodes", "namespaces", "pods", "services", "endpoints"],
      verbs: ["get", "list", "watch"],
    },
    { apiGroups: [""], resources: ["nodes/status"], verbs: ["patch", "update"] },
    { apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], verbs: ["list", "watch"] },
    { apiGroups: [""], resources: ["serviceaccounts/token"], resourceNames: ["calico-cni-plugin"], verbs: ["create"] },
    { apiGroups: [group], resources: ["*"], verbs: all },
  ],
  "calico-cni-plugin": [
    { apiGroups: [""], resources: ["pods", "nodes", "namespaces"], verbs: ["get"] },
    { apiGroups: [""], resources: ["pods/status"], verbs: ["patch"] },
    { apiGroups: [group], resources: ["*"], verbs: all },
  ],
  "calico-tier-getter": [{ apiGroups: ["projectcalico.org"], resources: ["tiers"], verbs: ["get"] }],
};

type Owners = KubeObject["metadata"]["ownerReferences"];

export function serviceAccount(namespace: string, name: string, ownerReferences?: Owners): KubeObject {
  const metadata = { name, namespace, ...(ownerReferences ? { ownerReferences } : {}) };
  return { apiVersion: "v1", kind: "ServiceAccount", metadata };
}

/** A ClusterRole and its binding; `subject` is the ServiceAccount's name where it is another's. */
export function clusterRole(
  name: string,
  namespace: string,
  more: { subject?: string; owners?: Owners } = {},
): KubeObject[] {
  const { subject = name, owners } = more;
  const metadata = { name, ...(owners ? { ownerReferences: owners } : {}) };
  const subjects =
    name === "calico-tier-getter"
      ? [{ kind: "User", name: "system:kube-controller-manager", apiGroup: rbac }]
      : [{ kind: "ServiceAccount", name: subject, namespace }];
  return [
    { kind: "ClusterRole", apiVersion: `${rbac}/v1`, metadata, rules: rules[name] ?? [] },
    {
      kind: "ClusterRoleBinding",
      apiVersion: `${rbac}/v1`,
      metadata: structuredClone(metadata),
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name },
      subjects,
    },
  ];
}
