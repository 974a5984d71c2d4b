import type { KubeObject } from "../../objects.ts";
import { truthy } from "../values.ts";
import { type ChartContext, partOf } from "./chart-context.ts";

const group = "rbac.authorization.k8s.io";
const secretsNamespace = "cilium-secrets";

type Rule = Readonly<Record<string, readonly string[]>>;

const read = ["get", "list", "watch"];

function rule(apiGroups: string, resources: string, verbs: readonly string[]): Rule {
  return { apiGroups: [apiGroups], resources: resources.split(" "), verbs };
}

/** Roles and their bindings, in the order in which helm creates them. */
export function accessObjects(context: ChartContext): readonly KubeObject[] {
  const { chart } = context;
  const local = [
    {
      name: "cilium-config-agent",
      namespace: context.namespace,
      account: "cilium",
      rules: [rule("", "configmaps", read)],
    },
    ...(chart.line.secretsNamespace
      ? [
          {
            name: "cilium-tlsinterception-secrets",
            namespace: secretsNamespace,
            account: "cilium",
            rules: [rule("", "secrets", read)],
          },
          {
            name: "cilium-operator-tlsinterception-secrets",
            namespace: secretsNamespace,
            account: "cilium-operator",
            rules: [rule("", "secrets", ["create", "delete", "update", "patch"])],
          },
        ]
      : []),
    ...(chart.line.minor >= 20
      ? [
          {
            name: "cilium-operator-ztunnel",
            namespace: context.namespace,
            account: "cilium-operator",
            rules: [rule("apps", "daemonsets", ["create", "delete", "get", "patch"])],
          },
        ]
      : []),
  ];
  return [
    clusterRole(context, "cilium", agentRules()),
    clusterRole(context, "cilium-operator", operatorRules(context)),
    binding(context, { kind: "ClusterRole", name: "cilium", account: "cilium" }),
    binding(context, { kind: "ClusterRole", name: "cilium-operator", account: "cilium-operator" }),
    ...local.map(({ name, namespace, rules }) => ({
      apiVersion: `${group}/v1`,
      kind: "Role",
      metadata: { name, namespace, labels: partOf(chart) },
      rules,
    })),
    ...local.map(({ name, namespace, account }) => binding(context, { kind: "Role", name, account, namespace })),
  ];
}

function clusterRole({ chart }: ChartContext, name: string, rules: readonly Rule[]): KubeObject {
  return { apiVersion: `${group}/v1`, kind: "ClusterRole", metadata: { name, labels: partOf(chart) }, rules };
}

interface Bound {
  readonly kind: "ClusterRole" | "Role";
  readonly name: string;
  readonly account: string;
  readonly namespace?: string;
}

function binding({ chart, namespace: release }: ChartContext, { kind, name, account, namespace }: Bound): KubeObject {
  return {
    apiVersion: `${group}/v1`,
    kind: `${kind}Binding`,
    metadata: { name, ...(namespace ? { namespace } : {}), labels: partOf(chart) },
    roleRef: { apiGroup: group, kind, name },
    subjects: [{ kind: "ServiceAccount", name: account, namespace: release }],
  };
}

function agentRules(): readonly Rule[] {
  return [
    rule("networking.k8s.io", "networkpolicies", read),
    rule("discovery.k8s.io", "endpointslices", read),
    rule("", "namespaces services pods endpoints nodes", read),
    rule("apiextensions.k8s.io", "customresourcedefinitions", read),
    rule(
      "cilium.io",
      "ciliumendpoints ciliumidentities ciliumnodes ciliumnodeconfigs ciliumnetworkpolicies ciliumclusterwidenetworkpolicies",
      [...read, "create", "update", "patch", "delete"],
    ),
  ];
}

/** The right to delete pods comes and goes with the watcher of unmanaged pods. */
function operatorRules({ values }: ChartContext): readonly Rule[] {
  const watches = truthy(values, "operator.unmanagedPodWatcher.restart");
  return [
    rule("", "pods", watches ? [...read, "delete"] : read),
    rule("", "nodes", ["list", "watch"]),
    rule("", "nodes nodes/status", ["patch"]),
    rule("cilium.io", "ciliumnodes ciliumnodes/status ciliumendpoints ciliumidentities", [
      ...read,
      "create",
      "update",
      "patch",
      "delete",
    ]),
    rule("apiextensions.k8s.io", "customresourcedefinitions", ["create", "get", "list", "watch", "update"]),
    rule("coordination.k8s.io", "leases", ["create", "get", "update"]),
  ];
}
