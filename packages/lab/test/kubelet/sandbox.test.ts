import { expect, test } from "vitest";
import { oneNode } from "./one-node.ts";

test("without a CNI configuration the node says so, and no sandbox is made", async () => {
  const node = oneNode();
  node.run("web");
  await node.clock.advance(10_000);
  expect(node.nodeCondition("Ready")).toMatchObject({ status: "False", reason: "KubeletNotReady" });
  expect(node.nodeCondition("Ready")?.message).toContain("cni plugin not initialized");
  expect(node.pod("web")?.status).toMatchObject({ phase: "Pending" });
  expect(node.pod("web")?.status?.podIP).toBeUndefined();
  expect(node.reasons("web")).toContain("FailedCreatePodSandBox");
});

test("the first configuration by name wires new pods; the others keep their address until they are recreated", async () => {
  const node = oneNode();
  node.conf("10-flannel.conflist", "flannel");
  node.run("old");
  await node.clock.advance(10_000);
  node.conf("05-cilium.conflist", "cilium-cni");
  node.run("new");
  await node.clock.advance(10_000);
  expect(node.pod("old")?.status?.podIP).toBe("10.244.1.2");
  expect(node.pod("new")?.status).toMatchObject({
    podIP: "10.245.1.2",
    podIPs: [{ ip: "10.245.1.2" }],
    hostIP: "172.18.0.3",
  });
  node.store.delete("pods", "default", "old");
  await node.clock.advance(30_000);
  node.run("old");
  await node.clock.advance(10_000);
  expect(node.pod("old")?.status?.podIP).toBe("10.245.1.3");
  expect(node.wires).toContain("-old 10.244.1.2");
});

test.each([
  ["10-flannel.conflist.cilium_bak", "a renamed file"],
  ["old/10-flannel.conflist", "a file in a sub-folder"],
])("%s does not count: it is %s", async (name) => {
  const node = oneNode();
  node.conf(name, "flannel");
  await node.clock.advance(10_000);
  expect(node.nodeCondition("Ready")?.status).toBe("False");
});

test("a plugin whose binary is nowhere leaves the pod waiting with the runtime's words, and is tried again", async () => {
  const node = oneNode();
  node.conf("10-calico.conflist", "calico");
  node.run("web");
  await node.clock.advance(20_000);
  expect(node.event("FailedCreatePodSandBox")?.message).toContain(
    'failed to find plugin "calico" in path [/opt/cni/bin]',
  );
  expect(node.event("FailedCreatePodSandBox")?.count).toBeGreaterThan(1);
  node.conf("05-cilium.conflist", "cilium-cni");
  await node.clock.advance(10_000);
  expect(node.condition("web", "Ready")).toBe("True");
});

test("a pod on the host's network needs no configuration and has the node's address", async () => {
  const node = oneNode();
  node.run("agent", { hostNetwork: true });
  await node.clock.advance(10_000);
  expect(node.pod("agent")?.status?.podIP).toBe("172.18.0.3");
  expect(node.wires).toEqual([]);
});
