import {
  agentDaemonSet,
  neededCrds,
  nodeConfigName,
  operatorDeployment,
  operatorLease,
} from "../../engine/model/cilium-names.ts";
import { recordName } from "../../engine/model/cluster/record-place.ts";
import type { RightsStage } from "../../engine/model/facts.ts";
import type { SourceRights } from "../../engine/model/ports/source-directory.ts";
import { leaseName } from "../lease/lease.ts";
import { cleanerName } from "../nodes/cleaner-manifest.ts";
import { lookerName } from "../nodes/looker-manifest.ts";
import { probeNamespace } from "../nodes/own-namespace-manifest.ts";
import { probeLabel } from "../nodes/probe-manifest.ts";
import { observersName } from "../records/observers.ts";

/** Where a right holds: in the whole cluster, in Cilium's namespace, in the old CNI's, or in ours. */
export type Place = "cluster" | "cilium" | "source" | "own";

/** Some verbs on one resource, perhaps of some objects only. This table is both preflight's list and `crossfade rbac`. */
export interface Right {
  readonly stage: RightsStage;
  readonly place: Place;
  readonly group: string;
  /** For example pods/eviction. */
  readonly resource: string;
  readonly verbs: readonly string[];
  /** Where `place` is the source's: which of its own. */
  readonly namespace?: string;
  /** All objects when left out. A create cannot be narrowed: RBAC decides it before it knows the name. */
  readonly names?: readonly string[];
}

/** What the table cannot know by itself. */
export interface RightsWanted {
  readonly ciliumNamespace: string;
  /** ConfigMaps that detection reads, as namespace/name. */
  readonly configMaps: readonly string[];
  /** What the old CNI's own steps and its removal need. */
  readonly source: SourceRights;
}

type Row = readonly [group: string, resources: string, verbs: string, names?: readonly string[]];

function rows(stage: RightsStage, place: Place, table: readonly Row[]): readonly Right[] {
  return table.flatMap(([group, resources, verbs, names]) =>
    resources.split(" ").map((resource) => ({
      stage,
      place,
      group,
      resource,
      verbs: verbs.split(" "),
      ...(names === undefined ? {} : { names }),
    })),
  );
}

const rbac = "rbac.authorization.k8s.io";
/** The chart's own, with what every supported version of it has where nothing is switched on besides. */
const chartRoles = [
  "cilium-config-agent",
  "cilium-operator-tlsinterception-secrets",
  "cilium-operator-ztunnel",
  "cilium-tlsinterception-secrets",
];
const chartClusterRoles = [agentDaemonSet, operatorDeployment];
const chartNamespace = "cilium-secrets";

/** To look on: status, report, and a panel beside somebody else's run. No secret can be read with it. */
const watching: readonly Right[] = [
  ...rows("view", "cluster", [
    ["", "nodes", "get list watch"],
    ["", "pods", "list watch"],
    ["apps", "daemonsets deployments statefulsets", "list watch"],
    ["policy", "poddisruptionbudgets", "list watch"],
    ["cilium.io", "ciliumnodes ciliumendpoints", "list watch"],
  ]),
  ...rows("view", "own", [
    ["", "configmaps", "get list watch", [recordName, observersName]],
    ["coordination.k8s.io", "leases", "get list watch", [leaseName]],
  ]),
];

/** To ask the runner for a pause, or to go on: the record itself stays out of reach. */
const asking: readonly Right[] = rows("request", "own", [["", "configmaps", "patch", [observersName]]]);

const namesOf = (configMaps: readonly string[]) =>
  [...new Set(configMaps.map((where) => where.split("/")[1] ?? ""))].sort();

/** What plan and preflight read besides. */
const planning = (configMaps: readonly string[]): readonly Right[] =>
  rows("operate", "cluster", [
    ["", "namespaces", "get", ["kube-system", probeNamespace]],
    // Their labels, on which policies select.
    ["", "namespaces", "list"],
    ["", "services persistentvolumes", "list"],
    // Why a controller makes no pod: quota, LimitRange, PodSecurity.
    ["", "events", "list"],
    ["", "services", "get", ["kubernetes"]],
    ["", "configmaps", "get", namesOf(configMaps)],
    ["admissionregistration.k8s.io", "mutatingwebhookconfigurations validatingwebhookconfigurations", "list"],
    ["apiextensions.k8s.io", "customresourcedefinitions", "get", neededCrds],
    ["apiregistration.k8s.io", "apiservices", "list"],
    ["networking.k8s.io", "networkpolicies servicecidrs", "list"],
    ["policy.networking.k8s.io", "adminnetworkpolicies baselineadminnetworkpolicies clusternetworkpolicies", "list"],
    ["cilium.io", "ciliumnodeconfigs ciliumnetworkpolicies ciliumclusterwidenetworkpolicies", "list"],
  ]);

