import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { flannelManifest } from "../../cni/flannel/flannel-manifest.ts";
import { flannelPlugin } from "../../cni/flannel/flannel-plugin.ts";
import type { NodeObject, PodObject } from "../../cni/kinds.ts";
import { createMachine } from "../../kubelet/machine-boot.ts";
import { seededRandom } from "../../random.ts";
import { readFacts, sharedFacts } from "../support/cilium-facts.ts";
import { type CiliumLab, ciliumLab } from "../support/cilium-lab.ts";

test.runIf(sharedFacts())("the manifest is Flannel's own, object by object", () => {
  expect(flannelManifest({ podCidr: "10.244.0.0/16", backend: "vxlan" })).toEqual(
    readFacts("flannel/kube-flannel.json"),
  );
});

test("host-gw differs in the backend alone", () => {
  const [vxlan, hostGw] = (["vxlan", "host-gw"] as const).map((backend) =>
    flannelManifest({ podCidr: "10.9.0.0/16", backend }),
  );
  expect(JSON.stringify(hostGw)).toBe(
    JSON.stringify(vxlan).replace(String.raw`\"Type\": \"vxlan\"`, String.raw`\"Type\": \"host-gw\"`),
  );
});

describe("the plugin", () => {
  const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "p", uid: "u" } };
  const machine = () => createMachine("n", "172.18.0.9", seededRandom(1));
  const env = "FLANNEL_NETWORK=10.244.0.0/16\nFLANNEL_SUBNET=10.244.3.1/29\nFLANNEL_MTU=1450\nFLANNEL_IPMASQ=true\n";

  test("needs its binary", () => {
    expect(() => flannelPlugin.add(machine(), pod, {})).toThrow(
      'failed to find plugin "flannel" in path [/opt/cni/bin]',
    );
  });

  test("needs the daemon's subnet file", () => {
    const bare = machine();
    bare.disk.set("/opt/cni/bin/flannel", "");
    expect(() => flannelPlugin.add(bare, pod, {})).toThrow("open /run/flannel/subnet.env: no such file or directory");
  });

  test("hands out the range in turn, says when it is full, and reuses what came back", () => {
    const ready = machine();
    ready.disk.set("/opt/cni/bin/flannel", "").set("/run/flannel/subnet.env", env);
    const taken = ["a", "b", "c", "d", "e"].map((uid) =>
      flannelPlugin.add(ready, { ...pod, metadata: { name: uid, uid } }, {}),
    );
    expect(taken).toEqual(["10.244.3.2", "10.244.3.3", "10.244.3.4", "10.244.3.5", "10.244.3.6"]);
    expect(() => flannelPlugin.add(ready, pod, {})).toThrow(
      "no IP addresses available in range set: 10.244.3.1-10.244.3.6",
    );
    flannelPlugin.del(ready, { ...pod, metadata: { name: "b", uid: "b" } }, "10.244.3.3");
    flannelPlugin.del(ready, { ...pod, metadata: { name: "x", uid: "x" } }, "10.244.3.4");
    expect(flannelPlugin.add(ready, pod, {})).toBe("10.244.3.3");
    expect(ready.disk.has("/var/lib/cni/networks/cbr0/10.244.3.4")).toBe(true);
    expect(ready.links.get("cni0")?.address).toBe("10.244.3.1/29");
  });
});

describe("in a cluster", () => {
  let world: CiliumLab;
  beforeAll(async () => {
    world = await ciliumLab();
  });
  afterAll(async () => {
    await world?.stop();
    expect(world?.faults).toEqual([]);
  });

  test("every node has link, port, chains, routes, subnet file, annotations and condition", () => {
    for (const node of world.lab.store.list<NodeObject>("nodes")) {
      const machine = world.machine(node.metadata.name);
      expect(machine.links.get("flannel.1")).toMatchObject({ kind: "vxlan", owner: "flannel" });
      expect(machine.udpPorts.get(8472)).toBe("flannel.1");
      expect([...machine.chains.keys()]).toEqual(expect.arrayContaining(["nat/FLANNEL-POSTRTG", "filter/FLANNEL-FWD"]));
      expect([...machine.routes.values()].filter((via) => via === "flannel.1")).toHaveLength(2);
      expect(machine.disk.get("/run/flannel/subnet.env")).toContain(
        `FLANNEL_SUBNET=${node.spec.podCIDR?.replace(".0/24", ".1/24")}`,
      );
      expect(node.metadata.annotations).toMatchObject({
        "flannel.alpha.coreos.com/backend-type": "vxlan",
        "flannel.alpha.coreos.com/kube-subnet-manager": "true",
        "flannel.alpha.coreos.com/public-ip": machine.ip,
      });
      expect(node.status?.conditions?.find(({ type }) => type === "NetworkUnavailable")).toMatchObject({
        status: "False",
        reason: "FlannelIsUp",
      });
    }
  });

  test("its chains are jumped to, as the kernel needs it", () => {
    const { chains } = world.machine("worker-1");
    expect(chains.get("nat/POSTROUTING")?.at(-1)).toMatch(/-j FLANNEL-POSTRTG$/);
    expect(chains.get("filter/FORWARD")?.at(-1)).toMatch(/-j FLANNEL-FWD$/);
  });

  test("its rules come back within seconds while the daemon runs", async () => {
    const { chains } = world.machine("worker-1");
    chains.delete("nat/FLANNEL-POSTRTG");
    await world.clock.advance(6_000);
    expect(chains.has("nat/FLANNEL-POSTRTG")).toBe(true);
  });

  test("what it made stays when it is removed, until the machine restarts", async () => {
    world.lab.store.delete("apps/daemonsets", "kube-flannel", "kube-flannel-ds");
    await world.until(
      "flannel's pods to be gone",
      () => world.lab.store.list<PodObject>("pods", "kube-flannel").length === 0,
    );
    const machine = world.machine("worker-2");
    expect(machine.links.has("flannel.1")).toBe(true);
    expect(machine.chains.has("nat/FLANNEL-POSTRTG")).toBe(true);
    expect(world.confs("worker-2")).toEqual(["10-flannel.conflist"]);
    const rebooted = world.lab.reboot("worker-2", { downMs: 5_000 });
    await world.clock.advance(6_000);
    await rebooted;
    expect(machine.links.has("flannel.1")).toBe(false);
    expect(machine.chains.has("nat/FLANNEL-POSTRTG")).toBe(false);
    expect(world.confs("worker-2")).toEqual(["10-flannel.conflist"]);
  });
});
