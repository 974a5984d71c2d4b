import type { ApiTls } from "./cluster/api-tls.ts";
import type { DryRunFacts } from "./cluster/dry-run-facts.ts";
import type { NamespaceContents } from "./cluster/namespace-contents.ts";
import type { ServiceFacts } from "./cluster/service-facts.ts";
import type { SourceObject } from "./cluster/source-object.ts";
import type { Taint, Toleration } from "./cluster/taints.ts";
import type { UncountedFacts } from "./cluster/uncounted-facts.ts";

/**
 * What can be observed of a cluster, in the engine's own words. All of it is plain JSON: adapters fill it in,
 * pure functions decide on it, tests write it by hand. Times are epoch milliseconds, sizes are bytes.
 */

export interface NodeFacts {
  readonly name: string;
  readonly uid: string;
  readonly controlPlane: boolean;
  /** status.addresses of type InternalIP. */
  readonly internalIps: readonly string[];
  /** spec.podCIDRs: what kube-controller-manager gave the node (the range of it that most sources use). */
  readonly podCidrs: readonly string[];
  readonly ready: boolean;
  /** Reason of the Ready condition when it is not True, else "". */
  readonly notReadyReason: string;
  /** What the kubelet, or whoever speaks for it, says of that, else "". */
  readonly notReadyMessage: string;
  /** When the Ready condition last changed, by the cluster's clock. */
  readonly readySince: number | null;
  /** spec.unschedulable. */
  readonly cordoned: boolean;
  readonly taints: readonly Taint[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** status.nodeInfo.bootID: changes with every boot of a kernel, not with a container's restart (kind). */
  readonly bootId: string;
  readonly kernelVersion: string;
  readonly osImage: string;
  readonly operatingSystem: string;
  readonly architecture: string;
  readonly kubeletVersion: string;
  readonly containerRuntime: string;
  /** spec.providerID, "" when unset; kind:// names kind. */
  readonly providerId: string;
  /** status.allocatable.pods */
  readonly allocatablePods: number;
  readonly allocatableCpuMillis: number;
  readonly allocatableMemoryBytes: number;
  /** The NetworkUnavailable condition is True. */
  readonly networkUnavailable: boolean;
  /** Reason of that condition: whoever wrote it last, as "CiliumIsUp"; "" where there is none. */
  readonly networkReason: string;
  readonly createdAt: number;
}

export interface OwnerFacts {
  readonly kind: string;
  readonly apiVersion: string;
  readonly name: string;
  readonly uid: string;
}

/** Enough to address one pod and nobody who later bears its name. */
export interface PodRef {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

export interface PodFacts extends PodRef {
  readonly node: string | null;
  readonly phase: "Pending" | "Running" | "Succeeded" | "Failed" | "Unknown";
  readonly ips: readonly string[];
  readonly hostNetwork: boolean;
  readonly ready: boolean;
  readonly createdAt: number;
  /** deletionTimestamp, or null. */
  readonly terminatingAt: number | null;
  /** deletionGracePeriodSeconds: 0 once its kubelet has stopped it and only finalizers keep it; null while nobody deletes it. */
  readonly deletionGraceSeconds: number | null;
  readonly terminationGraceSeconds: number;
  /** The controller owner reference. */
  readonly owner: OwnerFacts | null;
  /** Bears kubernetes.io/config.mirror: a static pod, which only its kubelet can restart. */
  readonly mirror: boolean;
  /** Names of its emptyDir volumes. */
  readonly emptyDirs: readonly string[];
  readonly hostPorts: readonly number[];
  readonly labels: Readonly<Record<string, string>>;
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  /** The first container's waiting reason (ImagePullBackOff, CrashLoopBackOff, ContainerCreating), or "". */
  readonly waitingReason: string;
  /** What keeps it from starting, in a clause: the scheduler's words, or a container's reason and message; "" where nothing does. */
  readonly notStarted: string;
  readonly restarts: number;
  /** How the container that last ended badly ended: "exit code 1: its last words", or "" where none did by itself. */
  readonly lastFailure: string;
  /** When that was, by its node's clock; null where it is not said. */
  readonly failedAt: number | null;
  /** Last time a container was started: tells a recreated sandbox from an old one. */
  readonly startedAt: number | null;
  readonly finalizers: readonly string[];
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** Folders and files of its node that it mounts. */
  readonly hostPaths: readonly HostPath[];
  /** Names of its PersistentVolumeClaims, in its own namespace. */
  readonly claims: readonly string[];
}

export interface HostPath {
  readonly path: string;
  /** Some container of the pod may write there. */
  readonly writable: boolean;
}

/** A PersistentVolume that only some nodes can mount, as a local one: spec.nodeAffinity.required, any of which must hold. */
export interface LocalVolumeFacts {
  readonly name: string;
  /** namespace/name of the claim that it is bound to. */
  readonly claim: string;
  readonly nodes: readonly LabelSelector[];
}

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

/** A PodDisruptionBudget with its status. */
export interface BudgetFacts {
  readonly namespace: string;
  readonly name: string;
  readonly selector: LabelSelector | null;
  readonly disruptionsAllowed: number;
  readonly currentHealthy: number;
  readonly desiredHealthy: number;
  readonly expectedPods: number;
}

/** On which nodes the pods of a template may run. */
export interface Placement {
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** Required node affinity, any of which must hold; null where there is none. */
  readonly nodes: readonly LabelSelector[] | null;
  readonly tolerations: readonly Toleration[];
}

export interface WorkloadFacts {
  readonly kind: "DaemonSet" | "Deployment" | "StatefulSet";
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Of the object and of its pod template; the template's win. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Who owns it, as its ownerReferences say: "Installation default". */
  readonly owners: readonly string[];
  readonly images: readonly string[];
  /** CNI configuration files that its containers are told to write (/etc/cni/net.d/10-NAME.conflist), by name. */
  readonly confFiles: readonly string[];
  /** Files of its node that its init containers' command lines name, by the path that the node has for them. */
  readonly hostFiles: readonly string[];
  /** Of its containers' environment, what sources ask for (see `SourceDirectory`) and is written there as it is. */
  readonly env: Readonly<Record<string, string>>;
  /** Names of the ConfigMaps that it mounts. */
  readonly configMaps: readonly string[];
  readonly placement: Placement;
  readonly desired: number;
  /** Pods of the newest template. */
  readonly updated: number;
  readonly ready: number;
  /** status.observedGeneration has caught up with metadata.generation. */
  readonly observed: boolean;
}

export interface CiliumNodeFacts {
  readonly name: string;
  readonly podCidrs: readonly string[];
  readonly ciliumInternalIps: readonly string[];
  /** spec.health.ipv4: the health endpoint's address in the new range. */
  readonly healthIp: string | null;
  /** status.ipam.operator-status.error, or "". */
  readonly error: string;
}

export interface CiliumNodeConfigFacts {
  readonly apiVersion: string;
  readonly namespace: string;
  readonly name: string;
  readonly matchLabels: Readonly<Record<string, string>>;
  readonly defaults: Readonly<Record<string, string>>;
}

export interface CiliumEndpointFacts {
  readonly namespace: string;
  readonly name: string;
  readonly ips: readonly string[];
  readonly state: string;
}

export interface HelmReleaseFacts {
  readonly name: string;
  readonly namespace: string;
  /** For example cilium-1.18.12. */
  readonly chart: string;
  readonly version: string;
  /** deployed, failed, pending-install, pending-upgrade, pending-rollback, … */
  readonly status: string;
  readonly revision: number;
}

/** Whoever has the rights of one stage has those of the ones before it. */
export type RightsStage = "view" | "request" | "operate" | "finalize";

/** A right of ours, as SelfSubjectAccessReview answered. */
export interface PermissionFacts {
  readonly verb: string;
  /** For example pods/eviction. */
  readonly resource: string;
  readonly group: string;
  readonly namespace: string | null;
  /** One object, where the right is asked for that one alone. */
  readonly name?: string;
  /** The first stage that needs it; "operate" when it is not given. */
  readonly stage?: RightsStage;
  readonly allowed: boolean;
}

/** A webhook or aggregated API that is served by pods, and so can be cut off while they move. */
export interface BackendFacts {
  readonly kind: "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration" | "APIService";
  readonly name: string;
  readonly serviceNamespace: string;
  readonly serviceName: string;
  /** A webhook that fails closed stops writes while its pods are away. */
  readonly failsClosed: boolean;
}

/** One fresh sweep over the whole cluster: what detection, preflight and planning decide on. */
export interface ClusterFacts {
  readonly at: number;
  /** Name of the kubeconfig context; the operator types it at the point of no return. */
  readonly context: string;
  readonly server: string;
  readonly tls: ApiTls;
  /** Whose the namespace crossfade is, by its label. */
  readonly ownNamespace: "missing" | "ours" | "others" | "unknown";
  /** uid of the namespace kube-system: identifies the cluster itself. */
  readonly clusterUid: string;
  /** For example v1.33.4. */
  readonly kubernetesVersion: string;
  /** Group → served versions, for example cilium.io → [v2, v2alpha1]. */
  readonly apiGroups: Readonly<Record<string, readonly string[]>>;
  /** Group/version → resources served, for groups that matter: cilium.io/v2 → [ciliumnodes, …]. */
  readonly apiResources: Readonly<Record<string, readonly string[]>>;
  readonly nodes: readonly NodeFacts[];
  readonly pods: readonly PodFacts[];
  readonly budgets: readonly BudgetFacts[];
  readonly workloads: readonly WorkloadFacts[];
  readonly services: readonly ServiceFacts[];
  /** Bound volumes that only some nodes can mount; null where they could not be asked for. */
  readonly localVolumes: readonly LocalVolumeFacts[] | null;
  /** ServiceCIDR objects, else what the API server's static pod or kubeadm-config says; may be empty. */
  readonly serviceCidrs: readonly string[];
  /** namespace/name → data, of those that detection asks for (see `SourceDirectory`); absent ones are left out. */
  readonly configMaps: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Namespace → all that is in it, of the namespaces that a source may own (see `SourceDirectory`) and runs in. */
  readonly namespaceContents: Readonly<Record<string, NamespaceContents>>;
  /** Kind in full (networkpolicies.networking.k8s.io) → its objects, of the kinds that are read (see `SourceDirectory`) and served. */
  readonly sourceObjects: Readonly<Record<string, readonly SourceObject[]>>;
  /** Kind in full → number of objects. */
  readonly policies: Readonly<Record<string, number>>;
  readonly backends: readonly BackendFacts[];
  /** Lists that could not be read: of them nothing is known, which is not the same as none. */
  readonly uncounted: readonly UncountedFacts[];
  readonly ciliumNodes: readonly CiliumNodeFacts[];
  readonly ciliumNodeConfigs: readonly CiliumNodeConfigFacts[];
  readonly helmReleases: readonly HelmReleaseFacts[];
  readonly permissions: readonly PermissionFacts[];
  /** Writes of ours that were tried without being written. */
  readonly dryRuns: readonly DryRunFacts[];
  /** helm's own version as it prints it (v4.1.4), or null when no helm was found. */
  readonly helmVersion: string | null;
  /** Addresses and host name of the machine the tool runs on: a node that bears one of them goes last. */
  readonly ownAddresses: readonly string[];
  readonly ownHostname: string;
}

/** Whose network a pod is on. "host" needs none; "unknown" is an address outside both ranges, or none yet. */
export type PodNetwork = "source" | "cilium" | "host" | "unknown";

/** A CNI configuration file on a node, as the node's own disk has it. */
export interface CniFile {
  readonly name: string;
  readonly content: string;
}
