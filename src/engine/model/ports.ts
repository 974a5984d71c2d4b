import type { EvictionAnswer } from "../drain/eviction-answer.ts";
import type { Watchers } from "../observers/elsewhere.ts";
import type { LinkState, Measured } from "./events.ts";
import type { ExaminedRecord } from "./examined-record.ts";
import type {
  BudgetFacts,
  CiliumEndpointFacts,
  CiliumNodeConfigFacts,
  CiliumNodeFacts,
  ClusterFacts,
  CniFile,
  HelmReleaseFacts,
  NodeFacts,
  PodFacts,
  PodRef,
  WorkloadFacts,
} from "./facts.ts";
import type { FolderLook, HostLeftovers, LeftoverKinds } from "./leftovers.ts";
import type { NamespaceContents } from "./namespace-contents.ts";
import type { NodeLife } from "./node-state.ts";
import type { CiliumTarget, Consent, JsonObject, Plan, RebootMethod, WhenLeft } from "./plan-types.ts";
import type { Charts } from "./ports/charts.ts";
import type { Cleaners } from "./ports/cleaners.ts";
import type { Prober } from "./ports/prober.ts";

/**
 * What the engine asks of the world, in its own words. Every call may throw `CouldNotAsk` (try again later) or a
 * `CrossfadeError` (foreseen, final); writes throw LOCK_LOST once the run belongs to somebody else.
 * Reads come from watch caches unless they say fresh.
 */
export interface Ports {
  readonly clock: Clock;
  readonly inventory: Inventory;
  readonly nodes: Nodes;
  readonly pods: Pods;
  readonly workloads: Workloads;
  readonly cilium: Cilium;
  readonly charts: Charts;
  readonly installer: Installer;
  readonly hosts: Hosts;
  readonly rebooter: Rebooter;
  readonly prober: Prober;
  readonly cleaners: Cleaners;
  readonly records: Records;
  readonly watchers: Watchers;
  readonly lock: Lock;
  readonly changes: Changes;
}

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Rejects with the signal's reason when it is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** One fresh sweep over all that detection, preflight and planning need, or the cluster's uid alone. Writes nothing. */
export interface Inventory {
  read(signal: AbortSignal): Promise<ClusterFacts>;
  clusterUid(signal: AbortSignal): Promise<string>;
}

/** Wakes the engine when the watched cluster changed. */
export interface Changes {
  /** Resolves at the next change seen by any watch, or after `atMostMs`. */
  next(atMostMs: number, signal: AbortSignal): Promise<void>;
  link(): LinkState;
}

export interface Nodes {
  list(): Promise<readonly NodeFacts[]>;
  get(name: string): Promise<NodeFacts | null>;
  cordon(name: string): Promise<void>;
  uncordon(name: string): Promise<void>;
  /** Null removes the label. */
  setLabel(name: string, key: string, value: string | null): Promise<void>;
  /** Removes every taint with this key, whatever its effect. */
  removeTaint(name: string, key: string): Promise<void>;
  removeAnnotations(name: string, keys: readonly string[]): Promise<void>;
}

export interface Pods {
  list(): Promise<readonly PodFacts[]>;
  on(node: string): Promise<readonly PodFacts[]>;
  /** Asks the API server itself, for gates on which a pod that the cache has not seen yet must count. */
  onFresh(node: string): Promise<readonly PodFacts[]>;
  budgets(): Promise<readonly BudgetFacts[]>;
  evict(pod: PodRef): Promise<EvictionAnswer>;
  /** With the uid as precondition; a pod that is gone is no error. */
  delete(pod: PodRef, options?: { readonly graceSeconds?: number }): Promise<void>;
}

