import type { CheckResult } from "./check-result.ts";
import type { FrozenOwner } from "./plan/frozen-owner.ts";
import type { PlannedSourceStep, RollbackSourceStepId, SourceStepId } from "./plan/source-steps.ts";

/** How a migrated node's old sandboxes are recycled. "none" recreates pods without a reboot. */
export type RebootMethod =
  | { readonly method: "none" }
  | { readonly method: "manual" }
  /** docker restart of the node's container: the bootID stays. */
  | { readonly method: "kind" }
  /** A short-lived privileged pod on the node asks its init system to reboot. */
  | { readonly method: "privileged-pod"; readonly image: string }
  /** An argument vector of the operator's; `{node}` and `{address}` are replaced inside single arguments, no shell. */
  | { readonly method: "command"; readonly argv: readonly string[] };

/** What happens to the run when the panel goes away. */
export type WhenLeft = "pause" | "continue";

/**
 * What becomes of a node that failed, once the retries are used up. "stop" leaves it as it is and asks a person; "rollback" takes
 * it back, then asks; "skip" takes it back and goes on with the next, until more than `maxFailures` nodes have failed.
 */
export type NodeFailurePolicy = "stop" | "rollback" | "skip";

/** Everything the operator may decide before the run; part of the plan and of its hash. */
export interface RunOptions {
  readonly reboot: RebootMethod;
  /** How long a moved node is watched before the next one starts, in milliseconds. */
  readonly soakMs: number;
  /** How long a drain may take before the node counts as failed, in milliseconds; 0 waits for ever. */
  readonly drainTimeoutMs: number;
  /** How long a node may take to come back from its reboot, in milliseconds; 0 waits for ever. */
  readonly rebootTimeoutMs: number;
  readonly onNodeFailure: NodeFailurePolicy;
  /** For "skip": so many nodes may be left out because they failed; one more stops the run. */
  readonly maxFailures: number;
  /** How often a failed step is begun again by itself where that is safe and does something anew. */
  readonly retries: number;
  /** kubectl drain's --delete-emptydir-data. */
  readonly deleteEmptyDirData: boolean;
  /** kubectl drain's --force: pods without a controller are deleted and nothing brings them back. */
  readonly deleteBarePods: boolean;
  /** Ids of checks whose blocker was accepted, sorted: the run waits for what they warn of. */
  readonly accept: readonly string[];
  readonly whenLeft: WhenLeft;
  /** Nodes that the operator leaves out for now; finalize waits until there is none. */
  readonly exclude: readonly string[];
  /** Image of the probe and helper pods; agnhost of the Kubernetes project by default. */
  readonly probeImage: string;
}

const agnhost = "registry.k8s.io/e2e-test-images/agnhost:2.53";

/** What holds where the operator says nothing; its keys are all that a plan keeps of what he said. */
export const defaultRunOptions: RunOptions = {
  reboot: { method: "privileged-pod", image: agnhost },
  soakMs: 5_000,
  drainTimeoutMs: 10 * 60_000,
  rebootTimeoutMs: 20 * 60_000,
  onNodeFailure: "stop",
  maxFailures: 1,
  retries: 1,
  deleteEmptyDirData: false,
  deleteBarePods: false,
  accept: [],
  whenLeft: "pause",
  exclude: [],
  probeImage: agnhost,
};

/** How a source carries pods' packets between nodes where it wraps them. */
export interface Encapsulation {
  readonly protocol: "vxlan" | "geneve" | "wireguard" | "ipip";
  /** UDP port on Linux; null where it is not in UDP. */
  readonly port: number | null;
  readonly vni: number | null;
}

/** What a source runs; its DaemonSets serve the nodes, and their pods restart on a node's way back. */
export interface SourceWorkload {
  readonly kind: "DaemonSet" | "Deployment";
  readonly namespace: string;
  readonly name: string;
}

/** A range that a source has for something else than pods, or had for pods. */
export interface SourceRange {
  readonly cidr: string;
  /** Whose it is: "IPPool old, switched off". */
  readonly what: string;
  /** Addresses of it are given out: to tunnels, to load balancers. */
  readonly inUse: boolean;
}

