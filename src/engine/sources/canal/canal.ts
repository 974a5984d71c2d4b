import { CrossfadeError } from "../../model/errors.ts";
import type { ClusterFacts, WorkloadFacts } from "../../model/facts.ts";
import type { SourceFacts } from "../../model/plan-types.ts";
import { reason } from "../../model/reason.ts";
import { fullName } from "../../model/some-of.ts";
import { calicoImages, calicoVersion } from "../calico/calico.ts";
import { calicoKinds } from "../calico/kinds.ts";
import { calicoAnnotation, calicoFolders, calicoLeftovers, calicoPlugins } from "../calico/leftovers.ts";
import { calicoObjects } from "../calico/objects.ts";
import { calicoEnvironment, settingsOf } from "../calico/settings.ts";
import { keptSetup } from "../calico/setup.ts";
import { calicoSupport } from "../calico/support.ts";
import { imaged, labelled } from "../fingerprints.ts";
import { flannelAnnotation, flannelLeftovers, flannelPlugin, stateFolder } from "../flannel/leftovers.ts";
import { netConfKey, readNetConf } from "../flannel/net-conf.ts";
import type { Source } from "../source.ts";
import { noSteps } from "../source-step.ts";

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
    confFile: first.env["CNI_CONF_NAME"] ?? "10-canal.conflist",
    network: "k8s-pod-network",
    plugins: [...calicoPlugins, ...(first.hostFiles.includes(flannelPlugin) ? [flannelPlugin] : [])],
    stateFolders: [...calicoFolders, stateFolder],
    nftImage: null,
    ...readNetConf(text, where),
    enforcesPolicies: true,
    own: keptSetup({ ...settingsOf(first, facts), install: "canal", bgp: false, peers: 0 }),
    ownsNamespace: false,
    namespaceKeepers: [],
  };
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
  steps: () => noSteps,
  objects: (place) =>
    calicoObjects(place).flatMap((object) => {
      if (object.name !== "calico-config") return [object];
      const names = [configMap, "canal", "flannel"];
      return [
        { ...object, name: configMap },
        ...names.slice(1).map((name) => ({ ...object, kind: "ServiceAccount", name })),
      ];
    }),
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
  rights: [],
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
