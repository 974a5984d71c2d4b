import type { nodeFindings } from "../../engine/model/reasons/findings/node-findings.ts";
import { type ChecksInWords, found } from "./found.ts";

const talosConfig = (source: string) =>
  `set cluster.network.cni.name: none in the machine configuration before the last step, or ${source} returns`;

/** Distributions and providers that have a say in which CNI runs. */
export const distributionWords: ChecksInWords<Pick<typeof nodeFindings, "distribution">> = {
  distribution: {
    title: "Distribution allows changing the CNI",
    ok: "No distribution that owns its CNI was recognised",
    finds: {
      "openshift-owns-cni": () =>
        found(
          "OpenShift's network operator owns the CNI, and it cannot be changed on a live cluster",
          "build a new cluster with Cilium and move the workloads there",
        ),
      "gke-restores-cni": () =>
        found("GKE restores its own CNI configuration whenever a node restarts", "move to a cluster with Dataplane V2"),
      "aks-owns-network": () =>
        found(
          "AKS owns its nodes' network and recreates nodes",
          "use az aks update to change to Azure CNI powered by Cilium",
        ),
      "eks-vpc-cni": () =>
        found(
          "EKS may bring its own VPC CNI back, and its API server cannot reach pods of an overlay",
          "see that the vpc-cni add-on is not installed and will not be, open Cilium's UDP port in the nodes' security group, and put webhooks on hostNetwork",
        ),
      "talos-restores-source": ({ source }) =>
        found(`Talos owns ${source} and brings it back by its machine configuration`, talosConfig(source)),
      "talos-blocks-agents": ({ source }) =>
        found(
          "Talos lets no pod mount cgroups or load modules, so Cilium's agents would not start with the chart's own values",
          `give --helm-values FILE with cgroup.autoMount.enabled: false, cgroup.hostRoot: /sys/fs/cgroup and securityContext.capabilities without SYS_MODULE; and ${talosConfig(source)}`,
        ),
      "cni-folders-elsewhere": ({ distribution, conf, bin }) =>
        found(
          `${distribution} keeps CNI files in folders of its own, where Cilium's would never be read`,
          `give --helm-values FILE with cni.confPath: ${conf} and cni.binPath: ${bin}`,
        ),
      "cni-folders-given": ({ distribution }) =>
        found(
          `${distribution} keeps CNI files in folders of its own, and your values file names some`,
          "check them on one node before the first move",
        ),
      "rke2-installs-cni": () =>
        found(
          "RKE2 installs its CNI again at every server start",
          "set cni: none in /etc/rancher/rke2/config.yaml on all servers before the last step",
        ),
      "k3s-beside-source": ({ source }) =>
        found(
          `k3s runs with a ${source} of your own; where k3s's own CNI is off, containerd reads the standard folders`,
          "check with ls /etc/cni/net.d on one node, and keep flannel-backend: none on all servers",
        ),
      "kops-applies-cni": () =>
        found(
          "kops applies the CNI of its cluster spec again at every update",
          "change networking in the spec to cni: {} before the last step",
        ),
      "minikube-applies-cni": () =>
        found(
          "minikube start applies the CNI that the profile was created with",
          "start the profile with --cni=false from now on",
        ),
    },
  },
};