export interface Workloads {
  list(): Promise<readonly WorkloadFacts[]>;
  get(kind: WorkloadFacts["kind"], namespace: string, name: string): Promise<WorkloadFacts | null>;
  /** The newest word of a controller that may make no pod of this workload (FailedCreate: quota, LimitRange, PodSecurity, a webhook); null where there is none, or we may not read events. */
  failedCreate(namespace: string, name: string): Promise<string | null>;
  /** As kubectl rollout restart; `token` makes it idempotent: the same token restarts only once. */
  restart(kind: "DaemonSet" | "Deployment", namespace: string, name: string, token: string): Promise<void>;
  /** Objects of the source CNI by kind and name that exist now. */
  existing(objects: readonly ObjectRef[]): Promise<readonly ObjectRef[]>;
  /** All that is in a namespace, of every kind that discovery names. Asks the API server itself. */
  contents(namespace: string): Promise<NamespaceContents>;
  /** What keeps a namespace that is being deleted, in the words of its conditions; null for one that is not being deleted. */
  terminating(namespace: string): Promise<readonly string[] | null>;
  /** Foreground deletion; an absent object is no error. */
  delete(object: ObjectRef): Promise<void>;
}

export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
}

/** What an agent says of itself (cilium-dbg status -o json, and the effective configuration under /tmp/cilium/config-map). */
export interface AgentStatus {
  readonly podUid: string;
  /** `cilium.state`: Ok, Warning, Failure, Disabled. */
  readonly state: string;
  /** `cni-file.state`: Disabled on a node that Cilium did not take over, Ok where it wrote its conflist. */
  readonly cniFile: string;
  readonly cniFileMessage: string;
  /** The key config-sources: names the CiliumNodeConfigs in effect. */
  readonly configSources: string;
  readonly writesCniConf: boolean;
}

export interface AgentPod {
  readonly node: string;
  readonly ref: PodRef;
  readonly ready: boolean;
  readonly createdAt: number;
  readonly waitingReason: string;
  readonly notStarted: string;
  readonly restarts: number;
  readonly lastFailure: string;
  readonly failedAt: number | null;
}

export interface Cilium {
  agents(): Promise<readonly AgentPod[]>;
  nodes(): Promise<readonly CiliumNodeFacts[]>;
  endpoints(): Promise<readonly CiliumEndpointFacts[]>;
  nodeConfigs(): Promise<readonly CiliumNodeConfigFacts[]>;
  /** Of ciliumnodeconfigs, by API discovery and never from a version number; null while the CRD is not there. */
  servedNodeConfigVersion(): Promise<string | null>;
  /** Names of cilium.io CRDs whose condition Established is not True yet, of those given. */
  crdsNotEstablished(names: readonly string[]): Promise<readonly string[]>;
  /** Plural names of what API group cilium.io serves, by discovery: its CRDs, as far as they work. */
  servedKinds(): Promise<readonly string[]>;
  applyNodeConfig(config: CiliumNodeConfigFacts): Promise<void>;
  deleteNodeConfig(namespace: string, name: string): Promise<void>;
  agentStatus(node: string): Promise<AgentStatus>;
}

/** Helm. One release, `plan.cilium.release`. */
export interface Installer {
  release(): Promise<HelmReleaseFacts | null>;
  /** install --install with exactly these values; resolves when helm ended, throws HELM_FAILED with helm's own words. */
  apply(target: CiliumTarget, values: JsonObject, signal: AbortSignal): Promise<void>;
  /** The values in effect that were given by the user of the release (helm get values). */
  values(): Promise<JsonObject | null>;
  uninstall(signal: AbortSignal): Promise<void>;
  /** After a killed helm: brings a pending release to a state from which `apply` works. */
  recover(signal: AbortSignal): Promise<void>;
}

/** A node's own disk, links and iptables, reached through pods that already have them mounted. */
export interface Hosts {
  /** The conf directory of the node, sorted by name; directories left out. */
  cniFiles(node: string): Promise<readonly CniFile[]>;
  removeCniFile(node: string, name: string): Promise<void>;
  renameCniFile(node: string, from: string, to: string): Promise<void>;
  leftovers(node: string, of: LeftoverKinds): Promise<HostLeftovers>;
  /** Removes what `leftovers` found; safe to repeat. With what the node's disk did not let go, in its own words. */
  clean(node: string, found: HostLeftovers, of: LeftoverKinds): Promise<readonly string[]>;
  /** Names in a folder that a cleaner of ours has mounted; none where the folder is not there. */
  namesIn(node: string, folder: string): Promise<FolderLook>;
  /** Removes files in such folders; with what the node's disk did not let go, in its own words. */
  removeFiles(node: string, paths: readonly string[]): Promise<readonly string[]>;
}