/** What the engine writes itself. */
const moving: readonly Right[] = [
  ...rows("operate", "cluster", [
    ["", "nodes", "patch"],
    // get: what became of an eviction whose answer was lost.
    ["", "pods", "delete get"],
    ["", "pods/eviction", "create"],
  ]),
  ...rows("operate", "own", [
    ["", "configmaps", "create"],
    ["", "configmaps", "update", [recordName, observersName]],
    ["", "configmaps", "delete", [observersName]],
    ["coordination.k8s.io", "leases", "create"],
    ["coordination.k8s.io", "leases", "update", [leaseName]],
    ["apps", "daemonsets", "create"],
    ["apps", "daemonsets", "delete patch", [probeLabel, lookerName, cleanerName]],
    // The reboot pods.
    ["", "pods", "create"],
    // Since 1.35 exec over WebSocket needs both.
    ["", "pods/exec", "create get"],
  ]),
  ...rows("operate", "cilium", [
    ["", "pods/exec", "create get"],
    ["coordination.k8s.io", "leases", "delete get", [operatorLease]],
    ["cilium.io", "ciliumnodeconfigs", "create"],
    ["cilium.io", "ciliumnodeconfigs", "delete patch", [nodeConfigName]],
  ]),
];

/**
 * What helm does for us with Cilium's chart: to create, to change, to roll back, to uninstall. Its roles hold more than
 * ours, so only who may escalate can write them. A create is asked about without a name, and a rule with names never
 * matches one (RoleEscalationAuthorized in Kubernetes' pkg/registry/rbac): escalate cannot be narrowed. bind can, for it
 * is asked about by the role that a binding refers to.
 */
const installing = (ciliumNamespace: string): readonly Right[] => [
  ...rows("operate", "cilium", [
    ["", "secrets", "create delete get list patch update"],
    ["", "configmaps serviceaccounts services", "create delete get patch"],
    ["apps", "daemonsets deployments", "create delete get patch"],
  ]),
  ...rows("operate", "cluster", [
    ["", "namespaces", "create"],
    ["", "namespaces", "delete get patch", [chartNamespace]],
    ...(ciliumNamespace === "kube-system" ? [] : [["", "namespaces", "get patch", [ciliumNamespace]] as const]),
    [rbac, "clusterrolebindings clusterroles rolebindings roles", "create"],
    [rbac, "clusterrolebindings", "delete get patch", chartClusterRoles],
    [rbac, "clusterroles roles", "escalate"],
    [rbac, "clusterroles", "bind delete get patch", chartClusterRoles],
    [rbac, "rolebindings", "delete get patch", chartRoles],
    [rbac, "roles", "bind delete get patch", chartRoles],
  ]),
];

/** As Kubernetes guesses a resource's name from its kind, which is right for all that a CNI's manifest holds. */
const pluralOf = (kind: string) => kind.toLowerCase().replace(/y$/, "ie").replace(/s$/, "se").concat("s");

/** What takes the old CNI away, object by object. */
function removing({ objects }: SourceRights, configMaps: readonly string[]): readonly Right[] {
  const read = namesOf(configMaps);
  const names = new Map<string, string[]>();
  for (const { apiVersion, kind, name } of objects) {
    const group = apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
    const key = `${group} ${pluralOf(kind)} ${kind === "ConfigMap" && read.includes(name) ? "delete" : "delete get"}`;
    names.set(key, [...new Set([...(names.get(key) ?? []), name])]);
  }
  return [...names].flatMap(([key, all]) => {
    const [group = "", resource = "", ...verbs] = key.split(" ");
    return rows("finalize", "cluster", [[group, resource, verbs.join(" "), all]]);
  });
}

/** What goes with the kinds of the old CNI's own: it is saved before. */
const saving = ({ objects }: SourceRights): readonly Right[] =>
  objects.flatMap(({ kind, name }) => {
    const [plural = "", ...group] = name.split(".");
    return kind === "CustomResourceDefinition" ? rows("finalize", "cluster", [[group.join("."), plural, "list"]]) : [];
  });

/**
 * A namespace takes all that is in it along, so everything in it is listed before it may go: every kind, those of CRDs too.
 * Only where the namespace may be the old CNI's own, and only there; what may not be listed keeps the namespace.
 */
const looking = ({ ownNamespaces }: SourceRights): readonly Right[] =>
  ownNamespaces.flatMap((namespace) =>
    rows("operate", "source", [["*", "*", "list"]]).map((right) => ({ ...right, namespace })),
  );

/** The source's own objects that plan and preflight read. */
const reading = ({ kinds }: SourceRights): readonly Right[] =>
  kinds.flatMap(({ group, resource }) => rows("operate", "cluster", [[group, resource, "list"]]));

/** What the steps of the source's own do, and undo. */
const ofSteps = (source: SourceRights): readonly Right[] =>
  source.ofSteps.map((right) => ({ stage: "operate", ...right, place: "cluster" }));

/** Each with the rights of those before it. */
export const rightsStages: readonly RightsStage[] = ["view", "request", "operate", "finalize"];

/** Every right up to a stage; each stage has those of the ones before it. */
export function rightsUpTo(stage: RightsStage, wanted: RightsWanted): readonly Right[] {
  const { ciliumNamespace, configMaps, source } = wanted;
  const all = [
    ...watching,
    ...asking,
    ...planning(configMaps),
    ...moving,
    ...installing(ciliumNamespace),
    ...looking(source),
    ...reading(source),
    ...ofSteps(source),
    ...saving(source),
    ...removing(source, configMaps),
  ];
  return all.filter((right) => rightsStages.indexOf(right.stage) <= rightsStages.indexOf(stage));
}
