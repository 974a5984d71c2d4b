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
    return typeof valueAt(given, "cni.confPath") === "string" && typeof valueAt(given, "cni.binPath") === "string"
      ? warning("cni-folders-given", { distribution: name })
      : blocker("cni-folders-elsewhere", { distribution: name, conf, bin });
  };
}

function talos({ options, source }: CheckInput): Finding {
  const mounted = valueAt(options.userValues ?? {}, "cgroup.autoMount.enabled") === false;
  const of = { source: source.name };
  return mounted ? warning("talos-restores-source", of) : blocker("talos-blocks-agents", of);
}

const distributions: readonly Distribution[] = [
  {
    name: "OpenShift",
    fits: ({ apiGroups }) => "config.openshift.io" in apiGroups,
    judge: () => blocker("openshift-owns-cni", {}),
  },
  {
    name: "GKE",
    fits: labelled("cloud.google.com/gke-nodepool"),
    judge: () => blocker("gke-restores-cni", {}),
  },
  {
    name: "AKS",
    fits: labelled("kubernetes.azure.com/cluster"),
    judge: () => blocker("aks-owns-network", {}),
  },
  {
    name: "EKS",
    fits: (facts) =>
      anyNode(facts, ({ labels }) => Object.keys(labels).some((key) => key.startsWith("eks.amazonaws.com/"))),
    judge: () => warning("eks-vpc-cni", {}),
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
    judge: () => warning("rke2-installs-cni", {}),
  },
  {
    name: "k3s",
    fits: versioned("+k3s"),
    judge: ({ source }) => warning("k3s-beside-source", { source: source.name }),
  },
  {
    name: "kops",
    fits: labelled("kops.k8s.io/instancegroup"),
    judge: () => warning("kops-applies-cni", {}),
  },
  {
    name: "minikube",
    fits: labelled("minikube.k8s.io/name"),
    judge: () => warning("minikube-applies-cni", {}),
  },
];

/** Whoever owns the nodes' configuration can undo the move at the next update. */
export const distribution: Check = {
  id: "distribution",
  check(input) {
    const found = distributions.find((candidate) => candidate.fits(input.facts));
    return found ? found.judge(input) : ok();
  },
};