/** The source CNI as it was recognised: what it wrote of itself, in parts that every source has. */
export interface SourceFacts {
  /** Of the source in the registry that wrote this. */
  readonly id: string;
  /** As people write it, in capitals where it has some. */
  readonly name: string;
  /** From the image tag, or "" when it bears none. */
  readonly version: string;
  /** Of the DaemonSet that serves most nodes. */
  readonly namespace: string;
  /** All that it runs, wherever: the DaemonSet that serves most nodes first, one for each architecture in some manifests. */
  readonly workloads: readonly SourceWorkload[];
  /** The CNI configuration file that its pods write, by the name that they are told. */
  readonly confFile: string;
  /** Name of its network in that file: host-local keeps its addresses in /var/lib/cni/networks under it; null where it keeps none. */
  readonly network: string | null;
  /** Plugins' binaries that a container of the source's puts on each node; what is somebody else's is not among them. */
  readonly plugins: readonly string[];
  /** Folders besides /etc/cni, /opt/cni and /var/lib/cni in which it keeps a node's state. */
  readonly stateFolders: readonly string[];
  /** Where it writes nft tables of its own in place of iptables chains: its daemon's image, which has the command for them. */
  readonly nftImage: string | null;
  /** How packets cross between its nodes, by its own word: "host-gw". */
  readonly mode: string;
  /** None where its nodes route. */
  readonly encapsulations: readonly Encapsulation[];
  readonly podCidrs: readonly string[];
  /** Ranges of its own in which no pod lives now; absent where it has none. */
  readonly otherRanges?: readonly SourceRange[];
  /** 0 when the source finds it out by itself. */
  readonly mtu: number;
  /** It enforces NetworkPolicies, and knows a pod by the address that its packets bear. */
  readonly enforcesPolicies: boolean;
  /** What only this source needs of itself, and nobody else reads; null where it needs nothing more. */
  readonly own: JsonObject | null;
  /** Nothing foreign was in its own namespace when the plan was made: it goes with the source, if that is still so then. */
  readonly ownsNamespace: boolean;
  /** Why a namespace that could be its own stays, or may stay: what others have in it, and kinds that could not be listed (asked again before it goes). */
  readonly namespaceKeepers: readonly string[];
}

export interface CiliumTarget {
  readonly version: string;
  readonly namespace: string;
  readonly release: string;
  /** A repository's address and the chart's name in it (for OCI: the chart's address before its name), or the path of a local .tgz. */
  readonly chart: { readonly repository: string; readonly name: string } | { readonly path: string };
  /** sha256 of the chart's archive, as hex: no other is installed. Absent where it could not be read, which blocks the plan. */
  readonly chartDigest?: string;
  readonly podCidr: string;
  readonly maskSize: number;
  readonly tunnelProtocol: "vxlan" | "geneve";
  readonly tunnelPort: number;
  readonly operatorReplicas: number;
  /** Of the network, where the source's was set by hand: Cilium must not take a larger one. Absent where it detects its own. */
  readonly mtu?: number;
  /** The one range over the old CNI's pods and Cilium's, within which pods keep their addresses; absent where there is none, or no need. */
  readonly nativeRoutingCidr?: string;
  /** There are virtual nodes, from which the agents' DaemonSet must keep away. */
  readonly machinesOnly?: true;
}

/** Where a chart comes from, in words. */
export function chartPlace(chart: CiliumTarget["chart"]): string {
  if ("path" in chart) return chart.path;
  const { repository, name } = chart;
  return repository.startsWith("oci://") ? `${repository}/${name}` : `${name} from ${repository}`;
}

/** How a digest is shown: as long as nobody could take another for it by accident. */
export const shortDigest = (digest: string | undefined): string =>
  digest === undefined ? "not read" : `sha256:${digest.slice(0, 12)}`;

export type NodeTurn = "canary" | "worker" | "control-plane" | "own-node";

