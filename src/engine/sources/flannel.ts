import { CrossfadeError } from "../errors.ts";
import type { ClusterFacts, WorkloadFacts } from "../facts.ts";
import type { SourceFacts } from "../plan-types.ts";
import type { LeftoverKinds, ObjectRef } from "../ports.ts";
import { imagePath } from "./fingerprints.ts";
import { readNetConf } from "./net-conf.ts";

/** What Flannel's own manifest writes; where a manifest says another name, that one counts. */
const usualConfFile = "10-flannel.conflist";
export const flannelConfigMap = "kube-flannel-cfg";

/** Tag of the daemon's own image, without the architecture that old manifests append; "" where it bears none. */
function versionOf({ images }: WorkloadFacts): string {
  const image = images.find((name) => imagePath(name).includes("flannel") && !imagePath(name).includes("cni-plugin"));
  const tag = image === undefined ? undefined : /:([^:/@]+)(@.*)?$/.exec(image)?.[1];
  return (tag ?? "").replace(/^v/, "").replace(/-(amd64|arm64|arm|ppc64le|s390x)$/, "");
}

/** Whether nothing but Flannel lives in a namespace of its own, so that the namespace may go with it. */
function ownsNamespace(namespace: string, own: readonly string[], facts: ClusterFacts): boolean {
  if (namespace !== "kube-flannel") return false;
  const here = (item: { readonly namespace: string }) => item.namespace === namespace;
  const foreignPod = facts.pods.some((pod) => here(pod) && !own.includes(pod.owner?.name ?? ""));
  const foreignWorkload = facts.workloads.some((workload) => here(workload) && !own.includes(workload.name));
  return !foreignPod && !foreignWorkload && !facts.services.some(here);
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
    ...readNetConf(text, where),
    ownsNamespace: ownsNamespace(namespace, daemonSets, facts),
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
  if (source.ownsNamespace !== true) return objects;
  return [...objects, { apiVersion: "v1", kind: "Namespace", namespace: null, name: namespace }];
}

const links: Readonly<Record<SourceFacts["backend"], readonly string[]>> = {
  vxlan: [],
  "host-gw": [],
  wireguard: ["flannel-wg", "flannel-wg-v6"],
  ipip: ["flannel.ipip"],
};

/** What Flannel leaves on every node: it cleans up nothing when it goes, and FLANNEL-POSTRTG would hide client addresses from policies. */
export function flannelLeftovers(source: SourceFacts): LeftoverKinds {
  const overlay = source.vni === null ? [] : [`flannel.${source.vni}`, `flannel-v6.${source.vni}`];
  return {
    links: ["cni0", ...overlay, ...links[source.backend]],
    chainPrefixes: ["FLANNEL-"],
    fileSuffixes: [source.confFile, `${source.confFile}.cilium_bak`],
  };
}
