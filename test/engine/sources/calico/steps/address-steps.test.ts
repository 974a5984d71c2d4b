import { expect, test } from "vitest";
import { calicoSteps } from "../../../../../src/engine/sources/calico/steps/calico-steps.ts";
import { couldTakeCilium } from "../../../../../src/engine/sources/calico/steps/detection.ts";
import { aCalico, atAddress, calicoNode, calicoWorld, nudged } from "../../../../support/a-calico.ts";
import { said } from "../../../../support/said.ts";

test.each<[method: string, couldTake: boolean]>([
  ["", true],
  ["first-found", true],
  ["kubernetes-internal-ip", false],
  ["can-reach=8.8.8.8", false],
  ["interface=eth.*", false],
  ["interface=eth0,cil.*", true],
  ["interface=(", true],
  ["skip-interface=docker.*", true],
  ["skip-interface=docker.*,cilium.*", false],
  ["skip-interface=", true],
  ["cidr=172.18.0.0/16", false],
  ["cidr=172.18.0.0/16,10.0.0.0/8", true],
  ["cidr=here", true],
  ["a-method-of-tomorrow", true],
])("detection by '%s' could take Cilium's link: %s", (method, couldTake) => {
  expect(couldTakeCilium(method, "10.245.0.0/16")).toBe(couldTake);
});

const nodes = [atAddress("a", "172.18.0.2"), atAddress("b", "172.18.0.3")];
const pinned = { name: "IP_AUTODETECTION_METHOD", value: "kubernetes-internal-ip" };
const container = (env: readonly object[]) => ({ name: "calico-node", env });

test("the daemon is told to take the Node's InternalIP, once, and what was set before is kept on it", async () => {
  const before = { name: "IP_AUTODETECTION_METHOD", value: "skip-interface=docker.*" };
  const world = calicoWorld({ source: aCalico(), objects: [calicoNode([before])], nodes });
  const step = world.leaf("calico/pin-addresses");
  expect(said(await step.observe())).toMatchObject({
    because: "DaemonSet kube-system/calico-node to have IP_AUTODETECTION_METHOD: kubernetes-internal-ip",
  });
  expect(await nudged(step, 1)).toEqual({ done: true });
  const patch = {
    metadata: { resourceVersion: "1", annotations: { "crossfade/address-detection": JSON.stringify(before) } },
    spec: { template: { spec: { containers: [container([{ name: "IP", value: "autodetect" }, pinned])] } } },
  };
  expect(world.merged).toEqual([["DaemonSet kube-system/calico-node", patch]]);
  await step.apply();
  expect(world.merged).toHaveLength(1);
});

test("set again by somebody, it is pinned again, and what was there before the run stays on the mark", async () => {
  const world = calicoWorld({ source: aCalico(), objects: [calicoNode()], nodes });
  const step = world.leaf("calico/pin-addresses");
  await step.apply();
  const { metadata } = world.kept.get("DaemonSet kube-system/calico-node") ?? {};
  world.kept.set("DaemonSet kube-system/calico-node", { ...calicoNode(), metadata: metadata ?? {} });
  expect(await nudged(step, 1)).toEqual({ done: true });
  expect(world.merged[0]?.[1]["metadata"]).toMatchObject({ annotations: { "crossfade/address-detection": "null" } });
  expect(world.merged[1]?.[1]["metadata"]).toEqual({ resourceVersion: "1" });
});

test("a rollout that is not through is waited for, one that its controller has not seen too", async () => {
  const rolling = { observedGeneration: 1, desiredNumberScheduled: 2, updatedNumberScheduled: 1, numberReady: 1 };
  const world = calicoWorld({
    source: aCalico(),
    objects: [{ ...calicoNode([pinned]), status: rolling }],
    nodes,
  });
  const step = world.leaf("calico/pin-addresses");
  expect(said(await step.observe()).because).toContain("calico-node to roll out (1 of 2 new, 1 Ready)");
  const unseen = calicoNode([pinned]);
  world.kept.set("DaemonSet kube-system/calico-node", {
    ...unseen,
    metadata: { ...(unseen["metadata"] as object), generation: 2 },
  });
  expect(said(await step.observe()).because).toContain("0 of 2 new");
});