export interface PlannedNode {
  readonly name: string;
  readonly turn: NodeTurn;
  /** Pods that the drain moves. */
  readonly podsToMove: number;
  readonly estimateMs: number;
}

/** A node that takes no part in the run: a virtual one, or one that the source does not serve. */
export interface OutsideNode {
  readonly name: string;
  readonly because: string;
}

/** One object that the run creates, changes or deletes, and how that is undone. */
export interface PlannedChange {
  readonly verb: "create" | "change" | "delete";
  /** Kind in the field's own spelling: Node, ConfigMap, "Helm release". */
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
  /** In a few words: what of it changes. */
  readonly what: string;
  readonly phase: RunStepId;
  /** How undo puts it back, or null past the point of no return. */
  readonly rollback: string | null;
}

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

export interface PlannedValues {
  /** What helm is handed, as JSON. */
  readonly initial: JsonObject;
  readonly final: JsonObject;
  /** The same for a person: YAML with a comment at each value saying why. */
  readonly initialYaml: string;
  readonly finalYaml: string;
  /** Path (cni.customConf) → its value in each; the documented three and nothing else. */
  readonly difference: readonly { readonly path: string; readonly initial: JsonValue; readonly final: JsonValue }[];
}

/** What will be done, decided before anything is touched. Its hash covers everything but `at` and `checkResults`. */
export interface Plan {
  readonly version: 1;
  readonly hash: string;
  readonly at: number;
  readonly cluster: {
    readonly context: string;
    readonly server: string;
    readonly uid: string;
    readonly kubernetesVersion: string;
    readonly serviceCidrs: readonly string[];
  };
  readonly source: SourceFacts;
  /** Steps of the source's own, and those that roll them back; absent where it has none. */
  readonly sourceSteps?: readonly PlannedSourceStep[];
  readonly cilium: CiliumTarget;
  /** Owners of nodes or of the source that the run holds still; absent where that was not asked for. */
  readonly frozen?: readonly FrozenOwner[];
  /** Every node is restarted a second time once all is cleaned; absent where that was not asked for. */
  readonly secondRound?: true;
  /** Namespace crossfade was there, and others had made it: whoever agrees to the plan was told, and it is used as it is. */
  readonly namespaceOfOthers?: true;
  readonly nodes: readonly PlannedNode[];
  /** Nodes that are neither moved nor waited for. */
  readonly outside: readonly OutsideNode[];
  readonly options: RunOptions;
  readonly values: PlannedValues;
  readonly changes: readonly PlannedChange[];
  /** One sentence: until when everything can be undone. */
  readonly rollbackUntil: string;
  readonly estimateMs: number;
  readonly checkResults: readonly CheckResult[];
}

/** The run's own steps, in order; recorded, never renamed. "nodes" stands for all node lives. */
export const runSteps = [
  "prepare",
  "install",
  "verify-install",
  "node-config",
  "nodes",
  "upgrade",
  "restart-agents",
  "restart-operator",
  "check",
  "enforce-policies",
  "watch-drops",
  "remove-node-config",
  "save-source",
  "remove-source",
  "clean-nodes",
  "report",
] as const;
/** One of these, or of the source's own. */
export type RunStepId = (typeof runSteps)[number] | SourceStepId;

/** Whether the step is one of the run's way back. */
export const isRollbackRunStep = (step: string): step is RollbackRunStepId => step.startsWith("rollback-");

/** The way back, in order: policies out of force, the values of the hybrid phase, then all nodes, then what made the phase. */
export const rollbackRunSteps = [
  "rollback-enforce-policies",
  "rollback-upgrade",
  "rollback-nodes",
  "rollback-node-config",
  "rollback-install",
  "rollback-clean",
  "rollback-report",
] as const;
export type RollbackRunStepId = (typeof rollbackRunSteps)[number] | RollbackSourceStepId;

/** What only a person may allow; "policy-drops" is asked for only where policies refuse what none of them explains. */
export const consents = ["nodes", "finalize", "policy-drops", "remove-source"] as const;
export type Consent = (typeof consents)[number];
