import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { ClusterFacts } from "../../../src/engine/model/facts.ts";
import { hashMatches } from "../../../src/engine/model/plan/plan-hash.ts";
import type { Plan } from "../../../src/engine/model/plan-types.ts";
import { hybridPhaseMs, inMinutes } from "../../../src/engine/plan/estimate.ts";
import { makePlan } from "../../../src/engine/plan/plan.ts";
import { defaultPlanInput, type PlanInput } from "../../../src/engine/plan/plan-input.ts";
import { aChart } from "../../support/a-chart.ts";
import { aCalicoCluster } from "../../support/calico.ts";
import { aCluster, aFlannelCluster, aNode, aPod, aWorkload, ownedBy, secondaryConfig } from "../../support/facts.ts";
import { inWords } from "../../support/said.ts";

const hash = (text: string) => createHash("sha256").update(text).digest("hex");

function planOf(facts: ClusterFacts, over: Partial<PlanInput> = {}, at = 1): Plan {
  return makePlan(facts, { ...defaultPlanInput, ...over }, { chart: aChart, now: () => at, hash });
}

const healthy = aFlannelCluster().withPods(
  aPod("default", "a", { node: "worker-2" }),
  aPod("default", "b", { node: "worker-1" }),
  aPod("default", "c", { node: "worker-1" }),
  aPod("default", "gone", { node: "worker-2", phase: "Succeeded" }),
  aPod("default", "going", { node: "worker-2", terminatingAt: 5 }),
  aPod("kube-system", "agent", { node: "worker-2", owner: ownedBy("DaemonSet", "agent") }),
  aPod("kube-system", "kube-apiserver", { node: "control-plane-0", mirror: true, hostNetwork: true, owner: null }),
);

test("the plan of a healthy cluster", () => {
  const plan = planOf(healthy.facts);
  expect(plan.cilium).toEqual({
    version: "1.18.12",
    namespace: "kube-system",
    release: "cilium",
    chart: { repository: "https://helm.cilium.io/", name: "cilium" },
    chartDigest: aChart.digest,
    podCidr: "10.245.0.0/16",
    maskSize: 24,
    tunnelProtocol: "vxlan",
    tunnelPort: 8473,
    operatorReplicas: 2,
  });
  expect(plan.nodes.map(({ name, turn, podsToMove }) => [name, turn, podsToMove])).toEqual([
    ["worker-2", "canary", 1],
    ["worker-1", "worker", 2],
    ["control-plane-0", "control-plane", 0],
  ]);
  expect(plan.cluster).toMatchObject({ context: "test", uid: "cluster-uid", serviceCidrs: ["10.96.0.0/16"] });
  expect(plan.hash).toMatch(/^[0-9a-f]{64}$/);
  expect(plan.rollbackUntil).toContain("until Flannel is removed");
});

test("the same facts give the same hash at any time, and anything decided otherwise gives another", () => {
  const plan = planOf(healthy.facts);
  expect(planOf(healthy.facts, {}, 99_999).hash).toBe(plan.hash);
  const others = [
    planOf(healthy.facts, { soakMs: 6_000 }),
    planOf(healthy.facts, { exclude: ["worker-1"] }),
    planOf(healthy.facts, { podCidr: "10.99.0.0/16" }),
    planOf(healthy.facts, { userValues: { debug: { enabled: true } } }),
    planOf(healthy.with({ context: "other" }).facts),
    planOf(healthy.withPods(aPod("default", "d", { node: "worker-1" })).facts),
  ];
  const hashes = [plan, ...others].map((it) => it.hash);
  expect(new Set(hashes).size).toBe(hashes.length);
});

test("the hash covers everything but the time and the checkResults", () => {
  const plan = planOf(healthy.facts);
  const stored = JSON.parse(JSON.stringify(plan)) as Plan;
  expect(hashMatches({ ...stored, at: 7, checkResults: [] }, hash)).toBe(true);
  expect(hashMatches({ ...stored, estimateMs: 1 }, hash)).toBe(false);
  expect(hashMatches({ ...stored, options: { ...stored.options, deleteBarePods: true } }, hash)).toBe(false);
});

