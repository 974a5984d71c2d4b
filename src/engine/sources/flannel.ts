import { type NamespaceContents, namespacesOfInterest } from "../model/cluster/namespace-contents.ts";
import type { ObjectRef } from "../model/cluster/object-ref.ts";
import { CrossfadeError } from "../model/errors.ts";
import type { ClusterFacts, WorkloadFacts } from "../model/facts.ts";
import type { SourceFacts } from "../model/plan-types.ts";
import { imagePath } from "./fingerprints.ts";
import { readCniConf, readNetConf, writesNftTables } from "./net-conf.ts";

/** What Flannel's own manifest writes; where a manifest says another name, that one counts. */
const usualConfFile = "10-flannel.conflist";
const flannelConfigMap = "kube-flannel-cfg";
/** Where the first init container of its manifest copies the plugin to; old manifests have none, and use a package's. */
const flannelPlugin = "/opt/cni/bin/flannel";

const daemonImage = ({ images }: WorkloadFacts): string | undefined =>
  images.find((name) => imagePath(name).includes("flannel") && !imagePath(name).includes("cni-plugin"));

/** Tag of the daemon's own image, without the architecture that old manifests append; "" where it bears none. */
function versionOf(workload: WorkloadFacts): string {
  const tag = /:([^:/@]+)(@.*)?$/.exec(daemonImage(workload) ?? "")?.[1];
  return (tag ?? "").replace(/^v/, "").replace(/-(amd64|arm64|arm|ppc64le|s390x)$/, "");
}

/** What every namespace has, and nobody misses. */
const everywhere = new Set([
  "ConfigMap/kube-root-ca.crt",
  "ConfigMap/openshift-service-ca.crt",
  "ServiceAccount/default",
]);

/** What of a namespace's contents is neither Flannel's, nor ours, nor in every namespace; and what could not be looked at. */
export function foreignIn(
  { objects, unknown }: NamespaceContents,
  source: Pick<SourceFacts, "daemonSets" | "configMap">,
): { readonly foreign: readonly string[]; readonly unknown: readonly string[] } {
  const own = new Set([
    ...source.daemonSets.map((name) => `DaemonSet/${name}`),
    `ConfigMap/${source.configMap}`,
    "ServiceAccount/flannel",
  ]);
  const foreign = objects.filter(({ kind, name, owners, serviceAccount, managedBy }) => {
    if (own.has(`${kind}/${name}`) || everywhere.has(`${kind}/${name}`) || managedBy === "crossfade") return false;
    if (kind === "Secret" && (serviceAccount === "flannel" || serviceAccount === "default")) return false;
    return owners.length === 0 || !owners.every((owner) => own.has(owner));
  });
  return { foreign: foreign.map(({ kind, name }) => `${kind} ${name}`), unknown };
}

/** A plan is recorded in one object of the cluster, so it names no more than this. */
const mostKeepers = 20;

/** Whether its namespace may go with it. One list that fails decides nothing: what was not listed is asked again right before the namespace would go. */
function namespaceOf(
  source: Pick<SourceFacts, "namespace" | "daemonSets" | "configMap">,
  facts: ClusterFacts,
): Pick<SourceFacts, "ownsNamespace" | "namespaceKeepers"> {
  const { namespace } = source;
  if (!namespacesOfInterest.some((name) => name === namespace)) return { ownsNamespace: false, namespaceKeepers: [] };
  const contents = facts.namespaceContents[namespace];
  if (!contents) return { ownsNamespace: false, namespaceKeepers: ["its contents, which were not looked at"] };
  const { foreign, unknown } = foreignIn(contents, source);
  const keepers = [...foreign, ...unknown.map((what) => `${what}, not listed`)];
  const more = keepers.length > mostKeepers ? [`and ${keepers.length - mostKeepers} more`] : [];
  return { ownsNamespace: foreign.length === 0, namespaceKeepers: [...keepers.slice(0, mostKeepers), ...more] };
}

/** Reads how this Flannel is set up, from its DaemonSets, the one that serves most nodes first; throws NO_SOURCE where that cannot be told. */
export function readFlannel(workloads: readonly [WorkloadFacts, ...WorkloadFacts[]], facts: ClusterFacts): SourceFacts {
  const [first] = workloads;
  const { namespace } = first;
  const where = `${namespace}/${flannelConfigMap}`;
  const text = facts.configMaps[where]?.["net-conf.json"];
  if (text === undefined) {
    throw new CrossfadeError(
      "NO_SOURCE",
      `Flannel runs as DaemonSet ${namespace}/${first.name}, but its ConfigMap ${where} has no net-conf.json, so its address range is not known`,
      `kubectl get configmap -n ${namespace}, and check that Flannel takes its configuration from ${flannelConfigMap}`,
    );
  }
  const daemonSets = workloads.map(({ name }) => name);
  return {
    id: "flannel",
    version: versionOf(first),
    namespace,
    daemonSets,
    configMap: flannelConfigMap,
    confFile: first.confFiles[0] ?? usualConfFile,
    network: readCniConf(facts.configMaps[where]?.["cni-conf.json"]),
    plugin: workloads.some(({ hostFiles }) => hostFiles.includes(flannelPlugin)) ? flannelPlugin : null,
    nftImage: writesNftTables(text, where) ? (daemonImage(first) ?? null) : null,
    ...readNetConf(text, where),
    ...namespaceOf({ namespace, daemonSets, configMap: flannelConfigMap }, facts),
  };
}

const rbac = "rbac.authorization.k8s.io/v1";

/**
 * Everything that Flannel's manifest created, in the order in which it may be deleted: the DaemonSet first, so that
 * nothing that still runs misses its rights, its configuration or its namespace.
 */
export function flannelObjects(source: SourceFacts): readonly ObjectRef[] {
  const { namespace } = source;
  const objects: readonly ObjectRef[] = [
    ...source.daemonSets.map((name) => ({ apiVersion: "apps/v1", kind: "DaemonSet", namespace, name })),
    { apiVersion: "v1", kind: "ConfigMap", namespace, name: source.configMap },
    { apiVersion: "v1", kind: "ServiceAccount", namespace, name: "flannel" },
    { apiVersion: rbac, kind: "ClusterRoleBinding", namespace: null, name: "flannel" },
    { apiVersion: rbac, kind: "ClusterRole", namespace: null, name: "flannel" },
  ];
  if (!source.ownsNamespace) return objects;
  return [...objects, { apiVersion: "v1", kind: "Namespace", namespace: null, name: namespace }];
}
