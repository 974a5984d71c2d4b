import { expect, test } from "vitest";
import type { Program } from "../../program.ts";
import { oneNode } from "./one-node.ts";

const timings = { reboot: { lowMs: 10_000, highMs: 10_000 } };

test("a reboot clears the kernel's state and /run, and changes the boot id", async () => {
  const { machine, kubelets, clock } = oneNode({ timings });
  const bootId = machine.bootId;
  machine.disk.set("/run/flannel/subnet.env", "x").set("/etc/cni/net.d/10-flannel.conflist", "{}");
  machine.links.set("cni0", { name: "cni0", kind: "bridge", address: null, owner: "flannel" });
  machine.chains.set("nat/KUBE-SERVICES", []);
  machine.routes.set("10.244.1.0/24", "cni0");
  machine.udpPorts.set(8472, "flannel.1");
  const back = kubelets.reboot("worker-1");
  await clock.advance(9_900);
  expect(machine.up).toBe(false);
  await clock.advance(200);
  await back;
  expect(machine.up).toBe(true);
  expect(machine.bootId).not.toBe(bootId);
  expect([...machine.links.keys()]).toEqual(["eth0"]);
  expect([machine.chains.size, machine.routes.size, machine.udpPorts.size]).toEqual([0, 0, 0]);
  expect(machine.disk.has("/run/flannel/subnet.env")).toBe(false);
  expect(machine.disk.has("/etc/cni/net.d/10-flannel.conflist")).toBe(true);
});

test("all pods come back in new sandboxes by the configuration that is first then, init containers included", async () => {
  let inits = 0;
  const init: Program = {
    name: "init",
    matches: (image) => image === "init",
    runToEnd() {
      inits += 1;
      return Promise.resolve();
    },
  };
  const node = oneNode({ timings, programs: [init] });
  node.conf("10-flannel.conflist", "flannel");
  node.run("web", { initContainers: [{ name: "prepare", image: "init" }] });
  node.run("agent", { hostNetwork: true });
  await node.clock.advance(20_000);
  const uid = node.pod("web")?.metadata.uid;
  node.conf("05-cilium.conflist", "cilium-cni");
  void node.kubelets.reboot("worker-1");
  await node.clock.advance(10_100);
  expect(node.nodeCondition("Ready")?.status).toBe("False");
  await node.clock.advance(20_000);
  expect(node.nodeCondition("Ready")?.status).toBe("True");
  expect(node.pod("web")).toMatchObject({ metadata: { uid }, status: { podIP: "10.245.1.2" } });
  expect(node.pod("web")?.status?.containerStatuses?.[0]).toMatchObject({
    restartCount: 1,
    ready: true,
    lastState: { terminated: { exitCode: 255 } },
  });
  expect(node.pod("agent")?.status?.podIP).toBe("172.18.0.3");
  expect(inits).toBe(2);
  expect(node.wires).toEqual(["+web 10.244.1.2", "-web 10.244.1.2", "+web 10.245.1.2"]);
  expect(node.reasons("worker-1")).toContain("Rebooted");
  expect(node.faults).toEqual([]);
});

test("a privileged helper restarts its machine once", async () => {
  const node = oneNode({ timings });
  const argv = ["nsenter", "-t", "1", "-m", "--", "systemctl", "reboot"];
  const bootId = node.machine.bootId;
  const helper = { name: "reboot", image: "busybox", command: argv, securityContext: { privileged: true } };
  node.run("helper", { hostPID: true, hostNetwork: true, restartPolicy: "Never", containers: [helper] });
  await node.clock.advance(6_000);
  expect(node.machine.up).toBe(false);
  expect(node.pod("helper")?.status?.phase).toBe("Succeeded");
  await node.clock.advance(30_000);
  const after = node.machine.bootId;
  expect(after).not.toBe(bootId);
  await node.clock.advance(120_000);
  expect(node.machine.bootId).toBe(after);
  expect(node.pod("helper")?.status?.phase).toBe("Succeeded");
});

test("without privileges the same command restarts nothing", async () => {
  const node = oneNode({ timings });
  const bootId = node.machine.bootId;
  const helper = { name: "reboot", image: "busybox", command: ["systemctl", "reboot"] };
  node.run("helper", { hostPID: true, hostNetwork: true, restartPolicy: "Never", containers: [helper] });
  await node.clock.advance(60_000);
  expect(node.machine.bootId).toBe(bootId);
  expect(node.pod("helper")?.status?.phase).toBe("Failed");
});

test("a pod that was being deleted when the power went is removed when the kubelet is back", async () => {
  const node = oneNode({ timings: { ...timings, stop: { lowMs: 20_000, highMs: 20_000 } } });
  node.conf("10-flannel.conflist", "flannel");
  node.run("web");
  await node.clock.advance(15_000);
  node.store.delete("pods", "default", "web");
  await node.clock.advance(1_000);
  void node.kubelets.reboot("worker-1");
  await node.clock.advance(5_000);
  expect(node.pod("web")).toBeDefined();
  await node.clock.advance(15_000);
  expect(node.pod("web")).toBeUndefined();
});

test("a machine that is off renews no lease and answers no exec", async () => {
  const node = oneNode({ timings });
  node.run("agent", { hostNetwork: true });
  await node.clock.advance(15_000);
  const target = { namespace: "default", pod: "agent", container: "app" };
  expect((await node.access.exec(target, ["hostname"])).stdout).toBe("worker-1\n");
  void node.kubelets.reboot("worker-1", { downMs: 60_000 });
  const lease = () =>
    node.store.get("coordination.k8s.io/leases", "kube-node-lease", "worker-1")?.metadata.resourceVersion;
  const before = lease();
  await node.clock.advance(50_000);
  expect(lease()).toBe(before);
  await expect(node.access.exec(target, ["hostname"])).rejects.toThrow("no route to host");
});