test.each<[string, () => ClusterFacts, string[]]>([
  [
    "numbers in names count as numbers",
    () => aFlannelCluster(12).facts,
    [
      "worker-1",
      "worker-2",
      "worker-3",
      "worker-4",
      "worker-5",
      "worker-6",
      "worker-7",
      "worker-8",
      "worker-9",
      "worker-10",
      "worker-11",
      "control-plane-0",
    ],
  ],
  [
    "an empty worker proves nothing, so the canary has pods",
    () => aFlannelCluster().withPods(aPod("d", "a", { node: "worker-2" }), aPod("d", "b", { node: "worker-2" })).facts,
    ["worker-2", "worker-1", "control-plane-0"],
  ],
  [
    "a worker that is not Ready, or cordoned, is no canary",
    () =>
      aFlannelCluster(4)
        .withPods(aPod("d", "a", { node: "worker-1" }), aPod("d", "b", { node: "worker-2" }))
        .changeNode("worker-1", { ready: false })
        .changeNode("worker-2", { cordoned: true }).facts,
    ["worker-3", "worker-1", "worker-2", "control-plane-0"],
  ],
  [
    "the node that runs the tool goes last of all, whatever it is",
    () => aFlannelCluster(4).with({ ownAddresses: ["192.168.50.12"] }).facts,
    ["worker-1", "worker-3", "control-plane-0", "worker-2"],
  ],
  ["a control plane alone is still moved", () => aFlannelCluster(1).facts, ["control-plane-0"]],
])("order: %s", (_why, facts, names) => {
  expect(planOf(facts()).nodes.map(({ name }) => name)).toEqual(names);
});

test("nodes that are left out are not in the order", () => {
  const plan = planOf(healthy.facts, { exclude: ["worker-2"] });
  expect(plan.nodes.map(({ name, turn }) => [name, turn])).toEqual([
    ["worker-1", "canary"],
    ["control-plane-0", "control-plane"],
  ]);
});

test("more pods, a longer soak and a slower reboot make a longer estimate", () => {
  const base = planOf(healthy.facts);
  const [canary, second] = base.nodes;
  expect(second?.estimateMs).toBeGreaterThan(canary?.estimateMs ?? 0);
  expect(planOf(healthy.facts, { soakMs: 60_000 }).estimateMs).toBe(base.estimateMs + 3 * 55_000);
  expect(planOf(healthy.facts, { reboot: { method: "none" } }).estimateMs).toBeLessThan(base.estimateMs);
  expect(base.estimateMs).toBeGreaterThan(base.nodes.reduce((sum, node) => sum + node.estimateMs, 0));
});

test("how long policies are open is said by the plan's own estimate: all nodes and the final values, no installation and no removal", () => {
  const policies = { "networkpolicies.networking.k8s.io": 1 };
  const plan = planOf({ ...aCalicoCluster().facts, policies });
  const said = plan.checkResults.find(({ check }) => check === "network-policies")?.reason?.params;
  const hybridMs = hybridPhaseMs(plan.nodes);
  expect(said).toMatchObject({ minutes: inMinutes(hybridMs), range: "10.244.0.0/15" });
  expect(hybridMs).toBeGreaterThan(plan.nodes.reduce((sum, node) => sum + node.estimateMs, 0));
  expect(hybridMs).toBeLessThan(plan.estimateMs - 120_000);
});

test("every planned change says how it is undone, and none is undone past the point of no return", () => {
  const { changes } = planOf(healthy.facts);
  const past = new Set(["remove-source", "clean-nodes", "report"]);
  for (const { phase, rollback, name } of changes) expect(rollback === null, `${phase} ${name}`).toBe(past.has(phase));
  expect(changes.filter(({ phase }) => phase === "remove-source").map(({ kind }) => kind)).toEqual([
    "DaemonSet",
    "ConfigMap",
    "ServiceAccount",
    "ClusterRoleBinding",
    "ClusterRole",
    "Namespace",
  ]);
  for (const name of ["control-plane-0", "worker-1", "worker-2"]) {
    expect(changes.some((change) => change.kind === "Node" && change.name === name)).toBe(true);
  }
});

