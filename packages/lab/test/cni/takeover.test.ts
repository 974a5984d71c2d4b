import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agentExec } from "../support/agent-exec.ts";
import {
  type CiliumLab,
  ciliumLab,
  hybridValues,
  label,
  serverPod,
  takeOver,
  takeOverDefaults,
  untilWhole,
} from "../support/cilium-lab.ts";

let world: CiliumLab;
const node = "worker-2";

beforeAll(async () => {
  world = await ciliumLab();
  const { exitCode, stderr } = await world.install(hybridValues);
  expect(stderr).toBe("");
  expect(exitCode).toBe(0);
  await untilWhole(world);
});

afterAll(async () => {
  await world?.stop();
  expect(world?.faults).toEqual([]);
});

describe("secondary mode", () => {
  test("leaves every conf file as it was", () => {
    for (const name of world.lab.machines.keys()) expect(world.confs(name), name).toEqual(["10-flannel.conflist"]);
  });

  test("has its chains before those of others", () => {
    const { chains } = world.machine(node);
    expect(chains.get("nat/POSTROUTING")?.[0]).toMatch(/-j CILIUM_POST_nat$/);
    expect(chains.get("filter/FORWARD")?.[0]).toMatch(/-j CILIUM_FORWARD$/);
    expect(chains.get("raw/PREROUTING")?.[0]).toMatch(/-j CILIUM_PRE_raw$/);
    expect(chains.get("mangle/POSTROUTING")?.[0]).toMatch(/-j CILIUM_POST_mangle$/);
  });

  test("manages no pod", () => {
    expect(world.lab.store.list("cilium.io/ciliumendpoints")).toEqual([]);
  });

  test("says so in the agent's status", async () => {
    const status = JSON.parse((await agentExec(world, node, ["cilium-dbg", "status", "-o", "json"])).stdout);
    expect(status.cilium.state).toBe("Ok");
    expect(status["cni-file"].state).toBe("Disabled");
    expect(status.kubernetes.state).toBe("Ok");
    expect(status.ipam.status).toMatch(/allocated from 10\.245\.\d+\.0\/24/);
  });

  test("its own overlay reaches every node's health endpoint", async () => {
    const { nodes } = JSON.parse(
      (await agentExec(world, node, ["cilium-health", "status", "--probe", "-o", "json"])).stdout,
    );
    expect(nodes).toHaveLength(3);
    for (const { name, host, "health-endpoint": endpoint } of nodes) {
      expect(host["primary-address"].http.status, name).toBe("");
      expect(endpoint["primary-address"].icmp.status, name).toBe("");
    }
  });

  test("a label and a CiliumNodeConfig alone change nothing", async () => {
    world.lab.store.create("cilium.io/ciliumnodeconfigs", takeOver("cilium-default", takeOverDefaults));
    label(world, node, "true");
    await world.clock.advance(30_000);
    expect(world.confs(node)).toEqual(["10-flannel.conflist"]);
  });
});

