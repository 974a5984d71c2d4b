import { aWorkload } from "../../support/facts.ts";
import { daemon, flannelChanged, healthy, type Row, running } from "./judging.ts";

const leftAtZero = () =>
  healthy().withWorkloads(
    aWorkload("Deployment", "kube-system", "cluster-autoscaler", {
      desired: 0,
      annotations: { "crossfade/frozen": "2" },
    }),
  );

/** Who acts against a run: owners of nodes, and of the old CNI. */
export const ownerRows: Row[] = [
  ["autoscaler", "ok", "none", healthy],
  ["autoscaler", "warning", "Karpenter", () => running("karpenter", "karpenter")],
  ["autoscaler", "warning", "the cluster autoscaler of a chart", () => running("aws-cluster-autoscaler")],
  ["autoscaler", "warning", "kured", () => daemon("kured")],
  ["autoscaler", "warning", "kured, though owners are frozen", () => daemon("kured"), { freezeOwners: true }],
  ["autoscaler", "warning", "one that an earlier run left at zero", leftAtZero],
  ["autoscaler", "ok", "this run puts it back", leftAtZero, { freezeOwners: true }],
  ["autoscaler", "ok", "one that is frozen", () => running("cluster-autoscaler"), { freezeOwners: true }],
  ["source-owner", "ok", "nobody", healthy],
  ["source-owner", "warning", "an operator", () => flannelChanged({ owners: ["Installation default"] })],
  [
    "source-owner",
    "warning",
    "an application of Argo CD that is frozen",
    () =>
      flannelChanged({ annotations: { "argocd.argoproj.io/tracking-id": "cni:apps/DaemonSet:kube-flannel/x" } }).with({
        apiGroups: { "argoproj.io": ["v1alpha1"] },
      }),
    { freezeOwners: true },
  ],
  [
    "source-owner",
    "warning",
    "Argo CD",
    () => flannelChanged({ annotations: { "argocd.argoproj.io/tracking-id": "flannel:apps/DaemonSet" } }),
  ],
  [
    "source-owner",
    "warning",
    "Flux",
    () => flannelChanged({ labels: { app: "flannel", "kustomize.toolkit.fluxcd.io/name": "infra" } }),
  ],
  [
    "source-owner",
    "warning",
    "helm",
    () => flannelChanged({ annotations: { "meta.helm.sh/release-name": "flannel" } }),
  ],
];
