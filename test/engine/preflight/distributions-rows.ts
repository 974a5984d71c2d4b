import { healthy, type Row } from "./judging.ts";

const labelled = (labels: Readonly<Record<string, string>>) => () => healthy().changeNodes({ labels });

export const distributionsRows: Row[] = [
  ["distribution", "ok", "kubeadm", healthy],
  ["distribution", "blocker", "OpenShift", () => healthy().with({ apiGroups: { "config.openshift.io": ["v1"] } })],
  ["distribution", "blocker", "GKE", labelled({ "cloud.google.com/gke-nodepool": "a" })],
  ["distribution", "blocker", "AKS", labelled({ "kubernetes.azure.com/cluster": "a" })],
  ["distribution", "warning", "EKS", labelled({ "eks.amazonaws.com/nodegroup": "a" })],
  ["distribution", "warning", "RKE2", () => healthy().changeNodes({ kubeletVersion: "v1.33.1+rke2r1" })],
  ["distribution", "warning", "k3s", () => healthy().changeNodes({ kubeletVersion: "v1.33.1+k3s1" })],
  ["distribution", "warning", "kops", labelled({ "kops.k8s.io/instancegroup": "a" })],
  ["distribution", "warning", "minikube", labelled({ "minikube.k8s.io/name": "a" })],
  ["distribution", "blocker", "Talos", () => healthy().changeNodes({ osImage: "Talos (v1.11.2)" })],
  [
    "distribution",
    "warning",
    "Talos with its values",
    () => healthy().changeNodes({ osImage: "Talos (v1.11.2)" }),
    { userValues: { cgroup: { autoMount: { enabled: false } } } },
  ],
  ["distribution", "blocker", "MicroK8s", labelled({ "microk8s.io/cluster": "true" })],
  [
    "distribution",
    "warning",
    "MicroK8s with its folders",
    labelled({ "microk8s.io/cluster": "true" }),
    { userValues: { cni: { confPath: "/a", binPath: "/b" } } },
  ],
];