export interface Rebooter {
  /** Asks for the reboot and returns; whether it happened is observed (bootID, Ready). */
  reboot(node: NodeFacts, method: RebootMethod, signal: AbortSignal): Promise<void>;
  /** Removes helper pods of ours on this node, if any. */
  tidy(node: string): Promise<void>;
}

/** What of a run cannot be observed, written on the cluster before it matters. */
export interface RunRecord {
  readonly version: 1;
  readonly plan: Plan;
  readonly direction: "forward" | "back";
  readonly paused: boolean;
  readonly consents: Readonly<Partial<Record<Consent, { readonly by: string; readonly at: number }>>>;
  readonly whenLeft: WhenLeft;
  readonly startedAt: number;
  readonly finished: { readonly at: number; readonly outcome: "migrated" | "undone" } | null;
  /** Run steps that were done, with the milliseconds that they took. */
  readonly stepsDone: Readonly<Record<string, number>>;
  /** Run steps that were begun, done or not: past the point of no return is told from these. */
  readonly started: readonly string[];
  /** By all engines of the run so far; some seconds old. */
  readonly measured: Measured;
}

/** What a node's annotation cni-crossfade/life says. */
export interface LifeRecord {
  readonly version: 1;
  /** Which run it is of: that one's `startedAt`. */
  readonly run: number;
  readonly life: NodeLife;
  readonly timings: Readonly<Record<string, number>>;
}

/** What is read is believed only as we wrote it; else a RECORD_ failure is thrown. */
export interface Records {
  /** Null where there is none. */
  run(): Promise<RunRecord | null>;
  /** With what was wrong with the record that it was written over: what a runner knows is the truth. */
  writeRun(record: RunRecord): Promise<string | null>;
  /** By node; one that is not of the run that was read last is refused. */
  lives(): Promise<Readonly<Record<string, LifeRecord>>>;
  writeLife(node: string, record: LifeRecord): Promise<void>;
  forgetLives(): Promise<void>;
  examine(): Promise<readonly ExaminedRecord[]>;
  /** Seals anew what was edited and is acceptable; the places of these. */
  accept(): Promise<readonly string[]>;
}

export interface LockState {
  /** user@host/pid */
  readonly holder: string;
  /** Epoch milliseconds by the holder's clock, as is `renewedAt`. */
  readonly since: number;
  readonly renewedAt: number;
  readonly mine: boolean;
  /** Not renewed for its term, by its holder's clock or as far as we saw: shown as such. */
  readonly expired: boolean;
  /** It stood still for its term before our eyes, or its process is gone: this very version may be taken at once. */
  readonly stoodStill: boolean;
  /** The lease's own version, which every renewal changes. */
  readonly version: string;
}

/** For how long a lease must stand still; and the term in seconds that it names itself, where no runner writes such a one. */
export type OnLeaseWait = (forMs: number, oddTerm: number | null) => void;

export interface LeaseTerms {
  /** Told once that a lease which looks old is waited for. */
  readonly onWait?: OnLeaseWait;
  /** A namespace crossfade that others made will do: whoever agreed to the plan was told of it. */
  readonly namespaceOfOthers?: boolean;
}

/** The Lease crossfade/engine. */
export interface Lock {
  /** Null when it was given back, or never taken. */
  state(): Promise<LockState | null>;
  /** The same from a watch, for who looks all the time. */
  watched(): Promise<LockState | null>;
  /**
   * False when somebody else holds it. Renews in the background until released or lost. One that looks old is waited
   * for, to be seen unchanged for its whole term. Throws PLAN_DRIFTED, with nothing written, where the namespace is somebody
   * else's and nobody agreed to that.
   */
  acquire(holder: string, terms?: LeaseTerms): Promise<boolean>;
  release(): Promise<void>;
  /** Aborted when somebody else has the lease. One that merely could not be renewed refuses writes until it is. */
  readonly lost: AbortSignal;
}
