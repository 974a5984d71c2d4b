import { ciliumConfFile, migrationLabel, nodeConfigName, operatorDeployment } from "../cilium-names.ts";
import type { CiliumTarget, PlannedNode, RunOptions, SourceFacts, Touch } from "../plan-types.ts";
import { flannelLeftovers, flannelObjects } from "../sources/flannel.ts";

/** What the touches follow from. */
export interface TouchInput {
  readonly source: SourceFacts;
  readonly cilium: CiliumTarget;
  readonly nodes: readonly PlannedNode[];
  readonly options: RunOptions;
}

type Brief = readonly [kind: string, namespace: string | null, name: string, what: string];

function touch(
  verb: Touch["verb"],
  phase: Touch["phase"],
  undo: string | null,
  [kind, namespace, name, what]: Brief,
): Touch {
  return { verb, kind, namespace, name, what, phase, undo };
}

/** Above this many nodes a line for each would fill the record: the plan's own list names them. */
const mostNodeLines = 30;

function records(): readonly Touch[] {
  const stays = "stays as the record; kubectl delete namespace crossfade removes it";
  return [
    touch("create", "prepare", stays, [
      "Namespace",
      null,
      "crossfade",
      "for Crossfade's own objects; allows privileged pods",
    ]),
    touch("create", "prepare", stays, [
      "ConfigMap",
      "crossfade",
      "migration",
      "this plan, its hash, pace and consents",
    ]),
    touch("create", "prepare", "deleted", [
      "ConfigMap",
      "crossfade",
      "watchers",
      "what others who watch are told, and ask for",
    ]),
    touch("create", "prepare", "released at the end", ["Lease", "crossfade", "engine", "says who runs the migration"]),
    touch("create", "prepare", "deleted", ["DaemonSet", "crossfade", "crossfade-probe", "a probe pod on every node"]),
  ];
}

function installation({ cilium }: TouchInput): readonly Touch[] {
  const { namespace, release, version } = cilium;
  return [
    touch("create", "install", "helm uninstall", [
      "Helm release",
      namespace,
      release,
      `Cilium ${version} beside Flannel: it takes over nothing`,
    ]),
    touch("create", "install", "stay, unused, like all CRDs of helm charts", [
      "CustomResourceDefinition",
      null,
      "*.cilium.io",
      "created by Cilium's operator",
    ]),
    touch("create", "node-config", "deleted", [
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
function rebootPods({ method }: RunOptions["reboot"]): readonly Touch[] {
  if (method !== "privileged-pod") return [];
  const what = "privileged, in the node's process and network namespaces: runs systemctl reboot";
  return [touch("create", "nodes", "deleted when the node is back", ["Pod", "crossfade", "crossfade-reboot-*", what])];
}

function onNodes({ nodes, options, source }: TouchInput): readonly Touch[] {
  const names = nodes.length > mostNodeLines ? [`each of the ${nodes.length} nodes`] : nodes.map(({ name }) => name);
  const pods = nodes.reduce((sum, node) => sum + node.podsToMove, 0);
  const objects = names.map((name) =>
    touch("change", "nodes", "label off, pods recreated on Flannel, uncordoned if it was", [
      "Node",
      null,
      name,
      `cordoned, drained, labelled, ${reboots(options.reboot)}, uncordoned; annotation cni-crossfade/life`,
    ]),
  );
  return [
    ...rebootPods(options.reboot),
    ...objects,
    touch("change", "nodes", `${ciliumConfFile} removed, every recorded name given back`, [
      "File",
      null,
      "/etc/cni/net.d on each node",
      `${ciliumConfFile} written by Cilium; ${source.confFile} and every other *.conf, *.conflist and *.json there, other software's too, renamed by it to .cilium_bak`,
    ]),
    touch("delete", "nodes", "recreated on Flannel", [
      "Pod",
      null,
      `${pods} pods`,
      "evicted within their budgets; their controllers recreate them",
    ]),
    touch("delete", "nodes", "recreated on Flannel", [
      "Pod",
      null,
      "pods of DaemonSets",
      "those with an old address; recreated on their node",
    ]),
  ];
}

function finalizing({ cilium }: TouchInput): readonly Touch[] {
  const { namespace, release } = cilium;
  return [
    touch("change", "upgrade", "helm with the initial values", [
      "Helm release",
      namespace,
      release,
      "the three final values; enforces NetworkPolicies",
    ]),
    touch("change", "restart-agents", "restarted again", [
      "DaemonSet",
      namespace,
      "cilium",
      "restarted, two nodes at a time",
    ]),
    touch("change", "restart-operator", "restarted again", ["Deployment", namespace, operatorDeployment, "restarted"]),
    touch("delete", "remove-node-config", "created again", [
      "CiliumNodeConfig",
      namespace,
      nodeConfigName,
      "not needed any more",
    ]),
    touch("change", "remove-node-config", "labelled again", [
      "Node",
      null,
      "each node",
      `label ${migrationLabel} removed`,
    ]),
  ];
}

function removal({ source }: TouchInput): readonly Touch[] {
  const { links, chainPrefixes, fileSuffixes } = flannelLeftovers(source);
  const objects = flannelObjects(source).map(({ kind, namespace, name }) =>
    touch("delete", "remove-source", null, [
      kind,
      namespace,
      name,
      kind === "Namespace" ? "if it still holds nothing but Flannel then" : "Flannel's own",
    ]),
  );
  return [
    ...objects,
    touch("delete", "clean-nodes", null, ["Link", null, links.join(", "), "on each node"]),
    touch("delete", "clean-nodes", null, [
      "iptables chain",
      null,
      chainPrefixes.map((prefix) => `${prefix}*`).join(", "),
      "on each node",
    ]),
    touch("delete", "clean-nodes", null, ["File", null, fileSuffixes.join(", "), "in /etc/cni/net.d on each node"]),
    touch("delete", "report", null, ["DaemonSet", "crossfade", "crossfade-probe", "the probes; the record stays"]),
  ];
}

/** Every object that the run creates, changes or deletes, in the order of its steps, each with its way back. */
export function touchesOf(input: TouchInput): readonly Touch[] {
  return [...records(), ...installation(input), ...onNodes(input), ...finalizing(input), ...removal(input)];
}
