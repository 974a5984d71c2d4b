import type { SourceObject } from "../../model/cluster/source-object.ts";
import { CrossfadeError } from "../../model/errors.ts";
import type { ClusterFacts, WorkloadFacts } from "../../model/facts.ts";
import type { JsonObject, JsonValue } from "../../model/plan-types.ts";
import { reason } from "../../model/reason.ts";
import { apiGroup, type CalicoKind, crdGroup, operatorGroup } from "./kinds.ts";
import type { CalicoSetup, DataPlane } from "./setup.ts";

/** Variables of its containers that are looked at. */
export const calicoEnvironment: readonly string[] = [
  "CALICO_NETWORKING_BACKEND",
  "CNI_CONF_NAME",
  "DATASTORE_TYPE",
  "FELIX_BPFENABLED",
  "FELIX_INTERFACEPREFIX",
  "FELIX_NFTABLESMODE",
  "FELIX_VXLANPORT",
  "FELIX_VXLANVNI",
  "FELIX_WIREGUARDENABLED",
  "IP6_AUTODETECTION_METHOD",
  "IP_AUTODETECTION_METHOD",
];

/** Objects of one of its kinds, in the group that has some. */
export function objectsOf({ sourceObjects }: Pick<ClusterFacts, "sourceObjects">, kind: CalicoKind) {
  const inGroup = (group: string): readonly SourceObject[] => sourceObjects[`${kind}.${group}`] ?? [];
  return inGroup(apiGroup).length > 0 ? inGroup(apiGroup) : inGroup(crdGroup);
}

const called = (objects: readonly SourceObject[], name: string) =>
  objects.find(({ metadata }) => metadata.name === name);

const fieldsOf = (value: JsonValue | undefined): JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
const textOf = (value: JsonValue | undefined): string => (typeof value === "string" ? value : "");
const isOn = (value: JsonValue | undefined): boolean => value === true || textOf(value).toLowerCase() === "true";

/** What Felix was told, by the name that FelixConfiguration has for it; undefined where its own default holds. */
export type FelixSettings = (field: string) => JsonValue | undefined;

/** Its environment comes before the object "default", as Felix itself has it. */
export function felixSettings({ env }: WorkloadFacts, facts: ClusterFacts): FelixSettings {
  const spec = called(objectsOf(facts, "felixconfigurations"), "default")?.spec ?? {};
  return (field) => env[`FELIX_${field.toUpperCase()}`] ?? spec[field];
}

/** Whether it is on anywhere: an object "node.NAME" says it of one node alone. */
function isOnSomewhere(field: string, felix: FelixSettings, facts: ClusterFacts): boolean {
  const ofNodes = objectsOf(facts, "felixconfigurations").filter(({ metadata }) => metadata.name.startsWith("node."));
  return isOn(felix(field)) || ofNodes.some(({ spec }) => isOn(spec[field]));
}

/** What the operator works from: what was asked for, with its own defaults filled in where it has said them. */
function installationOf({ sourceObjects }: Pick<ClusterFacts, "sourceObjects">): JsonObject | null {
  const found = called(sourceObjects[`installations.${operatorGroup}`] ?? [], "default");
  if (!found) return null;
  const computed = fieldsOf(found.status["computed"]);
  const network = { ...fieldsOf(computed["calicoNetwork"]), ...fieldsOf(found.spec["calicoNetwork"]) };
  return { ...computed, ...found.spec, calicoNetwork: network };
}

/** The operator's way of saying it, in the form of IP_AUTODETECTION_METHOD. */
function detectionIn(said: JsonValue | undefined): string {
  const { kubernetes, interface: named, skipInterface, canReach, cidrs } = fieldsOf(said);
  if (kubernetes === "NodeInternalIP") return "kubernetes-internal-ip";
  if (textOf(named) !== "") return `interface=${textOf(named)}`;
  if (textOf(skipInterface) !== "") return `skip-interface=${textOf(skipInterface)}`;
  if (textOf(canReach) !== "") return `can-reach=${textOf(canReach)}`;
  if (Array.isArray(cidrs) && cidrs.length > 0) return `cidr=${cidrs.join(",")}`;
  return "first-found";
}

function detectionOf(
  { env }: WorkloadFacts,
  installation: JsonObject | null,
): Pick<CalicoSetup, "detection" | "detection6"> {
  const network = fieldsOf(installation?.["calicoNetwork"]);
  const v4 = network["nodeAddressAutodetectionV4"];
  const v6 = network["nodeAddressAutodetectionV6"];
  if (v4 !== undefined) return { detection: detectionIn(v4), detection6: v6 === undefined ? "" : detectionIn(v6) };
  return {
    detection: env["IP_AUTODETECTION_METHOD"] ?? "first-found",
    detection6: env["IP6_AUTODETECTION_METHOD"] ?? "",
  };
}

