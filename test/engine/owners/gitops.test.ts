import { expect, test } from "vitest";
import { gitOpsOf } from "../../../src/engine/owners/gitops.ts";
import { scalableManagers } from "../../../src/engine/owners/node-managers.ts";
import { detectSource } from "../../../src/engine/sources/detect.ts";
import { aFlannelCluster, aWorkload } from "../../support/facts.ts";

type Marks = Readonly<Record<string, string>>;

const groups = {
  "argoproj.io": ["v1alpha1"],
  "kustomize.toolkit.fluxcd.io": ["v1", "v1beta2"],
  "helm.toolkit.fluxcd.io": ["v2"],
};

function owned(marks: { labels?: Marks; annotations?: Marks }, apiGroups: Readonly<Record<string, string[]>> = groups) {
  const cluster = aFlannelCluster();
  const workloads = cluster.facts.workloads.map((one) =>
    one.name === "kube-flannel-ds"
      ? {
          ...one,
          labels: { ...one.labels, ...marks.labels },
          annotations: { ...one.annotations, ...marks.annotations },
        }
      : one,
  );
  const { facts } = cluster
    .with({ workloads, apiGroups })
    .withWorkloads(aWorkload("StatefulSet", "gitops", "argocd-application-controller"));
  return gitOpsOf(facts, detectSource(facts)).map(
    ({ apiVersion, kind, namespace, name }) => `${apiVersion} ${kind} ${namespace}/${name}`,
  );
}

test.each<[string, Parameters<typeof owned>[0], string[]]>([
  ["nobody", {}, []],
  [
    "Argo CD by its label",
    { labels: { "argocd.argoproj.io/instance": "cni" } },
    ["argoproj.io/v1alpha1 Application gitops/cni"],
  ],
  [
    "Argo CD by its tracking id",
    { annotations: { "argocd.argoproj.io/tracking-id": "cni:apps/DaemonSet:kube-flannel/kube-flannel-ds" } },
    ["argoproj.io/v1alpha1 Application gitops/cni"],
  ],
  [
    "an application outside of Argo CD's namespace",
    { annotations: { "argocd.argoproj.io/tracking-id": "team-a_cni:apps/DaemonSet:kube-flannel/kube-flannel-ds" } },
    ["argoproj.io/v1alpha1 Application team-a/cni"],
  ],
  [
    "Flux",
    { labels: { "kustomize.toolkit.fluxcd.io/name": "infra", "kustomize.toolkit.fluxcd.io/namespace": "flux-system" } },
    ["kustomize.toolkit.fluxcd.io/v1 Kustomization flux-system/infra"],
  ],
  [
    "Flux by helm",
    { labels: { "helm.toolkit.fluxcd.io/name": "cni", "helm.toolkit.fluxcd.io/namespace": "infra" } },
    ["helm.toolkit.fluxcd.io/v2 HelmRelease infra/cni"],
  ],
  ["a mark that is no name", { labels: { "argocd.argoproj.io/instance": "Not_A_Name" } }, []],
])("%s", (_what, marks, expected) => {
  expect(owned(marks)).toEqual(expected);
});

test("what the API does not serve cannot be held still", () => {
  expect(owned({ labels: { "argocd.argoproj.io/instance": "cni" } }, {})).toEqual([]);
});

test("a manager of nodes that runs as a DaemonSet, or not at all, cannot be scaled", () => {
  const { facts } = aFlannelCluster().withWorkloads(
    aWorkload("DaemonSet", "kube-system", "kured"),
    aWorkload("Deployment", "kube-system", "cluster-autoscaler", { desired: 1 }),
    aWorkload("Deployment", "kube-system", "descheduler", { desired: 0 }),
  );
  expect(scalableManagers(facts).map(({ name }) => name)).toEqual(["cluster-autoscaler"]);
});
