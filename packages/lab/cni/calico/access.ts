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
  flannel: [
    { apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch"] },
    { apiGroups: [""], resources: ["nodes/status"], verbs: ["patch"] },
  ],
  "calico-tier-getter": [{ apiGroups: ["projectcalico.org"], resources: ["tiers"], verbs: ["get"] }],
};

/** What an operator writes into the metadata of all that it makes. */
export type Owned = Pick<KubeObject["metadata"], "ownerReferences" | "finalizers">;

export function serviceAccount(namespace: string, name: string, owned: Owned = {}): KubeObject {
  return { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace, ...owned } };
}

/** A ClusterRole and its binding. */
export function clusterRole(name: string, namespace: string, owned: Owned = {}): KubeObject[] {
  const subject =
    name === "calico-tier-getter"
      ? { kind: "User", name: "system:kube-controller-manager", apiGroup: rbac }
      : { kind: "ServiceAccount", name, namespace };
  return [
    { kind: "ClusterRole", apiVersion: `${rbac}/v1`, metadata: { name, ...owned }, rules: rules[name] ?? [] },
    binding(name, name, { subject, owned }),
  ];
}

/** A binding whose role, name and ServiceAccount are called differently. */
export function roleBinding(name: string, role: string, account: { name: string; namespace: string }): KubeObject {
  return binding(name, role, { subject: { kind: "ServiceAccount", ...account }, owned: {} });
}

function binding(name: string, role: string, { subject, owned }: { subject: object; owned: Owned }): KubeObject {
  return {
    kind: "ClusterRoleBinding",
    apiVersion: `${rbac}/v1`,
    metadata: { name, ...owned },
    roleRef: { apiGroup: rbac, kind: "ClusterRole", name: role },
    subjects: [subject],
  };
}
