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

/** FelixConfiguration default, which holds what was changed; Felix's own defaults are not in it. */
export const felixOf = (facts: ClusterFacts): SourceObject | undefined =>
  called(objectsOf(facts, "felixconfigurations"), "default");

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

function dataPlaneOf(env: WorkloadFacts["env"], felix: JsonObject, network: JsonObject): DataPlane {
  const asked = textOf(network["linuxDataplane"]).toLowerCase();
  if (asked === "vpp") return "vpp";
  if (asked === "bpf" || isOn(env["FELIX_BPFENABLED"]) || isOn(felix["bpfEnabled"])) return "ebpf";
  return asked === "nftables" || textOf(felix["nftablesMode"]) === "Enabled" ? "nftables" : "iptables";
}

/** Prefixes of the interfaces that other CNIs make for pods: with one of these Calico only enforces policies. */
const others: Readonly<Record<string, string>> = { eni: "the AWS VPC CNI", azv: "Azure CNI", gke: "GKE" };

function policyOnlyOn(env: WorkloadFacts["env"], installation: JsonObject | null): string {
  const type = textOf(fieldsOf(installation?.["cni"])["type"]);
  if (type !== "" && type !== "Calico") return type;
  return others[env["FELIX_INTERFACEPREFIX"] ?? ""] ?? "";
}

/** BIRD runs where nothing says otherwise, in a manifest; the operator says so. */
function speaksBgp(env: WorkloadFacts["env"], configured: string | undefined, network: JsonObject): boolean {
  const bgp = textOf(network["bgp"]);
  if (bgp !== "") return bgp === "Enabled";
  return (env["CALICO_NETWORKING_BACKEND"] ?? configured ?? "bird") === "bird";
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
  const felix = felixOf(facts)?.spec ?? {};
  const config = facts.configMaps[`${namespace}/calico-config`];
  return {
    install: installation === null ? "manifest" : "operator",
    dataPlane: dataPlaneOf(env, felix, network),
    datastore: (env["DATASTORE_TYPE"] ?? "kubernetes").startsWith("etcd") ? "etcd" : "kubernetes",
    ...detectionOf(daemonSet, installation),
    bgp: speaksBgp(env, config?.["calico_backend"], network),
    peers: objectsOf(facts, "bgppeers").length,
    encrypts: isOn(env["FELIX_WIREGUARDENABLED"]) || isOn(felix["wireguardEnabled"]),
    ...keptIn(facts),
    policyOnlyOn: policyOnlyOn(env, installation),
  };
}

/** As somebody set it by hand; 0 where Calico finds it out by itself. */
export function mtuOf(daemonSet: WorkloadFacts, facts: ClusterFacts): number {
  const asked = fieldsOf(installationOf(facts)?.["calicoNetwork"])["mtu"];
  const config = facts.configMaps[`${daemonSet.namespace}/calico-config`]?.["veth_mtu"];
  const mtu = typeof asked === "number" ? asked : Number(config ?? 0);
  return Number.isInteger(mtu) && mtu > 0 ? mtu : 0;
}