describe("the agent that starts with the CiliumNodeConfig", () => {
  beforeAll(async () => {
    await world.restartAgent(node);
  });

  test("writes its conf and puts the other aside, on this node alone", () => {
    expect(world.confs(node)).toEqual(["05-cilium.conflist", "10-flannel.conflist.cilium_bak"]);
    expect(world.confs("worker-1")).toEqual(["10-flannel.conflist"]);
  });

  test("shows its configuration and where it came from", async () => {
    const read = async (key: string) => (await agentExec(world, node, ["cat", `/tmp/cilium/config-map/${key}`])).stdout;
    expect(await read("cni-exclusive")).toBe("true");
    expect(await read("custom-cni-conf")).toBe("false");
    expect(JSON.parse(await read("config-sources")).map(({ name }: { name: string }) => name)).toEqual([
      "cilium-config",
      "cilium-default",
    ]);
    const listed = await agentExec(world, node, ["ls", "/tmp/cilium/config-map"]);
    expect(listed.stdout.split("\n")).toContain("write-cni-conf-when-ready");
    const missing = await agentExec(world, node, ["cat", "/tmp/cilium/config-map/nonsense"]);
    expect(missing.exitCode).toBe(1);
  });

  test("reports the file as written", async () => {
    const status = JSON.parse((await agentExec(world, node, ["cilium", "status", "-o", "json"])).stdout);
    expect(status["cni-file"]).toEqual({ state: "Ok", msg: expect.stringContaining("05-cilium.conflist") });
  });

  test("puts a file aside again within seconds of its return", async () => {
    const { disk } = world.machine(node);
    disk.set("/etc/cni/net.d/10-flannel.conflist", "{}");
    disk.set("/etc/cni/net.d/00-multus.conf", "{}");
    disk.set("/etc/cni/net.d/notes.txt", "kept");
    await world.clock.advance(3_000);
    expect(world.confs(node)).toEqual([
      "00-multus.conf.cilium_bak",
      "05-cilium.conflist",
      "10-flannel.conflist.cilium_bak",
      "notes.txt",
    ]);
    disk.delete("/etc/cni/net.d/00-multus.conf.cilium_bak");
    disk.delete("/etc/cni/net.d/notes.txt");
  });

  test("writes its own file again when it is lost", async () => {
    world.machine(node).disk.delete("/etc/cni/net.d/05-cilium.conflist");
    await world.clock.advance(3_000);
    expect(world.confs(node)).toContain("05-cilium.conflist");
  });

  test("flannel's pod rewrites its conf at its start, and loses it again", async () => {
    const flannel = world.lab.store.podsOn(node).find(({ metadata }) => metadata.namespace === "kube-flannel");
    world.lab.store.delete("pods", "kube-flannel", flannel?.metadata.name ?? "");
    await world.clock.advance(30_000);
    expect(world.confs(node)).toEqual(["05-cilium.conflist", "10-flannel.conflist.cilium_bak"]);
    expect(world.machine(node).disk.get("/etc/cni/net.d/10-flannel.conflist.cilium_bak")).toContain('"cbr0"');
  });

  test("gives new pods an address of its range and an endpoint that becomes ready", async () => {
    const pod = await serverPod(world, node, "takeover-new");
    expect(pod.status?.podIP).toMatch(/^10\.245\./);
    await world.clock.advance(2_000);
    const endpoint = world.lab.store.get("cilium.io/ciliumendpoints", "default", "takeover-new");
    expect(endpoint?.status).toMatchObject({
      state: "ready",
      networking: { addressing: [{ ipv4: pod.status?.podIP }] },
    });
    expect(endpoint?.metadata.ownerReferences?.[0]).toMatchObject({ kind: "Pod", uid: pod.metadata.uid });
    world.lab.store.delete("pods", "default", "takeover-new");
    await world.until(
      "its endpoint to go with it",
      () => !world.lab.store.get("cilium.io/ciliumendpoints", "default", "takeover-new"),
    );
  });
});

describe("the way back", () => {
  test("without the label the next agent keeps off, and what is there stays", async () => {
    label(world, node, null);
    await world.restartAgent(node);
    expect(world.confs(node)).toEqual(["05-cilium.conflist", "10-flannel.conflist.cilium_bak"]);
    const { disk } = world.machine(node);
    disk.set("/etc/cni/net.d/10-flannel.conflist", disk.get("/etc/cni/net.d/10-flannel.conflist.cilium_bak") ?? "");
    disk.delete("/etc/cni/net.d/10-flannel.conflist.cilium_bak");
    disk.delete("/etc/cni/net.d/05-cilium.conflist");
    await world.clock.advance(5_000);
    expect(world.confs(node)).toEqual(["10-flannel.conflist"]);
    const pod = await serverPod(world, node, "takeover-back");
    expect(pod.status?.podIP).toMatch(/^10\.244\./);
  });

  test("cni-uninstall of a second CiliumNodeConfig takes the conf away when the agent stops; later names win", async () => {
    label(world, node, "true");
    world.lab.store.create(
      "cilium.io/ciliumnodeconfigs",
      takeOver("cilium-zz", { "cni-uninstall": "true", "cni-exclusive": "false" }),
    );
    await world.restartAgent(node);
    expect(world.confs(node)).toEqual(["05-cilium.conflist", "10-flannel.conflist"]);
    label(world, node, null);
    await world.restartAgent(node);
    expect(world.confs(node)).toEqual(["10-flannel.conflist"]);
    world.lab.store.delete("cilium.io/ciliumnodeconfigs", "kube-system", "cilium-zz");
  });
});
