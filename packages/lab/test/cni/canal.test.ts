import { afterAll, beforeAll, expect, test } from "vitest";
import type { NodeObject, PodObject } from "../../cni/kinds.ts";
import { inCidr } from "../../network/cidr.ts";
import { type CiliumLab, ciliumLab, hybridValues, untilWhole } from "../support/cilium-lab.ts";
import { broken, sandboxes } from "../support/pairs.ts";

let world: CiliumLab;
beforeAll(async () => {
  world = await ciliumLab({ source: "canal" });
});
afterAll(async () => {
  await world?.stop();
  expect(world?.faults).toEqual([]);
});

const node = (name: string) => world.lab.store.get<NodeObject>("nodes", null, name);
const condition = (name: string) => node(name)?.status?.conditions?.find(({ type }) => type === "NetworkUnavailable");

test("pods have addresses of their node's podCIDR, on cali links without a bridge, and reach each other", () => {
  for (const { spec, status } of sandboxes(world))
    expect(inCidr(status?.podIP ?? "", node(spec.nodeName ?? "")?.spec.podCIDR ?? "")).toBe(true);
  expect(broken(world)).toEqual([]);
  for (const name of world.lab.machines.keys()) {
    const { links, udpPorts, chains, routes } = world.machine(name);
    expect([...links.values()].map(({ kind }) => kind)).not.toContain("bridge");
    expect(udpPorts.get(8472)).toBe("flannel.1");
    expect(links.has("vxlan.calico")).toBe(false);
    expect([...routes.values()].filter((via) => via.startsWith("blackhole"))).toEqual([]);
    expect([...chains.keys()]).toEqual(expect.arrayContaining(["filter/cali-FORWARD", "nat/FLANNEL-POSTRTG"]));
    expect(world.confs(name)).toEqual(["10-canal.conflist", "calico-kubeconfig"]);
    expect(node(name)?.metadata.annotations).not.toHaveProperty(["projectcalico.org/IPv4Address"]);
    expect(condition(name)).toMatchObject({ status: "False", reason: "FlannelIsUp" });
  }
});

test("Cilium's interface is nothing to it, and its end leaves no node tainted", async () => {
  expect(await world.install(hybridValues)).toMatchObject({ exitCode: 0 });
  await untilWhole(world);
  await world.clock.advance(120_000);
  expect(broken(world)).toEqual([]);
  world.lab.store.delete("apps/daemonsets", "kube-system", "canal");
  await world.until("its pods to be gone", () =>
    world.lab.store
      .list<PodObject>("pods", "kube-system")
      .every(({ metadata }) => metadata.labels?.["k8s-app"] !== "canal"),
  );
  expect([...world.lab.machines.keys()].map((name) => condition(name)?.status)).toEqual(["False", "False", "False"]);
});
