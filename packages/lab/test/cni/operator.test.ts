import { afterEach, describe, expect, test } from "vitest";
import { VirtualClock } from "../../clock.ts";
import { ciliumDefinitions } from "../../cni/cilium/crds.ts";
import { intervalMs } from "../../cni/cilium/unmanaged-pods.ts";
import type { CiliumNodeObject, NodeObject, PodObject } from "../../cni/kinds.ts";
import { selects } from "../../label-selector.ts";
import { seededRandom } from "../../random.ts";
import { createStore } from "../../store/create-store.ts";
import { type CiliumLab, ciliumLab, hybridValues, takeOver, untilWhole } from "../support/cilium-lab.ts";

let world: CiliumLab | undefined;

afterEach(async () => {
  await world?.stop();
  expect(world?.faults ?? []).toEqual([]);
  world = undefined;
});

test.each([
  [16, ["v2", "v2alpha1"], ["v2alpha1"]],
  [18, ["v2", "v2alpha1"], ["v2alpha1"]],
  [19, ["v2", "v2alpha1"], ["v2alpha1"]],
  [20, ["v2"], []],
])("CiliumNodeConfig as 1.%i serves it", (minor, served, deprecated) => {
  const found = ciliumDefinitions(minor).find(({ metadata }) => metadata.name === "ciliumnodeconfigs.cilium.io");
  const { versions } = (found?.spec ?? { versions: [] }) as {
    versions: { name: string; storage: boolean; deprecated?: boolean }[];
  };
  expect(versions.map(({ name }) => name)).toEqual(served);
  expect(versions.filter((version) => version.deprecated).map(({ name }) => name)).toEqual(deprecated);
  expect(versions.filter(({ storage }) => storage).map(({ name }) => name)).toEqual(["v2"]);
});

