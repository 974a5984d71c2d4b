/** ConfigMaps that `ClusterFacts.configMaps` carries where they exist. */
export const configMapsOfInterest = [
  "kube-flannel/kube-flannel-cfg",
  "kube-system/kube-flannel-cfg",
  "kube-system/kube-proxy",
  "kube-system/kubeadm-config",
  "kube-system/cilium-config",
  "kube-system/calico-config",
  "kube-system/canal-config",
] as const;
