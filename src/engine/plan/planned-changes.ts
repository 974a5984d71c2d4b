import { ciliumPlugin, ciliumSysctls } from "../cleaning/cilium-leftovers.ts";
import {
  ciliumConfFile,
  migrationLabel,
  nodeConfigName,
  operatorDeployment,
  operatorLease,
} from "../model/cilium-names.ts";
import { runStepsOf } from "../model/plan/step-order.ts";
import type { CiliumTarget, PlannedChange, PlannedNode, RunOptions, SourceFacts } from "../model/plan-types.ts";
import type { SourceRemoval } from "../model/source-removal.ts";
import { renamedByCilium } from "../observe/recorded-folder.ts";
import { plannedSteps } from "../sources/registry.ts";
import type { SourceSteps } from "../sources/source-step.ts";

/** What the changes follow from. */
export interface ChangesInput {
  readonly source: SourceFacts;
  readonly removal: SourceRemoval;
  /** Steps of the source's own. */
  readonly own: SourceSteps;
  readonly cilium: CiliumTarget;
  readonly nodes: readonly PlannedNode[];
  readonly options: RunOptions;
  /** CNI configuration files that any workload of the cluster is told to write, the source's own among them. */
  readonly confFiles: readonly string[];
  /** Namespace crossfade is there, and others made it. */
  readonly namespaceOfOthers: boolean;
  /** There are policies that Cilium enforces, now that the plan is made. */
  readonly hasPolicies: boolean;
  /** policyEnforcementMode in the end. */
  readonly enforcement: string;
}

type Brief = readonly [kind: string, namespace: string | null, name: string, what: string];

function change(
  verb: PlannedChange["verb"],
  phase: PlannedChange["phase"],
  rollback: string | null,
  [kind, namespace, name, what]: Brief,
): PlannedChange {
  return { verb, kind, namespace, name, what, phase, rollback };
}

/** Above this many nodes a line for each would fill the record: the plan's own list names them. */
const mostNodeLines = 30;

function records({ namespaceOfOthers }: ChangesInput): readonly PlannedChange[] {
  const goes = `kubectl delete ${namespaceOfOthers ? "-n crossfade configmap migration" : "namespace crossfade"} removes it`;
  const stays = `stays as the record; ${goes}`;
  const namespace = change("create", "prepare", stays, [
    "Namespace",
    null,
    "crossfade",
    "for Crossfade's own objects; allows privileged pods",
  ]);
  return [
    ...(namespaceOfOthers ? [] : [namespace]),
    change("create", "prepare", stays, [
      "ConfigMap",
      "crossfade",
      "migration",
      "this plan, its hash, pace and consents",
    ]),
    change("create", "prepare", "deleted", [
      "ConfigMap",
      "crossfade",
      "observers",
      "what others who watch are told, and ask for",
    ]),
    change("create", "prepare", "released at the end", ["Lease", "crossfade", "engine", "says who runs the migration"]),
    change("create", "prepare", "deleted", ["DaemonSet", "crossfade", "crossfade-probe", "a probe pod on every node"]),
    change("create", "prepare", "deleted before Cilium is installed", [
      "DaemonSet",
      "crossfade",
      "crossfade-look",
      "a pod on every node's own network: reads its MTU, sysctls and /lib/modules, and answers UDP on the port of Cilium's tunnel",
    ]),
  ];
}

const atTheEnd = "removed at the end of rollback --all";

/** What Cilium's own pods make on every node at once, moved or not, and do not take back. */
const byCilium = (namespace: string): readonly (readonly [rollback: string, brief: Brief])[] => [
  [atTheEnd, ["Lease", namespace, operatorLease, "by Cilium's operator"]],
  [
    // With power over parts of a node's disk: it must be seen before it is consented to.
    `${atTheEnd}, by DaemonSet crossfade/crossfade-cleaner: a pod on every node that may write /opt/cni/bin and /etc/sysctl.d and sees links and /sys/fs/bpf; deleted when all were looked at`,
    ["File", null, ciliumPlugin, "on each node, by Cilium's agent"],
  ],
  [
    `${atTheEnd}, by that DaemonSet; rp_filter = 0 stays until each node's next restart`,
    ["File", null, ciliumSysctls, "on each node, by Cilium's agent"],
  ],
  [
    "stay until each node's next restart; named node by node then",
    [
      "Link",
      null,
      "cilium_*, lxc*",
      "on each node, with Cilium's routes, iptables chains CILIUM_*, /run/cilium, and BPF programs below /sys/fs/bpf/cilium, attached to the network card and the old CNI's device too",
    ],
  ],
];