test.each([16, 18, 20])("the API server establishes every definition of 1.%i", async (minor) => {
  const clock = new VirtualClock();
  const store = createStore({ clock, random: seededRandom(1) });
  for (const definition of ciliumDefinitions(minor))
    store.create("apiextensions.k8s.io/customresourcedefinitions", definition);
  await clock.advance(1_000);
  for (const found of store.list("apiextensions.k8s.io/customresourcedefinitions")) {
    expect(found.status, found.metadata.name).toMatchObject({
      conditions: expect.arrayContaining([expect.objectContaining({ type: "Established", status: "True" })]),
    });
  }
  store.create("namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: "kube-system" } });
  const bad = takeOver("x", {});
  expect(() =>
    store.create("cilium.io/ciliumnodeconfigs", { ...bad, spec: { ...bad.spec, defaults: { "cni-exclusive": true } } }),
  ).toThrow(/defaults/);
});

test.each([
  ["0", 0],
  ["15", 15_000],
  ["15s", 15_000],
  ["2m", 120_000],
  [undefined, 15_000],
])("the watcher's interval %s", (text, expected) => {
  expect(intervalMs(text)).toBe(expected);
});

test("no selector selects no node, an empty one all", () => {
  expect(selects(null, { a: "1" })).toBe(false);
  expect(selects({}, {})).toBe(true);
  expect(selects({ matchExpressions: [{ key: "a", operator: "In", values: ["1"] }] }, { a: "1" })).toBe(true);
  expect(selects({ matchExpressions: [{ key: "a", operator: "NotIn", values: ["1"] }] }, {})).toBe(true);
  expect(selects({ matchExpressions: [{ key: "a", operator: "DoesNotExist" }] }, { a: "1" })).toBe(false);
});

describe("with values of one's own", () => {
  test("a node keeps its taint until its agent is Ready", async () => {
    const lab = await ciliumLab({ nodes: 2 });
    world = lab;
    const seen: string[] = [];
    lab.lab.store.subscribe<NodeObject>("nodes", ({ object }) => {
      if (object.metadata.name !== "worker-1") return;
      const tainted =
        object.spec.taints?.some(
          ({ key, effect }) => key === "node.cilium.io/agent-not-ready" && effect === "NoSchedule",
        ) ?? false;
      const word = tainted ? "tainted" : "free";
      if (seen.at(-1) !== word) seen.push(word);
    });
    await lab.install(hybridValues);
    await untilWhole(lab);
    expect(seen).toEqual(["free", "tainted", "free"]);
    const condition = lab.lab.store
      .get<NodeObject>("nodes", null, "worker-1")
      ?.status?.conditions?.find(({ type }) => type === "NetworkUnavailable");
    expect(condition).toMatchObject({ status: "False", reason: "CiliumIsUp" });
  });

  test("with setNodeTaints off no node is ever tainted, and its condition may be left alone", async () => {
    const lab = await ciliumLab({ nodes: 2 });
    world = lab;
    let tainted = false;
    lab.lab.store.subscribe<NodeObject>("nodes", ({ object }) => {
      tainted ||= object.spec.taints?.some(({ key }) => key === "node.cilium.io/agent-not-ready") ?? false;
    });
    await lab.install({
      ...hybridValues,
      operator: { ...hybridValues.operator, setNodeTaints: false, setNodeNetworkStatus: false },
    });
    await untilWhole(lab);
    expect(tainted).toBe(false);
    const condition = lab.lab.store
      .get<NodeObject>("nodes", null, "worker-1")
      ?.status?.conditions?.find(({ type }) => type === "NetworkUnavailable");
    expect(condition?.reason).toBe("FlannelIsUp");
  });

  test("a pool too small leaves a node without a range, says so, and its agent waits", async () => {
    const lab = await ciliumLab({ nodes: 3 });
    world = lab;
    const pool = {
      mode: "cluster-pool",
      operator: { clusterPoolIPv4PodCIDRList: ["10.245.0.0/23"], clusterPoolIPv4MaskSize: 24 },
    };
    await lab.install({ ...hybridValues, ipam: pool });
    const nodes = () => lab.lab.store.list<CiliumNodeObject>("cilium.io/ciliumnodes");
    await lab.until(
      "two nodes with a range and one without",
      () => nodes().filter(({ spec }) => spec.ipam?.podCIDRs?.length).length === 2 && nodes().length === 3,
    );
    await lab.clock.advance(10_000);
    const starved = nodes().find(({ spec }) => !spec.ipam?.podCIDRs?.length);
    expect(starved?.status?.ipam?.["operator-status"]?.error).toMatch(/no more CIDRs/);
    expect(lab.machine(starved?.metadata.name ?? "").links.has("cilium_host")).toBe(false);
  });

  test("the watcher of unmanaged pods keeps deleting CoreDNS on nodes that are not migrated, one at a time", async () => {
    const lab = await ciliumLab({ nodes: 2 });
    world = lab;
    const dns = () =>
      lab.lab.store
        .list<PodObject>("pods", "kube-system")
        .filter(({ metadata }) => metadata.labels?.["k8s-app"] === "kube-dns");
    const before = dns().map(({ metadata }) => metadata.uid);
    await lab.install({ ...hybridValues, operator: {} });
    await untilWhole(lab);
    await lab.clock.advance(90_000);
    const after = dns().map(({ metadata }) => metadata.uid);
    expect(after.some((uid) => before.includes(uid))).toBe(false);
  });

  test("turned off it leaves them alone, and a changed ConfigMap counts only after the operator's restart", async () => {
    const lab = await ciliumLab({ nodes: 2 });
    world = lab;
    const dns = () =>
      lab.lab.store
        .list<PodObject>("pods", "kube-system")
        .filter(({ metadata }) => metadata.labels?.["k8s-app"] === "kube-dns")
        .map(({ metadata }) => metadata.uid ?? "")
        .sort((a, b) => a.localeCompare(b));
    const before = dns();
    await lab.install(hybridValues);
    await untilWhole(lab);
    await lab.install({ ...hybridValues, operator: {} });
    await lab.clock.advance(60_000);
    expect(dns()).toEqual(before);
    for (const { metadata } of lab.lab.store.list<PodObject>("pods", "kube-system")) {
      if (metadata.labels?.["io.cilium/app"] === "operator") lab.lab.store.delete("pods", "kube-system", metadata.name);
    }
    await lab.clock.advance(120_000);
    expect(dns().some((uid) => before.includes(uid))).toBe(false);
  });
});
