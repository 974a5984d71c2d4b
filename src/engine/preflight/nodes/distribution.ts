import type { ClusterFacts, NodeFacts } from "../../model/facts.ts";
import { valueAt } from "../../values/merge.ts";
import { blocker, type Check, type CheckInput, type Finding, ok, warning } from "../check.ts";

/** A distribution or provider that has a say in which CNI runs (source-cnis.md §6). */
interface Distribution {
  readonly name: string;
  readonly fits: (facts: ClusterFacts) => boolean;
  readonly judge: (input: CheckInput) => Finding;
}

const anyNode = (facts: ClusterFacts, test: (node: NodeFacts) => boolean) => facts.nodes.some(test);
const labelled = (key: string) => (facts: ClusterFacts) => anyNode(facts, ({ labels }) => key in labels);
const versioned = (mark: string) => (facts: ClusterFacts) =>
  anyNode(facts, ({ kubeletVersion }) => kubeletVersion.includes(mark));

function needsPaths(name: string, conf: string, bin: string) {
  return ({ options }: CheckInput): Finding => {
    const given = options.userValues ?? {};
    if (typeof valueAt(given, "cni.confPath") === "string" && typeof valueAt(given, "cni.binPath") === "string") {
      return warning(
        `${name} keeps CNI files in folders of its own, and your values file names some`,
        "check them on one node before the first move",
      );
    }
    return blocker(
      `${name} keeps CNI files in folders of its own, where Cilium's would never be read`,
      `give --helm-values FILE with cni.confPath: ${conf} and cni.binPath: ${bin}`,
    );
  };
}

function talos({ options, source }: CheckInput): Finding {
  const mounted = valueAt(options.userValues ?? {}, "cgroup.autoMount.enabled") === false;
  const config = `set cluster.network.cni.name: none in the machine configuration before the last step, or ${source.name} returns`;
  if (mounted) return warning(`Talos owns ${source.name} and brings it back by its machine configuration`, config);
  return blocker(
    "Talos lets no pod mount cgroups or load modules, so Cilium's agents would not start with the chart's own values",
    `give --helm-values FILE with cgroup.autoMount.enabled: false, cgroup.hostRoot: /sys/fs/cgroup and securityContext.capabilities without SYS_MODULE; and ${config}`,
  );
}

const stop = (message: string, remedy: string) => () => blocker(message, remedy);
const care = (message: string, remedy: string) => () => warning(message, remedy);

const distributions: readonly Distribution[] = [
  {
    name: "OpenShift",
    fits: ({ apiGroups }) => "config.openshift.io" in apiGroups,
    judge: stop(
      "OpenShift's network operator owns the CNI, and it cannot be changed on a live cluster",
      "build a new cluster with Cilium and move the workloads there",
    ),
  },
  {
    name: "GKE",
    fits: labelled("cloud.google.com/gke-nodepool"),
    judge: stop(
      "GKE restores its own CNI configuration whenever a node restarts",
      "move to a cluster with Dataplane V2",
    ),
  },
  {
    name: "AKS",
    fits: labelled("kubernetes.azure.com/cluster"),
    judge: stop(
      "AKS owns its nodes' network and builds them anew",
      "use az aks update to change to Azure CNI powered by Cilium",
    ),
  },
  {
    name: "EKS",
    fits: (facts) =>
      anyNode(facts, ({ labels }) => Object.keys(labels).some((key) => key.startsWith("eks.amazonaws.com/"))),
    judge: care(
      "EKS may bring its own VPC CNI back, and its API server cannot reach pods of an overlay",
      "see that the vpc-cni add-on is not installed and will not be, open Cilium's UDP port in the nodes' security group, and put webhooks on hostNetwork",
    ),
  },
  { name: "Talos", fits: (facts) => anyNode(facts, ({ osImage }) => /talos/i.test(osImage)), judge: talos },
  {
    name: "MicroK8s",
    fits: labelled("microk8s.io/cluster"),
    judge: needsPaths(
      "MicroK8s",
      "/var/snap/microk8s/current/args/cni-network",
      "/var/snap/microk8s/current/opt/cni/bin",
    ),
  },
  {
    name: "RKE2",
    fits: versioned("+rke2"),
    judge: care(
      "RKE2 installs its CNI again at every server start",
      "set cni: none in /etc/rancher/rke2/config.yaml on all servers before the last step",
    ),
  },
  {
    name: "k3s",
    fits: versioned("+k3s"),
    judge: ({ source }) =>
      warning(
        `k3s runs with a ${source.name} of your own; where k3s's own CNI is off, containerd reads the standard folders`,
        "check with ls /etc/cni/net.d on one node, and keep flannel-backend: none on all servers",
      ),
  },
  {
    name: "kops",
    fits: labelled("kops.k8s.io/instancegroup"),
    judge: care(
      "kops applies the CNI of its cluster spec again at every update",
      "change networking in the spec to cni: {} before the last step",
    ),
  },
  {
    name: "minikube",
    fits: labelled("minikube.k8s.io/name"),
    judge: care(
      "minikube start applies the CNI that the profile was created with",
      "start the profile with --cni=false from now on",
    ),
  },
];

/** Whoever owns the nodes' configuration can undo the move at the next update. */
export const distribution: Check = {
  id: "distribution",
  title: "Distribution allows changing the CNI",
  check(input) {
    const found = distributions.find((candidate) => candidate.fits(input.facts));
    return found ? found.judge(input) : ok("No distribution that owns its CNI was recognised");
  },
};