function installation({ source, cilium }: ChangesInput): readonly PlannedChange[] {
  const { namespace, release, version } = cilium;
  return [
    change("create", "install", "helm uninstall", [
      "Helm release",
      namespace,
      release,
      `Cilium ${version} beside ${source.name}: it takes over nothing`,
    ]),
    change("create", "install", "stay, unused, like all CRDs of helm charts", [
      "CustomResourceDefinition",
      null,
      "*.cilium.io",
      "created by Cilium's operator",
    ]),
    ...byCilium(namespace).map(([rollback, brief]) => change("create", "install", rollback, brief)),
    change("create", "node-config", "deleted", [
      "CiliumNodeConfig",
      namespace,
      nodeConfigName,
      `hands over nodes labelled ${migrationLabel}; none is`,
    ]),
  ];
}

function reboots({ method }: RunOptions["reboot"]): string {
  return method === "none" ? "pods that are left are recreated" : "restarted";
}

/** The one thing of ours with power over a node: it must be seen before it is consented to. */
function rebootPods({ method }: RunOptions["reboot"]): readonly PlannedChange[] {
  if (method !== "privileged-pod") return [];
  const what = "privileged, in the node's process and network namespaces: runs systemctl reboot";
  return [change("create", "nodes", "deleted when the node is back", ["Pod", "crossfade", "crossfade-reboot-*", what])];
}

function onNodes({ nodes, options, source, confFiles }: ChangesInput): readonly PlannedChange[] {
  const conf = [source.confFile, ...renamedByCilium(confFiles).filter((name) => name !== source.confFile)];
  const back = `recreated on ${source.name}`;
  const names = nodes.length > mostNodeLines ? [`each of the ${nodes.length} nodes`] : nodes.map(({ name }) => name);
  const pods = nodes.reduce((sum, node) => sum + node.podsToMove, 0);
  const objects = names.map((name) =>
    change("change", "nodes", `label off, pods ${back}, uncordoned if it was`, [
      "Node",
      null,
      name,
      `cordoned, drained, labelled, ${reboots(options.reboot)}, uncordoned; annotation cni-crossfade/node`,
    ]),
  );
  return [
    ...rebootPods(options.reboot),
    ...objects,
    change("change", "nodes", `${ciliumConfFile} removed, every recorded name given back`, [
      "File",
      null,
      "/etc/cni/net.d on each node",
      `${ciliumConfFile} written by Cilium; ${conf.join(", ")} and every other *.conf, *.conflist and *.json there, other software's too, renamed by it to .cilium_bak; step node-config names them node by node, before any is moved`,
    ]),
    change("delete", "nodes", back, [
      "Pod",
      null,
      `${pods} pods`,
      "evicted within their budgets; their controllers recreate them",
    ]),
    change("delete", "nodes", back, [
      "Pod",
      null,
      "pods of DaemonSets",
      "those with an old address; recreated on their node",
    ]),
  ];
}

const enforcing = (namespace: string, release: string, mode: string): PlannedChange =>
  change("change", "enforce-policies", "helm with policyEnforcementMode never, agents restarted", [
    "Helm release",
    namespace,
    release,
    `policyEnforcementMode: ${mode}; where there are policies, DaemonSet cilium is restarted once more, and what they refuse is watched`,
  ]);

function finalizing({ cilium, hasPolicies, enforcement }: ChangesInput): readonly PlannedChange[] {
  const { namespace, release } = cilium;
  return [
    change("change", "upgrade", "helm with the initial values", [
      "Helm release",
      namespace,
      release,
      hasPolicies
        ? "the final values, but for policyEnforcementMode, which stays never for now"
        : "the final values; there is no policy to enforce now",
    ]),
    change("change", "restart-agents", "restarted again", [
      "DaemonSet",
      namespace,
      "cilium",
      "restarted, two nodes at a time",
    ]),
    change("change", "restart-operator", "restarted again", ["Deployment", namespace, operatorDeployment, "restarted"]),
    ...(enforcement === "never" ? [] : [enforcing(namespace, release, enforcement)]),
    change("delete", "remove-node-config", "created again", [
      "CiliumNodeConfig",
      namespace,
      nodeConfigName,
      "not needed any more",
    ]),
    change("change", "remove-node-config", "labelled again", [
      "Node",
      null,
      "each node",
      `label ${migrationLabel} removed`,
    ]),
  ];
}

