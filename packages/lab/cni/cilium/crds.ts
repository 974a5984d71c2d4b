import type { KubeObject } from "../../objects.ts";

type Schema = Readonly<Record<string, unknown>>;

const text: Schema = { type: "string" };
const whole: Schema = { type: "integer", format: "int64" };
const list = (items: Schema): Schema => ({ type: "array", items });
const map = (values: Schema): Schema => ({ type: "object", additionalProperties: values });
const shape = (properties: Readonly<Record<string, Schema>>, required?: readonly string[]): Schema =>
  required ? { type: "object", properties, required } : { type: "object", properties };
/** Parts of upstream's schema that the lab does not look into. */
const open: Schema = { type: "object", "x-kubernetes-preserve-unknown-fields": true };

const selector = shape({
  matchLabels: map(text),
  matchExpressions: list(
    shape(
      { key: text, operator: { type: "string", enum: ["In", "NotIn", "Exists", "DoesNotExist"] }, values: list(text) },
      ["key", "operator"],
    ),
  ),
});

interface Column {
  readonly name: string;
  readonly jsonPath: string;
  readonly type: string;
  readonly description?: string;
  readonly priority?: number;
}

interface Definition {
  readonly kind: string;
  readonly plural: string;
  readonly scope: "Cluster" | "Namespaced";
  readonly shortNames: readonly string[];
  readonly properties: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly columns?: readonly Column[];
  readonly status?: true;
}

const age: Column = { name: "Age", jsonPath: ".metadata.creationTimestamp", type: "date" };

const ciliumNode: Definition = {
  kind: "CiliumNode",
  plural: "ciliumnodes",
  scope: "Cluster",
  shortNames: ["cn", "ciliumn"],
  status: true,
  required: ["metadata", "spec"],
  columns: [
    {
      name: "CiliumInternalIP",
      jsonPath: '.spec.addresses[?(@.type=="CiliumInternalIP")].ip',
      type: "string",
      description: "Cilium internal IP for this node",
    },
    {
      name: "InternalIP",
      jsonPath: '.spec.addresses[?(@.type=="InternalIP")].ip',
      type: "string",
      description: "IP of the node",
    },
    age,
  ],
  properties: {
    spec: shape({
      addresses: list(shape({ type: text, ip: text })),
      alibabaCloud: open,
      azure: open,
      bootid: text,
      encryption: shape({ key: { type: "integer" } }),
      eni: open,
      health: shape({ ipv4: text, ipv6: text }),
      ingress: shape({ ipV4: text, ipV6: text }),
      "instance-id": text,
      ipam: shape({
        podCIDRs: list(text),
        pool: map(open),
        pools: open,
        "max-allocate": { type: "integer" },
        "min-allocate": { type: "integer" },
        "pre-allocate": { type: "integer" },
      }),
      nodeidentity: whole,
    }),
    status: shape({
      "alibaba-cloud": open,
      azure: open,
      eni: open,
      ipam: shape({ "operator-status": shape({ error: text }), used: map(open), "release-ips": map(text) }),
    }),
  },
};

const enforcement = shape(
  {
    enforcing: { type: "boolean" },
    state: text,
    allowed: list(open),
    denied: list(open),
    adding: list(open),
    removing: list(open),
  },
  ["enforcing"],
);

const ciliumEndpoint: Definition = {
  kind: "CiliumEndpoint",
  plural: "ciliumendpoints",
  scope: "Namespaced",
  shortNames: ["cep", "ciliumep"],
  columns: [
    { name: "Security Identity", jsonPath: ".status.identity.id", type: "integer", description: "Security Identity" },
    { name: "Ingress Enforcement", jsonPath: ".status.policy.ingress.state", type: "string", priority: 1 },
    { name: "Egress Enforcement", jsonPath: ".status.policy.egress.state", type: "string", priority: 1 },
    { name: "Endpoint State", jsonPath: ".status.state", type: "string", description: "Endpoint current state" },
    {
      name: "IPv4",
      jsonPath: ".status.networking.addressing[0].ipv4",
      type: "string",
      description: "Endpoint IPv4 address",
    },
    {
      name: "IPv6",
      jsonPath: ".status.networking.addressing[0].ipv6",
      type: "string",
      description: "Endpoint IPv6 address",
    },
  ],
  properties: {
    status: shape({
      controllers: list(open),
      encryption: shape({ key: { type: "integer" } }),
      "external-identifiers": map(text),
      health: open,
      id: whole,
      identity: shape({ id: whole, labels: list(text) }),
      log: list(open),
      "named-ports": list(open),
      networking: shape({ addressing: list(shape({ ipv4: text, ipv6: text })), node: text }, ["addressing"]),
      policy: shape({ egress: enforcement, ingress: enforcement }),
      "service-account": text,
      state: {
        type: "string",
        enum: [
          "creating",
          "waiting-for-identity",
          "not-ready",
          "waiting-to-regenerate",
          "regenerating",
          "restoring",
          "ready",
          "disconnecting",
          "disconnected",
          "invalid",
        ],
      },
    }),
  },
};