test("a plan for 5,000 nodes still fits into one ConfigMap", () => {
  const nodes = Array.from({ length: 5_000 }, (_, index) =>
    aNode(`worker-${index}`, { internalIps: [`172.20.${index >> 8}.${index & 255}`], podCidrs: [] }),
  );
  const facts = aCluster()
    .with({ nodes })
    .withFlannel({ Network: "10.240.0.0/12", Backend: { Type: "vxlan" } })
    .withKubeProxy().facts;
  const plan = planOf(facts);
  expect(JSON.stringify(plan).length).toBeLessThan(700_000);
  expect(plan.cilium.podCidr).toMatch(/\/10$/);
});

test("a Cilium that is there already is gone on with, pool, port and version", () => {
  const config = {
    ...secondaryConfig,
    "cluster-pool-ipv4-cidr": "10.200.0.0/16",
    "tunnel-port": "9999",
    "cluster-pool-ipv4-mask-size": "25",
  };
  const plan = planOf(healthy.withCilium(config).facts, { ciliumVersion: "1.20.0" });
  expect(plan.cilium).toMatchObject({ version: "1.18.12", podCidr: "10.200.0.0/16", tunnelPort: 9999, maskSize: 25 });
});

test("the user's file decides pool and port, and the command line overrides both or is refused", () => {
  const userValues = { ipam: { operator: { clusterPoolIPv4PodCIDRList: ["10.77.0.0/16"] } }, tunnelPort: 9000 };
  expect(planOf(healthy.facts, { userValues }).cilium).toMatchObject({ podCidr: "10.77.0.0/16", tunnelPort: 9000 });
  expect(inWords(() => planOf(healthy.facts, { userValues, podCidr: "10.78.0.0/16" }))).toThrow("10.78.0.0/16");
});

test("warnings about the user's file are a result", () => {
  const checkResults = planOf(healthy.facts, { userValues: { cni: { exclusive: false } } }).checkResults;
  expect(checkResults.find(({ check }) => check === "user-values")).toMatchObject({ level: "warning" });
});

test.each<[string, Partial<PlanInput>, string, string]>([
  ["an old Cilium", { ciliumVersion: "1.15.19" }, "VALUES_REFUSED", "too old"],
  ["no version", { ciliumVersion: "newest" }, "USAGE", "is no Cilium version"],
  ["no range", { podCidr: "10.245.0.0" }, "USAGE", "is no IPv4 range"],
  ["an IPv6 range", { podCidr: "fd00::/64" }, "USAGE", "is no IPv4 range"],
  ["a range with host bits", { podCidr: "10.245.1.0/16" }, "USAGE", "is no network address"],
  ["a range of the operator's that is none", { extraCidrs: ["office"] }, "USAGE", '"office"'],
  ["a port that is none", { tunnelPort: 70_000 }, "USAGE", "--tunnel-port"],
  ["a mask that is none", { maskSize: 33 }, "USAGE", "--mask-size"],
  ["a file that breaks the hybrid phase", { userValues: { routingMode: "native" } }, "VALUES_REFUSED", "routingMode"],
])("no plan is made with %s", (...[, over, code, words]) => {
  expect(inWords(() => planOf(healthy.facts, over))).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(words) as string }) as Error,
  );
});

test("a cluster without nodes, or without a source, gets no plan", () => {
  const none = aCluster().withWorkloads(aWorkload("DaemonSet", "kube-flannel", "kube-flannel-ds", { desired: 1 }));
  const conf = { "net-conf.json": JSON.stringify({ Network: "10.244.0.0/16", Backend: { Type: "vxlan" } }) };
  expect(inWords(() => planOf(none.withConfigMap("kube-flannel/kube-flannel-cfg", conf).facts))).toThrow("no nodes");
  expect(inWords(() => planOf(aCluster().withNodes(2).facts))).toThrow(
    expect.objectContaining({ code: "NO_SOURCE" }) as Error,
  );
});
