import type { Resource, Subresource } from "./resource.ts";

const everyVerb = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

interface Row {
  readonly kind: string;
  readonly plural?: string;
  readonly short?: string;
  readonly categories?: string;
  /** Space-separated: status, scale, or one of `special`. */
  readonly sub?: string;
  readonly cluster?: true;
  readonly verbs?: readonly string[];
  readonly stored?: false;
}

const changing = ["get", "patch", "update"];
/** Subresources that are neither status nor scale. */
const special: Record<string, Subresource> = {
  eviction: { name: "eviction", kind: "Eviction", group: "policy", version: "v1", verbs: ["create"] },
  binding: { name: "binding", kind: "Binding", verbs: ["create"] },
  exec: { name: "exec", kind: "PodExecOptions", verbs: ["create", "get"] },
  attach: { name: "attach", kind: "PodAttachOptions", verbs: ["create", "get"] },
  portforward: { name: "portforward", kind: "PodPortForwardOptions", verbs: ["create", "get"] },
  log: { name: "log", kind: "Pod", verbs: ["get"] },
  finalize: { name: "finalize", kind: "Namespace", verbs: ["update"] },
  token: { name: "token", kind: "TokenRequest", group: "authentication.k8s.io", version: "v1", verbs: ["create"] },
};

const computed = (kind: string, cluster = true): Row => ({
  verbs: ["create"],
  stored: false,
  kind,
  plural: `${kind.toLowerCase()}s`,
  ...(cluster ? { cluster: true as const } : {}),
});

/** Group and version → its kinds, as far as clients of a migration meet them. */
const groups: Record<string, readonly Row[]> = {
  "/v1": [
    { kind: "ConfigMap", short: "cm" },
    { kind: "Endpoints", plural: "endpoints", short: "ep" },
    { kind: "Event", short: "ev" },
    { kind: "LimitRange", short: "limits" },
    { kind: "Namespace", short: "ns", sub: "finalize status", cluster: true },
    { kind: "Node", short: "no", sub: "status", cluster: true },
    { kind: "PersistentVolumeClaim", short: "pvc", sub: "status" },
    { kind: "PersistentVolume", short: "pv", sub: "status", cluster: true },
    { kind: "Pod", short: "po", categories: "all", sub: "attach binding eviction exec log portforward status" },
    { kind: "ReplicationController", short: "rc", categories: "all", sub: "scale status" },
    { kind: "ResourceQuota", short: "quota", sub: "status" },
    { kind: "Secret" },
    { kind: "ServiceAccount", short: "sa", sub: "token" },
    { kind: "Service", short: "svc", categories: "all", sub: "status" },
  ],
  "admissionregistration.k8s.io/v1": [
    { kind: "MutatingWebhookConfiguration", cluster: true },
    { kind: "ValidatingAdmissionPolicy", plural: "validatingadmissionpolicies", sub: "status", cluster: true },
    { kind: "ValidatingAdmissionPolicyBinding", cluster: true },
    { kind: "ValidatingWebhookConfiguration", cluster: true },
  ],
  "apiextensions.k8s.io/v1": [
    {
      kind: "CustomResourceDefinition",
      short: "crd crds",
      categories: "api-extensions",
      sub: "status",
      cluster: true,
    },
  ],
  "apiregistration.k8s.io/v1": [{ kind: "APIService", categories: "api-extensions", sub: "status", cluster: true }],
  "apps/v1": [
    { kind: "ControllerRevision" },
    { kind: "DaemonSet", short: "ds", categories: "all", sub: "status" },
    { kind: "Deployment", short: "deploy", categories: "all", sub: "scale status" },
    { kind: "ReplicaSet", short: "rs", categories: "all", sub: "scale status" },
    { kind: "StatefulSet", short: "sts", categories: "all", sub: "scale status" },
  ],
  "authentication.k8s.io/v1": [computed("SelfSubjectReview"), computed("TokenReview")],
  "authorization.k8s.io/v1": [
    computed("LocalSubjectAccessReview", false),
    computed("SelfSubjectAccessReview"),
    computed("SelfSubjectRulesReview"),
    computed("SubjectAccessReview"),
  ],
  "autoscaling/v2": [{ kind: "HorizontalPodAutoscaler", short: "hpa", categories: "all", sub: "status" }],
  "batch/v1": [
    { kind: "CronJob", short: "cj", categories: "all", sub: "status" },
    { kind: "Job", categories: "all", sub: "status" },
  ],
  "coordination.k8s.io/v1": [{ kind: "Lease" }],
  "discovery.k8s.io/v1": [{ kind: "EndpointSlice" }],
  "events.k8s.io/v1": [{ kind: "Event", short: "ev" }],
  "networking.k8s.io/v1": [
    { kind: "IngressClass", plural: "ingressclasses", cluster: true },
    { kind: "Ingress", plural: "ingresses", short: "ing", sub: "status" },
    { kind: "IPAddress", plural: "ipaddresses", short: "ip", cluster: true },
    { kind: "NetworkPolicy", plural: "networkpolicies", short: "netpol" },
    { kind: "ServiceCIDR", sub: "status", cluster: true },
  ],
  "node.k8s.io/v1": [{ kind: "RuntimeClass", plural: "runtimeclasses", cluster: true }],
  "policy/v1": [{ kind: "PodDisruptionBudget", short: "pdb", sub: "status" }],
  "rbac.authorization.k8s.io/v1": [
    { kind: "ClusterRoleBinding", cluster: true },
    { kind: "ClusterRole", cluster: true },
    { kind: "RoleBinding" },
    { kind: "Role" },
  ],
  "scheduling.k8s.io/v1": [{ kind: "PriorityClass", plural: "priorityclasses", short: "pc", cluster: true }],
  "storage.k8s.io/v1": [
    { kind: "CSIDriver", cluster: true },
    { kind: "CSINode", cluster: true },
    { kind: "StorageClass", plural: "storageclasses", short: "sc", cluster: true },
    { kind: "VolumeAttachment", sub: "status", cluster: true },
  ],
};

function words(list = ""): string[] {
  return list.split(" ").filter(Boolean);
}

function subresource(name: string, kind: string): Subresource {
  if (name === "scale") return { name, kind: "Scale", group: "autoscaling", version: "v1", verbs: changing };
  return special[name] ?? { name, kind, verbs: changing };
}

const replicaPaths = {
  specReplicas: ".spec.replicas",
  statusReplicas: ".status.replicas",
  labelSelector: ".status.selector",
};

function resourceOf(group: string, version: string, row: Row): Resource {
  const plural = row.plural ?? `${row.kind.toLowerCase()}s`;
  const subresources = words(row.sub).map((name) => subresource(name, row.kind));
  const scale = subresources.some(({ name }) => name === "scale") ? replicaPaths : null;
  return {
    name: group ? `${group}/${plural}` : plural,
    group,
    plural,
    singular: row.kind.toLowerCase(),
    kind: row.kind,
    listKind: `${row.kind}List`,
    shortNames: words(row.short),
    categories: words(row.categories),
    namespaced: !row.cluster,
    verbs: row.verbs ?? everyVerb,
    versions: [{ version, served: true, storage: true, schema: null, printerColumns: [], subresources, scale }],
    custom: false,
    stored: row.stored ?? true,
  };
}

/** Every resource that the API has without any CustomResourceDefinition. */
export function builtinResources(): readonly Resource[] {
  return Object.entries(groups).flatMap(([groupVersion, rows]) => {
    const [group = "", version = ""] = groupVersion.split("/");
    return rows.map((row) => resourceOf(group, version, row));
  });
}