const ciliumIdentity: Definition = {
  kind: "CiliumIdentity",
  plural: "ciliumidentities",
  scope: "Cluster",
  shortNames: ["ciliumid"],
  required: ["metadata", "security-labels"],
  columns: [{ name: "Namespace", jsonPath: ".metadata.labels.io\\.kubernetes\\.pod\\.namespace", type: "string" }, age],
  properties: { "security-labels": map(text) },
};

const ciliumNodeConfig: Definition = {
  kind: "CiliumNodeConfig",
  plural: "ciliumnodeconfigs",
  scope: "Namespaced",
  shortNames: [],
  required: ["spec"],
  properties: { spec: shape({ defaults: map(text), nodeSelector: selector }, ["defaults", "nodeSelector"]) },
};

/** Kinds that the lab stores and does not act on. */
const inert: readonly Definition[] = [
  policy("CiliumNetworkPolicy", "ciliumnetworkpolicies", "Namespaced", ["cnp", "ciliumnp"]),
  policy("CiliumClusterwideNetworkPolicy", "ciliumclusterwidenetworkpolicies", "Cluster", ["ccnp"]),
  {
    kind: "CiliumCIDRGroup",
    plural: "ciliumcidrgroups",
    scope: "Cluster",
    shortNames: ["ccg"],
    required: ["spec"],
    columns: [age],
    properties: { spec: shape({ externalCIDRs: list(text) }) },
  },
  {
    kind: "CiliumLoadBalancerIPPool",
    plural: "ciliumloadbalancerippools",
    scope: "Cluster",
    shortNames: ["ippools", "ippool", "lbippool", "lbippools"],
    status: true,
    required: ["spec"],
    columns: [age],
    properties: { spec: open, status: open },
  },
  {
    kind: "CiliumPodIPPool",
    plural: "ciliumpodippools",
    scope: "Cluster",
    shortNames: ["cpip"],
    required: ["spec"],
    columns: [age],
    properties: { spec: open },
  },
];

function policy(kind: string, plural: string, scope: Definition["scope"], shortNames: readonly string[]): Definition {
  const columns = [age, { name: "Valid", jsonPath: ".status.conditions[?(@.type=='Valid')].status", type: "string" }];
  return {
    kind,
    plural,
    scope,
    shortNames,
    status: true,
    columns,
    properties: { spec: open, specs: list(open), status: open },
  };
}

/** What the operator of a Cilium minor version creates at its start. */
export function ciliumDefinitions(minor: number): readonly KubeObject[] {
  return [ciliumNode, ciliumEndpoint, ciliumIdentity, ciliumNodeConfig, ...inert].map((definition) =>
    toObject(definition, minor),
  );
}

interface ServedVersion {
  readonly name: string;
  readonly storage: boolean;
  readonly deprecated?: true;
}

/** CiliumNodeConfig moved to v2 in 1.16 and lost v2alpha1 in 1.20; other kinds of the group kept theirs. */
function versionsOf({ plural }: Definition, minor: number): readonly ServedVersion[] {
  if (plural === "ciliumpodippools") return [{ name: "v2alpha1", storage: true }];
  if (plural !== "ciliumnodeconfigs" || minor >= 20) return [{ name: "v2", storage: true }];
  if (minor < 16) return [{ name: "v2alpha1", storage: true }];
  return [
    { name: "v2", storage: true },
    { name: "v2alpha1", storage: false, deprecated: true },
  ];
}

function toObject(definition: Definition, minor: number): KubeObject {
  const { kind, plural, scope, shortNames } = definition;
  const names = { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase(), categories: ["cilium"] };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name: `${plural}.cilium.io`,
      labels: { "io.cilium.k8s.crd.schema.version": `1.${minor + 11}.0` },
    },
    spec: {
      group: "cilium.io",
      scope,
      names: shortNames.length > 0 ? { ...names, shortNames } : names,
      versions: versionsOf(definition, minor).map((version) => toVersion(definition, version)),
    },
  };
}

function toVersion(
  { properties, required, columns, status }: Definition,
  { name, storage, deprecated }: ServedVersion,
): object {
  const root = { apiVersion: text, kind: text, metadata: { type: "object" }, ...properties };
  return {
    name,
    served: true,
    storage,
    ...(deprecated ? { deprecated } : {}),
    schema: { openAPIV3Schema: shape(root, required) },
    ...(columns ? { additionalPrinterColumns: columns } : {}),
    ...(status ? { subresources: { status: {} } } : {}),
  };
}
