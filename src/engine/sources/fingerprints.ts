import type { ClusterFacts, WorkloadFacts } from "../model/facts.ts";
import type { Fingerprint, Source } from "./source.ts";

/** A CNI that this version knows by sight alone. */
export interface Unsupported extends Fingerprint {
  /** Why this version cannot move pods away from it. */
  readonly why: string;
  readonly remedy: string;
}

/** By labels, each as key=value. */
export const labelled = (workload: WorkloadFacts, ...pairs: readonly string[]) =>
  pairs.some((pair) => {
    const [key = "", value] = pair.split("=");
    return workload.labels[key] === value;
  });

/** Mirrors are common, so only the end of an image's path counts, without tag and digest. */
export function imagePath(image: string): string {
  return image.replace(/@.*$/, "").replace(/:[^:/]*$/, "");
}

/** By the ends of its images' paths. */
export const imaged = (workload: WorkloadFacts, ...suffixes: readonly string[]) =>
  workload.images.some((image) => suffixes.some((suffix) => imagePath(image).endsWith(suffix)));

const named = (workload: WorkloadFacts, ...names: readonly string[]) => names.includes(workload.name);

const later = "Wait for a version of Crossfade that supports it, or start with a cluster on Flannel.";
const managed = "Use the provider's own way to change the network; Crossfade cannot.";

const isGkeCilium = (workload: WorkloadFacts) => named(workload, "anetd");

/** In the order in which they are asked: the more special first. */
const unsupported: readonly Unsupported[] = [
  {
    id: "weave",
    name: "Weave Net",
    why: "its policy chains drop traffic of pods that it does not know, which this version cannot lift",
    remedy: later,
    matches: (it) => labelled(it, "name=weave-net") || named(it, "weave-net") || imaged(it, "weave-kube"),
  },
  {
    id: "kube-router",
    name: "kube-router",
    why: "it may be the cluster's service proxy too, and removing it would take all services away",
    remedy: later,
    matches: (it) => labelled(it, "k8s-app=kube-router") || named(it, "kube-router") || imaged(it, "/kube-router"),
  },
  {
    id: "antrea",
    name: "Antrea",
    why: "its pods leave the node through Open vSwitch, which is untested beside Cilium",
    remedy: later,
    matches: (it) => labelled(it, "component=antrea-agent") || named(it, "antrea-agent") || imaged(it, "antrea-agent"),
  },
  {
    id: "ovn-kubernetes",
    name: "OVN-Kubernetes",
    why: "its pods bypass the host's routing table, so they would not reach pods on Cilium",
    remedy: "Build a new cluster with Cilium and move the workloads there.",
    matches: (it) => labelled(it, "app=ovnkube-node") || named(it, "ovnkube-node"),
  },
  {
    id: "kindnet",
    name: "kindnet",
    why: "it is kind's default network, and this version has no steps for it",
    remedy: "Create the kind cluster with networking.disableDefaultCNI and install Flannel, or run: crossfade demo",
    matches: (it) => labelled(it, "app=kindnet", "k8s-app=kindnet") || named(it, "kindnet") || imaged(it, "kindnetd"),
  },
  {
    id: "aws-vpc-cni",
    name: "the AWS VPC CNI",
    why: "its pods have addresses of the VPC itself, which needs steps that this version does not have",
    remedy: later,
    matches: (it) => labelled(it, "k8s-app=aws-node") || named(it, "aws-node") || imaged(it, "amazon-k8s-cni"),
  },
  {
    id: "azure-cni",
    name: "Azure CNI",
    why: "AKS owns it and writes its configuration again",
    remedy: "Use az aks update to change to Azure CNI powered by Cilium.",
    matches: (it) => labelled(it, "k8s-app=azure-cns") || named(it, "azure-cns", "azure-cni-overlay"),
  },
  {
    id: "gke",
    name: "GKE's own network",
    why: "GKE restores its configuration whenever a node restarts",
    remedy: managed,
    matches: (it, { nodes }) =>
      isGkeCilium(it) ||
      (named(it, "netd") && nodes.some(({ labels }) => labels["cloud.google.com/gke-nodepool"] !== undefined)),
  },
];

/** Which CNI a DaemonSet is of, among the sources that are known and what is known by sight. */
export function recognised(
  workload: WorkloadFacts,
  facts: Pick<ClusterFacts, "nodes">,
  known: readonly Source[],
): Source | Unsupported | undefined {
  return [...known, ...unsupported].find((it) => it.matches(workload, facts));
}

/** A DaemonSet that enforces NetworkPolicies, by its name or the images beside a CNI's daemon. */
export const isPolicyEngine = (name: string): boolean => /kube-network-policies|kube-router|netpol/.test(name);

/** ConfigMaps of CNIs that are known by sight, and of what every source stands beside. */
export const otherConfigMaps: readonly string[] = [
  "kube-system/kube-proxy",
  "kube-system/kubeadm-config",
  "kube-system/cilium-config",
];

/** API groups whose kinds tell what else has a say in the cluster's network. */
export const detailedGroups: readonly string[] = [
  "cilium.io",
  "networking.k8s.io",
  "policy.networking.k8s.io",
  "crd.antrea.io",
  "k8s.cni.cncf.io",
  "policy",
];

/** Kinds that restrict traffic, by the group that serves them. */
export const policyKinds: Readonly<Record<string, readonly string[]>> = {
  "networking.k8s.io": ["networkpolicies"],
  "policy.networking.k8s.io": ["adminnetworkpolicies", "baselineadminnetworkpolicies", "clusternetworkpolicies"],
  "cilium.io": ["ciliumnetworkpolicies", "ciliumclusterwidenetworkpolicies"],
  "crd.projectcalico.org": ["networkpolicies", "globalnetworkpolicies"],
  "crd.antrea.io": ["networkpolicies", "clusternetworkpolicies"],
};

/** Multus is no CNI of its own: it stands in front of one. */
export function isMultus(workload: WorkloadFacts): boolean {
  return (
    labelled(workload, "app=multus", "name=multus") ||
    named(workload, "kube-multus-ds", "rke2-multus", "multus") ||
    imaged(workload, "multus-cni")
  );
}

/** A Cilium of the user's own; GKE's anetd bears the same label and is none. */
export function isCiliumAgent(workload: WorkloadFacts): boolean {
  if (workload.kind !== "DaemonSet" || isGkeCilium(workload)) return false;
  return labelled(workload, "k8s-app=cilium") || named(workload, "cilium");
}

/** A CNI that runs: an object that schedules nothing is only a leftover. */
export interface Found {
  readonly fingerprint: Source | Unsupported;
  readonly workload: WorkloadFacts;
}

export function runningCnis(facts: ClusterFacts, known: readonly Source[]): readonly Found[] {
  const running = facts.workloads.filter(({ kind, desired }) => kind === "DaemonSet" && desired > 0);
  return running.flatMap((workload) => {
    const fingerprint = recognised(workload, facts, known);
    return fingerprint ? [{ fingerprint, workload }] : [];
  });
}
