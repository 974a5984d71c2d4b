import { expect, test } from "vitest";
import type { JsonObject } from "../../../../../src/engine/model/plan-types.ts";
import { heldByNobody } from "../../../../../src/engine/sources/calico/steps/free-addresses.ts";
import { aCalico, atAddress, calicoWorld, nudged } from "../../../../support/a-calico.ts";
import { aPod, ownedBy } from "../../../../support/facts.ts";
import { said } from "../../../../support/said.ts";

const deployment = (namespace: string, name: string, replicas: number): JsonObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { namespace, name },
  spec: { replicas },
  status: { replicas: 0 },
});
const removal = [
  { apiVersion: "apps/v1", kind: "Deployment", namespace: "calico-system", name: "calico-kube-controllers" },
  { apiVersion: "apps/v1", kind: "Deployment", namespace: "tigera-operator", name: "tigera-operator" },
  { apiVersion: "v1", kind: "ServiceAccount", namespace: "calico-system", name: "calico-node" },
];
const objects: readonly JsonObject[] = [
  deployment("tigera-operator", "tigera-operator", 2),
  deployment("calico-system", "calico-kube-controllers", 1),
  {
    apiVersion: "operator.tigera.io/v1",
    kind: "Installation",
    metadata: { name: "default", finalizers: ["tigera.io/operator-cleanup", "example.com/theirs"] },
  },
  {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { namespace: "calico-system", name: "calico-node", finalizers: ["tigera.io/cni-protector"] },
  },
  {
    apiVersion: "crd.projectcalico.org/v1",
    kind: "IPPool",
    metadata: { name: "default-ipv4-ippool", finalizers: ["projectcalico.org/ippool-finalizer"] },
  },
];
const operated = (over: Partial<Parameters<typeof calicoWorld>[0]> = {}) =>
  calicoWorld({ source: aCalico({ install: "operator" }, "calico-system"), objects, removal, ...over });

test("the operator goes before its controllers, and finalizers only once nobody is there to set them again", async () => {
  const world = operated();
  const step = world.leaf("calico/stop-owner");
  await step.apply();
  expect(world.merged.map(([object]) => object)).toEqual(["Deployment tigera-operator/tigera-operator"]);
  expect(await nudged(step, 3)).toEqual({ done: true });
  expect(world.merged.map(([object]) => object)).toEqual([
    "Deployment tigera-operator/tigera-operator",
    "Deployment calico-system/calico-kube-controllers",
    "IPPool -/default-ipv4-ippool",
    "Installation -/default",
    "ServiceAccount calico-system/calico-node",
  ]);
  expect(world.kept.get("Installation -/default")).toMatchObject({ metadata: { finalizers: ["example.com/theirs"] } });
  expect(world.kept.get("Deployment tigera-operator/tigera-operator")).toMatchObject({
    metadata: { annotations: { "crossfade/stopped": "2" } },
    spec: { replicas: 0 },
  });
});

test("a pod of the operator's that still runs is waited for", async () => {
  const owner = ownedBy("ReplicaSet", "tigera-operator-7d4f9c");
  const world = operated({ pods: [aPod("tigera-operator", "tigera-operator-7d4f9c-x", { owner })] });
  const step = world.leaf("calico/stop-owner");
  await step.apply();
  expect(said(await step.observe())).toMatchObject({
    because: "Deployment tigera-operator/tigera-operator to have status.replicas: 0",
  });
  world.state.pods = [];
  expect(said(await step.observe()).because).toContain("calico-kube-controllers");
});

test("the way back starts what the run stopped, as it was, and nothing else", async () => {
  const world = operated();
  const step = world.leaf("rollback-calico/start-owner");
  expect(await step.observe()).toEqual({ done: true });
  await nudged(world.leaf("calico/stop-owner"), 4);
  expect(await nudged(step, 1)).toEqual({ done: true });
  expect(world.kept.get("Deployment tigera-operator/tigera-operator")).toMatchObject({
    metadata: { annotations: {} },
    spec: { replicas: 2 },
  });
  expect(world.kept.get("Deployment calico-system/calico-kube-controllers")).toMatchObject({ spec: { replicas: 1 } });
});

test("what somebody scaled again meanwhile keeps his replicas", async () => {
  const world = operated();
  await nudged(world.leaf("calico/stop-owner"), 4);
  const key = "Deployment tigera-operator/tigera-operator";
  world.kept.set(key, { ...world.kept.get(key), spec: { replicas: 5 } });
  await nudged(world.leaf("rollback-calico/start-owner"), 1);
  expect(world.kept.get(key)).toMatchObject({ metadata: { annotations: {} }, spec: { replicas: 5 } });
});

const byManifest = (finalizers: readonly string[]) =>
  calicoWorld({
    source: aCalico({ native: true }),
    removal: [{ apiVersion: "apps/v1", kind: "Deployment", namespace: "kube-system", name: "calico-kube-controllers" }],
    objects: [
      deployment("kube-system", "calico-kube-controllers", 1),
      {
        apiVersion: "projectcalico.org/v3",
        kind: "IPPool",
        metadata: { name: "pool", resourceVersion: "9", finalizers: [...finalizers] },
      },
    ],
  });