const andList = (names: readonly string[]) =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;

/** With power over parts of a node's disk: it must be seen before it is consented to. */
function cleaner({ source: { nftImage }, removal }: ChangesInput): PlannedChange {
  const rights = nftImage === null ? "" : `, image ${nftImage}, NET_ADMIN for nft`;
  const what = `a pod on every node that may write ${andList(removal.leftovers.mounts)}${rights}; deleted when all are clean`;
  return change("create", "clean-nodes", null, ["DaemonSet", "crossfade", "crossfade-cleaner", what]);
}

function whatGoes(kind: string, source: string): string {
  if (kind === "Namespace") return `if it still holds nothing but ${source} then`;
  return kind === "CustomResourceDefinition" ? "with every object of that kind" : `${source}'s own`;
}

function removing(input: ChangesInput): readonly PlannedChange[] {
  const { source, removal } = input;
  const { links, chainPrefixes, nftTables, confFiles, folders, reservations, files, annotations } = removal.leftovers;
  const { blackholeRoutes, ruleComments, ipsetPrefixes } = removal.leftovers;
  const onNode = (kind: string, name: string, what: string) =>
    change("delete", "clean-nodes", null, [kind, null, name, what]);
  const objects = removal.objects.map(({ kind, namespace, name }) =>
    change("delete", "remove-source", null, [kind, namespace, name, whatGoes(kind, source.name)]),
  );
  const saved =
    "what is deleted below, with all objects of its kinds, on the machine that runs this; read back before the first goes; no Secret";
  return [
    change("create", "save-source", "stays", ["File", null, "*.yaml beside the journal", saved]),
    ...objects,
    cleaner(input),
    ...(links.length === 0 ? [] : [onNode("Link", links.join(", "), "on each node")]),
    ...(removal.leftovers.routes
      ? [onNode("Route", `to parts of ${source.podCidrs.join(", ")}`, "on each node, those by way of another node")]
      : []),
    ...(chainPrefixes.length === 0
      ? []
      : [onNode("iptables chain", chainPrefixes.map((prefix) => `${prefix}*`).join(", "), "on each node")]),
    ...(blackholeRoutes
      ? [onNode("Route", `blackhole in ${source.podCidrs.join(", ")}`, "on each node: ranges shared out to it")]
      : []),
    ...ruleComments.map((prefix) => onNode("iptables rule", `${prefix}*`, "on each node, by their comment")),
    ...ipsetPrefixes.map((prefix) => onNode("ipset", `${prefix}*`, "on each node")),
    ...nftTables.map((name) => onNode("nft table", name, "on each node")),
    onNode("File", confFiles.join(", "), "in /etc/cni/net.d on each node"),
    ...folders.map((folder) => onNode("File", `${folder}/*`, "on each node")),
    ...(reservations === null
      ? []
      : [onNode("File", `${reservations}/*`, "on each node: reserved addresses that no pod has any more")]),
    ...source.plugins.map((path) => onNode("File", path, `on each node: ${source.name}'s own container put it there`)),
    ...files.map((path) => onNode("File", path, "on each node")),
    ...annotations.map((prefix) => onNode("Annotation", `${prefix}*`, "of each Node")),
    change("delete", "report", null, ["DaemonSet", "crossfade", "crossfade-probe", "the probes; the record stays"]),
  ];
}

/** What the steps of the source's own change. */
const ofSource = ({ own, source }: ChangesInput): readonly PlannedChange[] => [
  ...own.run.flatMap((step) => step.changes(source).map((one) => ({ ...one, phase: step.id }))),
  ...own.node.flatMap((step) => step.changes(source).map((one) => ({ ...one, phase: "nodes" as const }))),
];

/** Every object that the run creates, changes or deletes, in the order of its steps, each with its way back. */
export function plannedChanges(input: ChangesInput): readonly PlannedChange[] {
  const own = ofSource(input);
  const all = [
    ...records(input),
    ...installation(input),
    ...onNodes(input),
    ...finalizing(input),
    ...removing(input),
    ...own,
  ];
  if (own.length === 0) return all;
  const order = runStepsOf({ sourceSteps: plannedSteps(input.own) });
  return all.toSorted((a, b) => order.indexOf(a.phase) - order.indexOf(b.phase));
}
