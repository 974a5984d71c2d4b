import type { nodeFindings } from "../../engine/model/reasons/findings/node-findings.ts";
import { type ChecksInWords, found } from "./found.ts";

const talosConfig = (source: string) =>
  `set cluster.network.cni.name: none in the machine configuration before the last step, or ${source} returns`;

/** Distributions and providers that have a say in which CNI runs. */
export const distributionWords: ChecksInWords<Pick<typeof nodeFindings, "distribution">> = {
  distribution: {
    title: "Distribution allows changing the CNI",
    ok: "No distribution that manages its own CNI was found",
    finds: {
      "openshift-owns-cni": () =>
        found(
          "OpenShift's network operator manages the CNI, which cannot be changed on a live cluster",
          "create a new cluster with Cilium and move the workloads there",
        ),
      "gke-restores-cni": () =>
        found("GKE restores its own CNI configuration at every node restart", "move to a cluster with Dataplane V2"),
      "aks-owns-network": () =>
        found(
          "AKS manages the network of its nodes and recreates them",
          "use az aks update to switch to Azure CNI Powered by Cilium",
        ),
      "eks-vpc-cni": () =>
        found(
          "EKS may reinstall its VPC CNI, and its API server cannot reach pods on an overlay",
          "make sure that the vpc-cni add-on is not and will not be installed, open Cilium's UDP port in the nodes' security group, and put webhooks on hostNetwork",
        ),
      "talos-restores-source": ({ source }) =>
        found(`Talos manages ${source} and restores it from its machine configuration`, talosConfig(source)),
      "talos-blocks-agents": ({ source }) =>
        found(
          "Talos lets no pod mount cgroups or load modules, so Cilium's agents would not start with the chart's own values",
          `give --helm-values FILE with cgroup.autoMount.enabled: false, cgroup.hostRoot: /sys/fs/cgroup and securityContext.capabilities without SYS_MODULE; and ${talosConfig(source)}`,
        ),
      "cni-folders-elsewhere": ({ distribution, conf, bin }) =>
        found(
          `${distribution} uses its own CNI directories, so the files of Cilium would never be read`,
          `give --helm-values FILE with cni.confPath: ${conf} and cni.binPath: ${bin}`,
        ),
      "cni-folders-given": ({ distribution }) =>
        found(
          `${distribution} uses its own CNI directories, and your values file sets some`,
          "check them on one node before the first migration",
        ),
      "rke2-installs-cni": () =>
        found(
          "RKE2 installs its CNI again at every server start",
          "set cni: none in /etc/rancher/rke2/config.yaml on all servers before the last step",
        ),
      "k3s-beside-source": ({ source }) =>
        found(
          `k3s runs with your own ${source}; where the built-in CNI of k3s is off, containerd reads the standard directories`,
          "check with ls /etc/cni/net.d on one node, and keep flannel-backend: none on all servers",
        ),
      "kops-applies-cni": () =>
        found(
          "kops reapplies the CNI of its cluster spec at every update",
          "set networking in the spec to cni: {} before the last step",
        ),
      "minikube-applies-cni": () =>
        found(
          "minikube start reapplies the CNI that the profile was created with",
          "start the profile with --cni=false from now on",
        ),
    },
  },
};