test("by a manifest, its controllers' finalizers go once these have stopped, those of others stay", async () => {
  const world = byManifest(["projectcalico.org/ippool-protection", "example.com/theirs"]);
  const step = world.leaf("calico/release-objects");
  expect((await step.observe()).done).toBe(false);
  await step.apply();
  expect(world.merged.map(([object]) => object)).toEqual(["Deployment kube-system/calico-kube-controllers"]);
  expect(await nudged(step, 2)).toEqual({ done: true });
  expect(world.merged[1]).toEqual([
    "IPPool -/pool",
    { metadata: { resourceVersion: "9", finalizers: ["example.com/theirs"] } },
  ]);
  await nudged(world.leaf("rollback-calico/start-owner"), 1);
  expect(world.kept.get("Deployment kube-system/calico-kube-controllers")).toMatchObject({ spec: { replicas: 1 } });
});

test("by a manifest without finalizers of its own, nothing is stopped", async () => {
  const world = byManifest(["example.com/theirs"]);
  const step = world.leaf("calico/release-objects");
  expect(await step.observe()).toEqual({ done: true });
  await step.apply();
  expect(world.merged).toEqual([]);
});

test("nothing is removed before Cilium's operator is there, which alone clears the taint", async () => {
  const world = calicoWorld({ source: aCalico(), objects: [], operators: 0 });
  const step = world.leaf("calico/await-cilium-operator");
  expect(said(await step.observe()).because).toContain("Deployment cilium-operator to have a Ready replica");
  world.state.operators = 1;
  expect(await step.observe()).toEqual({ done: true });
});

test("an operator that was just scaled to 0 is not there, though its last pod still counts as Ready", async () => {
  const world = calicoWorld({ source: aCalico(), objects: [], operators: 1 });
  world.state.wanted = 0;
  const step = world.leaf("calico/await-cilium-operator");
  expect(said(await step.observe()).because).toContain("Deployment cilium-operator to have a Ready replica");
});

test("nodes that bear the taint or the condition are named with why, and who would clear it", async () => {
  const nodes = [atAddress("a", "172.18.0.2"), atAddress("b", "172.18.0.3"), atAddress("c", "172.18.0.4")];
  const world = calicoWorld({ source: aCalico(), objects: [], nodes, operators: 0 });
  const step = world.leaf("calico/clear-network-unavailable");
  expect(await step.observe()).toEqual({ done: true });
  const taints = [{ key: "node.kubernetes.io/network-unavailable", value: "", effect: "NoSchedule" }];
  world.state.nodes = nodes.map((node) =>
    node.name === "a"
      ? { ...node, networkUnavailable: true, networkReason: "CalicoIsDown" }
      : { ...node, taints: node.name === "b" ? taints : [], networkReason: "CiliumIsUp" },
  );
  const waits = said(await step.observe());
  expect(waits.because).toContain("to go from a, b (CalicoIsDown, CiliumIsUp)");
  expect(waits.clearedBy).toBe("cilium-operator, of which no replica is Ready");
});

const block: JsonObject = {
  apiVersion: "crd.projectcalico.org/v1",
  kind: "IPAMBlock",
  metadata: { name: "10-244-1-0-26" },
  spec: {
    cidr: "10.244.1.0/26",
    allocations: [0, 1, null, 2, 3],
    attributes: [
      { handle_id: "vxlan-tunnel-addr-a", secondary: { node: "a", type: "vxlanTunnelAddress" } },
      { handle_id: "x", secondary: { node: "a", namespace: "shop", pod: "cart" } },
      { handle_id: "y", secondary: { node: "a", namespace: "shop", pod: "gone" } },
      { handle_id: "z", secondary: { node: "a", namespace: "shop", pod: "moved" } },
    ],
  },
};

test("addresses of pods that are gone or moved are counted, a tunnel's own is not, and the run ends all the same", async () => {
  const pods = [aPod("shop", "cart", { ips: ["10.244.1.1"] }), aPod("shop", "moved", { ips: ["10.245.1.9"] })];
  expect(heldByNobody(block, pods)).toEqual(["10.244.1.3", "10.244.1.4"]);
  const world = calicoWorld({ source: aCalico(), objects: [block], pods });
  const step = world.leaf("rollback-calico/free-addresses");
  expect(await step.observe()).toEqual({ done: true });
  await step.observe();
  expect(world.logged).toHaveLength(1);
  expect(world.logged[0]).toContain(
    "info: 2 addresses of the old CNI are still reserved for pods that are gone (10.244.1.3, 10.244.1.4)",
  );
});

test.each<[what: string, spec: JsonObject]>([
  ["without a range", { allocations: [0], attributes: [{ secondary: { pod: "x" } }] }],
  ["with a list that is none", { cidr: "10.244.1.0/26", allocations: "all" }],
  ["that names no such attribute", { cidr: "10.244.1.0/26", allocations: [7], attributes: [] }],
])("a block %s holds nothing that can be told", (_what, spec) => {
  expect(heldByNobody({ ...block, spec }, [])).toEqual([]);
});
