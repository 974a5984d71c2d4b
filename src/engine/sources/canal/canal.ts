import type { ObjectRef } from "../../model/cluster/object-ref.ts";
import { CrossfadeError } from "../../model/errors.ts";
import type { ClusterFacts, WorkloadFacts } from "../../model/facts.ts";
import type { SourceFacts } from "../../model/plan-types.ts";
import { reason } from "../../model/reason.ts";
import { fullName } from "../../model/some-of.ts";
import { calicoImages, calicoVersion } from "../calico/calico.ts";
import { calicoKinds } from "../calico/kinds.ts";
import { calicoAnnotation, calicoFolders, calicoLeftovers, calicoPlugins } from "../calico/leftovers.ts";
import { calicoObjects } from "../calico/objects.ts";
import { calicoEnvironment, confFileOf, settingsOf } from "../calico/settings.ts";
import { keptSetup } from "../calico/setup.ts";
import { calicoSteps } from "../calico/steps/calico-steps.ts";
import { calicoSupport } from "../calico/support.ts";
import { imaged, labelled } from "../fingerprints.ts";
import { flannelAnnotation, flannelLeftovers, flannelPlugin, stateFolder } from "../flannel/leftovers.ts";
import { netConfKey, readNetConf } from "../flannel/net-conf.ts";
import type { Source, SourcePlace } from "../source.ts";

const configMap = "canal-config";
const flannelImages = ["/flannel", "mirrored-flannelcni-flannel", "mirrored-flannel-io-flannel", "hardened-flannel"];

const matches = (it: WorkloadFacts) =>
  labelled(it, "k8s-app=canal") ||
  ["canal", "rke2-canal"].includes(it.name) ||
  (imaged(it, ...calicoImages) && imaged(it, ...flannelImages));

/** Flannel's network with Calico's policies: ranges and overlay are in Flannel's net-conf.json. */
function read([first]: readonly [WorkloadFacts, ...WorkloadFacts[]], facts: ClusterFacts): SourceFacts {
  const { namespace } = first;
  const where = `${namespace}/${configMap}`;
  const text = facts.configMaps[where]?.[netConfKey];
  if (text === undefined) {
    const missing = { source: canal.name, daemonSet: fullName(first), namespace, configMap, key: netConfKey };
    throw new CrossfadeError("NO_SOURCE", reason("source-config-missing", missing));
  }
  return {
    id: canal.id,
    name: canal.name,
    version: calicoVersion(first),
    namespace,
    workloads: [{ kind: "DaemonSet", namespace, name: first.name }],
    confFile: confFileOf(canal.name, first, "10-canal.conflist"),
    network: "k8s-pod-network",
    plugins: [...calicoPlugins, ...(first.hostFiles.includes(flannelPlugin) ? [flannelPlugin] : [])],
    stateFolders: [...calicoFolders, stateFolder],
    nftImage: null,
    ...readNetConf(text, where),
    enforcesPolicies: true,
    own: keptSetup({ ...settingsOf(first, facts), install: "canal", bgp: false, peers: 0, policyOnlyOn: "" }),
    ownsNamespace: false,
    namespaceKeepers: [],
  };
}

const rbac = "rbac.authorization.k8s.io/v1";

/** Calico's, with the ConfigMap, the account and the roles that Canal's manifest has in place of theirs, or besides. */
function canalObjects(place: SourcePlace): readonly ObjectRef[] {
  const { namespace } = place;
  const own: readonly ObjectRef[] = [
    { apiVersion: "v1", kind: "ConfigMap", namespace, name: configMap },
    { apiVersion: "v1", kind: "ServiceAccount", namespace, name: "canal" },
    { apiVersion: "v1", kind: "ServiceAccount", namespace, name: "flannel" },
    ...["canal-calico", "canal-flannel"].map((name) => ({
      apiVersion: rbac,
      kind: "ClusterRoleBinding",
      namespace: null,
      name,
    })),
    { apiVersion: rbac, kind: "ClusterRole", namespace: null, name: "flannel" },
  ];
  return calicoObjects(place).flatMap((object) => (object.name === "calico-config" ? own : [object]));
}

/** Canal: Flannel carries the packets, Calico's Felix enforces policies. */
export const canal: Source = {
  id: "canal",
  name: "Canal",
  matches,
  read,
  traces: () => [],
  support: calicoSupport,
  checks: [],
  steps: calicoSteps,
  objects: canalObjects,
  leftovers(source) {
    const [felix, carrier] = [calicoLeftovers(source), flannelLeftovers(source)];
    const both = <T>(one: readonly T[], other: readonly T[]) => [...new Set([...one, ...other])];
    return {
      ...felix,
      links: both(carrier.links, felix.links),
      chainPrefixes: both(carrier.chainPrefixes, felix.chainPrefixes),
      nftTables: both(carrier.nftTables, felix.nftTables),
      folders: both(carrier.folders, felix.folders),
      reservations: carrier.reservations,
      plugins: both(carrier.plugins, felix.plugins),
      annotations: [flannelAnnotation, calicoAnnotation],
      mounts: both(carrier.mounts, felix.mounts),
    };
  },
  // Those of its steps only wait for what Cilium does.
  rights: () => [],
  usual: {
    namespace: "kube-system",
    workloads: [{ kind: "DaemonSet", namespace: "kube-system", name: "canal" }],
    own: null,
  },
  configMaps: [`kube-system/${configMap}`],
  kinds: calicoKinds,
  environment: calicoEnvironment,
  ownNamespaces: [],
  addressAnnotations: [`${calicoAnnotation}IPv4Address`, `${flannelAnnotation}public-ip`],
};
