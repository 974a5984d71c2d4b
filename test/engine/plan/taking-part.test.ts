import { expect, test } from "vitest";
import { virtualMark } from "../../../src/engine/model/cluster/virtual-node.ts";
import type { NodeFacts } from "../../../src/engine/model/facts.ts";
import { outsideNodes } from "../../../src/engine/plan/taking-part.ts";
import { detectSource } from "../../../src/engine/sources/detect.ts";
import { valueAt } from "../../../src/engine/values/merge.ts";
import { aFlannelCluster, aNode, anywhere, aPod, aWorkload, ownedBy } from "../../support/facts.ts";
import { planOf } from "../../support/lab/planned.ts";
import { judge } from "../preflight/judging.ts";

const fargate = aNode("fargate-ip-10-0-1-7", {
  ready: false,
  labels: { "eks.amazonaws.com/compute-type": "fargate" },
  taints: [{ key: "eks.amazonaws.com/compute-type", value: "fargate", effect: "NoSchedule" }],
  kernelVersion: "4.14.0",
  allocatablePods: 5_000,
});

/** A virtual node beside three on Flannel, on which Flannel's pod waits for ever, with a pod of its own that nothing owns. */
const beside = (node: NodeFacts) => {
  const cluster = aFlannelCluster();
  return cluster
    .with({
      nodes: [...cluster.facts.nodes, node],
      workloads: cluster.facts.workloads.map((it) =>
        it.name === "kube-flannel-ds" ? { ...it, desired: 4, ready: 3 } : it,
      ),
    })
    .withPods(
      aPod("kube-flannel", "kube-flannel-ds-x", {
        node: node.name,
        ready: false,
        phase: "Pending",
        owner: ownedBy("DaemonSet", "kube-flannel-ds"),
      }),
      aPod("default", "bare", { node: node.name, owner: null, emptyDirs: ["data"], hostPorts: [80] }),
    );
};

test.each<[string, Partial<NodeFacts>]>([
  ["label type=virtual-kubelet", { labels: { type: "virtual-kubelet" } }],
  ["label eks.amazonaws.com/compute-type=fargate", { labels: { "eks.amazonaws.com/compute-type": "fargate" } }],
  [
    "taint virtual-kubelet.io/provider",
    { taints: [{ key: "virtual-kubelet.io/provider", value: "azure", effect: "NoSchedule" }] },
  ],
  ["providerID aws:///us-west-2a/1/fargate-ip-1", { providerId: "aws:///us-west-2a/1/fargate-ip-1" }],
  ["kubelet version v1.25.0-vk-azure-aci-1.6", { kubeletVersion: "v1.25.0-vk-azure-aci-1.6" }],
])("a virtual node is known by its %s", (mark, over) => {
  expect(virtualMark(aNode("v", over))).toBe(mark);
});

test("an ordinary agent node of a provider is no virtual one", () => {
  expect(virtualMark(aNode("aks-1", { labels: { "kubernetes.io/role": "agent" } }))).toBeNull();
});

test.each([
  ["without", []],
  ["with", [fargate.name]],
])("nothing of a virtual node is in the way, %s --exclude, and it is named", (_how, exclude) => {
  const checkResults = judge(beside(fargate), { exclude });
  expect(checkResults.filter(({ level }) => level === "blocker")).toEqual([]);
  expect(checkResults.find(({ check }) => check === "nodes-excluded")?.message).toContain(
    `${fargate.name} (a virtual node (label eks.amazonaws.com/compute-type=fargate)`,
  );
  const plan = planOf(beside(fargate).facts, { exclude });
  expect(plan.nodes.map(({ name }) => name)).not.toContain(fargate.name);
  expect(plan.outside.map(({ name }) => name)).toEqual([fargate.name]);
  expect(plan.options.exclude).toEqual([]);
  expect(plan.cilium.maskSize).toBe(24);
  const required = "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";
  for (const whose of ["", "operator.", "envoy."])
    expect(JSON.stringify(valueAt(plan.values.initial, `${whose}${required}`))).toContain("fargate");
  // What this list replaces of the chart's.
  expect(JSON.stringify(valueAt(plan.values.initial, `envoy.${required}`))).toContain("cilium.io/no-schedule");
});

test("an excluded node's pods, kernel and readiness are in nobody's way", () => {
  const cluster = aFlannelCluster()
    .changeNode("worker-1", { ready: false, kernelVersion: "4.4.0", architecture: "s390x" })
    .withPods(aPod("default", "bare", { node: "worker-1", owner: null, emptyDirs: ["data"] }));
  const blockers = (exclude: readonly string[]) =>
    judge(cluster, { exclude }).flatMap(({ level, check }) => (level === "blocker" ? [check] : []));
  expect(blockers([])).toEqual(["kernel", "platform", "nodes-ready", "bare-pods", "empty-dirs"]);
  expect(blockers(["worker-1"])).toEqual([]);
});

test("a node that the source's DaemonSet keeps away from takes no part, until it serves it", () => {
  const placement = { ...anywhere, nodeSelector: { net: "flannel" } };
  const named = (over: Partial<NodeFacts>) => aNode("odd", { ...over });
  const cluster = (node: NodeFacts) => {
    const before = aFlannelCluster();
    return before.with({
      nodes: [...before.facts.nodes, node],
      workloads: before.facts.workloads.map((it) => (it.name === "kube-flannel-ds" ? { ...it, placement } : it)),
    }).facts;
  };
  const outside = (node: NodeFacts) => outsideNodes(cluster(node), detectSource(cluster(node)));
  expect(outside(named({}))).toEqual([
    { name: "odd", because: "no DaemonSet of the source serves it (kube-flannel-ds)" },
  ]);
  expect(outside(named({ labels: { net: "flannel" } }))).toEqual([]);
});

test("a Windows node is refused by name, whoever serves it", () => {
  const windows = aNode("win-1", { operatingSystem: "windows" });
  const before = aFlannelCluster();
  const placement = { ...anywhere, nodeSelector: { "kubernetes.io/os": "windows" } };
  const images = ["sigwindowstools/flannel:v0.21.5"];
  const cluster = before
    .with({ nodes: [...before.facts.nodes, windows] })
    .withWorkloads(
      aWorkload("DaemonSet", "kube-flannel", "kube-flannel-ds-windows-amd64", { images, placement, desired: 1 }),
    )
    .withPods(
      aPod("kube-flannel", "w", { node: "win-1", owner: ownedBy("DaemonSet", "kube-flannel-ds-windows-amd64") }),
    );
  for (const exclude of [[], ["win-1"]]) {
    const result = judge(cluster, { exclude }).find(({ check }) => check === "platform");
    expect(result).toMatchObject({ level: "blocker", objects: ["win-1 (windows/amd64)"] });
    expect(result?.remedy).not.toContain("remove");
  }
});