test("an operator's Installation is changed, not its DaemonSet, and no second method is left beside", async () => {
  const installation = {
    apiVersion: "operator.tigera.io/v1",
    kind: "Installation",
    metadata: { name: "default", resourceVersion: "7" },
    spec: { calicoNetwork: { nodeAddressAutodetectionV4: { firstFound: true }, bgp: "Disabled" } },
  };
  const world = calicoWorld({
    source: aCalico({ install: "operator" }, "calico-system"),
    objects: [calicoNode([], "calico-system"), installation],
    nodes,
  });
  const step = world.leaf("calico/pin-addresses");
  await step.apply();
  await step.apply();
  expect(world.merged).toHaveLength(1);
  expect(world.kept.get("Installation -/default")).toMatchObject({
    metadata: { annotations: { "crossfade/address-detection": '{"firstFound":true}' } },
    spec: { calicoNetwork: { nodeAddressAutodetectionV4: { kubernetes: "NodeInternalIP" }, bgp: "Disabled" } },
  });
  expect(world.kept.get("Installation -/default")).not.toHaveProperty(
    "spec.calicoNetwork.nodeAddressAutodetectionV4.firstFound",
  );
  // The operator has not rendered it yet.
  expect((await step.observe()).done).toBe(false);
  world.kept.set("DaemonSet calico-system/calico-node", calicoNode([pinned], "calico-system"));
  expect(await step.observe()).toEqual({ done: true });
});

test.each(["calico/check-addresses", "calico/recheck-addresses"])(
  "%s names each node that is known by another address",
  async (id) => {
    const world = calicoWorld({ source: aCalico(), objects: [calicoNode([pinned])], nodes });
    const step = world.leaf(id);
    expect(await step.observe()).toEqual({ done: true });
    world.state.nodes = [...nodes.slice(0, 1), atAddress("b", "172.18.0.3", "10.245.1.7")];
    const waits = said(await step.observe());
    expect(waits.because).toContain("b: 10.245.1.7 for 172.18.0.3");
    expect(waits.because).toContain("projectcalico.org/IPv4Address");
    await step.apply();
    expect(world.merged).toEqual([]);
  },
);

test("a node without an address is named too, one that the old network does not serve is not", async () => {
  const world = calicoWorld({ source: aCalico(), objects: [calicoNode([pinned])], nodes });
  world.state.nodes = [
    { ...atAddress("a", "172.18.0.2"), annotations: {} },
    { ...atAddress("v", "10.9.9.9"), annotations: {} },
  ];
  expect(said(await world.leaf("calico/check-addresses").observe()).because).toContain("a: none for 172.18.0.2:");
});

test("a setting that was taken back is waited for before the next node, and not fought over", async () => {
  const world = calicoWorld({ source: aCalico(), objects: [calicoNode()], nodes });
  const step = world.leaf("calico/recheck-addresses");
  expect(said(await step.observe()).because).toContain("IP_AUTODETECTION_METHOD");
  await step.apply();
  expect(world.merged).toEqual([]);
});

test("a rollback leaves the pin while Cilium's links are there, and says so once, with what was set before", async () => {
  const world = calicoWorld({ source: aCalico(), objects: [calicoNode()], nodes });
  await world.leaf("calico/pin-addresses").apply();
  const step = world.leaf("rollback-calico/unpin-addresses");
  expect(await step.observe()).toEqual({ done: true });
  await step.observe();
  expect(world.logged).toHaveLength(1);
  expect(world.logged[0]).toContain("warning: DaemonSet kube-system/calico-node keeps detecting addresses");
  expect(world.logged[0]).toContain("(before: not set, see annotation crossfade/address-detection)");
  expect(world.kept.get("DaemonSet kube-system/calico-node")).toMatchObject({
    spec: { template: { spec: { containers: [container([{ name: "IP", value: "autodetect" }, pinned])] } } },
  });
});

test("a rollback of a run that pinned nothing says nothing of it", async () => {
  const world = calicoWorld({ source: aCalico(), objects: [calicoNode()], nodes });
  expect(await world.leaf("rollback-calico/unpin-addresses").observe()).toEqual({ done: true });
  expect(world.logged).toEqual([]);
});

test("what need not be pinned has no such step, and Canal only looks for what it may leave on the Node", () => {
  const ids = (own: Parameters<typeof aCalico>[0]) => calicoSteps(aCalico(own)).run.map(({ id }) => id);
  expect(ids({})).toEqual([
    "calico/pin-addresses",
    "calico/check-addresses",
    "calico/await-cilium-operator",
    "calico/release-objects",
    "calico/clear-network-unavailable",
  ]);
  expect(ids({ detection: "kubernetes-internal-ip" })).not.toContain("calico/pin-addresses");
  expect(ids({ install: "operator" })).toContain("calico/stop-owner");
  expect(ids({ install: "canal" })).toEqual(["calico/await-cilium-operator", "calico/clear-network-unavailable"]);
  const { node, rollbackNode, rollbackRun } = calicoSteps(aCalico({ install: "canal" }));
  expect([...node, ...rollbackNode, ...rollbackRun]).toEqual([]);
});