function dataPlaneOf(felix: FelixSettings, network: JsonObject, facts: ClusterFacts): DataPlane {
  const asked = textOf(network["linuxDataplane"]).toLowerCase();
  if (asked === "vpp") return "vpp";
  if (asked === "bpf" || isOnSomewhere("bpfEnabled", felix, facts)) return "ebpf";
  return asked === "nftables" || textOf(felix("nftablesMode")).toLowerCase() === "enabled" ? "nftables" : "iptables";
}

type Config = Readonly<Record<string, string>>;

/** The manifest for etcd names no datastore, which is then etcd by Calico's own default, but where etcd is. */
function datastoreOf(env: WorkloadFacts["env"], config: Config): CalicoSetup["datastore"] {
  const named = env["DATASTORE_TYPE"] ?? ((config["etcd_endpoints"] ?? "") === "" ? "kubernetes" : "etcdv3");
  return named.startsWith("etcd") ? "etcd" : "kubernetes";
}

/** Prefixes of the interfaces that other CNIs make for pods: with one of these Calico only enforces policies. */
const others: Readonly<Record<string, string>> = { eni: "the AWS VPC CNI", azv: "Azure CNI", gke: "GKE" };

function policyOnlyOn(env: WorkloadFacts["env"], installation: JsonObject | null, backend: string): string {
  const type = textOf(fieldsOf(installation?.["cni"])["type"]);
  if (type !== "" && type !== "Calico") return type;
  const other = others[env["FELIX_INTERFACEPREFIX"] ?? ""];
  return other ?? (installation === null && backend === "none" ? "another CNI" : "");
}

/** What carries packets in a manifest: BIRD where nothing says otherwise. */
const backendOf = (env: WorkloadFacts["env"], config: Config): string =>
  env["CALICO_NETWORKING_BACKEND"] ?? config["calico_backend"] ?? "bird";

/** The operator says so in words of its own. */
function speaksBgp(backend: string, network: JsonObject): boolean {
  const bgp = textOf(network["bgp"]);
  return bgp === "" ? backend === "bird" : bgp === "Enabled";
}

/** Beside CRDs of the older group, the other is only another view of the same objects. */
function keptIn({ apiResources }: ClusterFacts): Pick<CalicoSetup, "served" | "native"> {
  const [older, newer] = [apiResources[`${crdGroup}/v1`], apiResources[`${apiGroup}/v3`]];
  const served = [...(older ?? newer ?? [])].filter((name) => !name.includes("/")).toSorted();
  return { served, native: older === undefined && newer !== undefined };
}

/** The CNI configuration that its install container writes. Throws NO_SOURCE where the name is none. */
export function confFileOf(source: string, { env, namespace, name }: WorkloadFacts, usual: string): string {
  const named = env["CNI_CONF_NAME"] ?? "";
  if (named === "" || /^[\w-][\w.-]*\.(conf|conflist|json)$/.test(named)) return named || usual;
  const what = `its CNI_CONF_NAME "${named}" is no name of a CNI configuration file`;
  const of = { source, kind: "DaemonSet", name: `${namespace}/${name}`, what };
  throw new CrossfadeError("NO_SOURCE", reason("source-object-unreadable", of));
}

/** How it is set up, from its DaemonSet, its configuration and what the operator was asked for. */
export function settingsOf(daemonSet: WorkloadFacts, facts: ClusterFacts): CalicoSetup {
  const { env, namespace } = daemonSet;
  const installation = installationOf(facts);
  const network = fieldsOf(installation?.["calicoNetwork"]);
  const felix = felixSettings(daemonSet, facts);
  const config = facts.configMaps[`${namespace}/calico-config`] ?? {};
  const backend = backendOf(env, config);
  return {
    install: installation === null ? "manifest" : "operator",
    dataPlane: dataPlaneOf(felix, network, facts),
    datastore: datastoreOf(env, config),
    ...detectionOf(daemonSet, installation),
    bgp: speaksBgp(backend, network),
    peers: objectsOf(facts, "bgppeers").length,
    encrypts: isOnSomewhere("wireguardEnabled", felix, facts),
    typha: facts.workloads.some(
      (it) => it.kind === "Deployment" && it.namespace === namespace && it.name === "calico-typha",
    ),
    ...keptIn(facts),
    policyOnlyOn: policyOnlyOn(env, installation, backend),
  };
}

/** As somebody set it by hand; 0 where Calico finds it out by itself. */
export function mtuOf(daemonSet: WorkloadFacts, facts: ClusterFacts): number {
  const asked = fieldsOf(installationOf(facts)?.["calicoNetwork"])["mtu"];
  const config = facts.configMaps[`${daemonSet.namespace}/calico-config`]?.["veth_mtu"];
  const mtu = typeof asked === "number" ? asked : Number(config ?? 0);
  return Number.isInteger(mtu) && mtu > 0 ? mtu : 0;
}
