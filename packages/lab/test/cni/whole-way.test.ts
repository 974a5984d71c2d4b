import { expect, test } from "vitest";
import { isReady, type PodObject } from "../../cni/kinds.ts";
import {
  ciliumLab,
  hybridValues,
  label,
  serverPod,
  takeOver,
  takeOverDefaults,
  untilWhole,
} from "../support/cilium-lab.ts";

const finalValues = {
  ...hybridValues,
  operator: { unmanagedPodWatcher: { restart: true } },
  cni: { customConf: false, uninstall: false },
  policyEnforcementMode: "default",
};

test.each([
  ["1.16.19", "v2alpha1"],
  ["1.20.0", "v2"],
])(
  "a cluster can be moved to Cilium %s by hand, node by node, and loses Flannel in the end",
  async (version, crdVersion) => {
    const world = await ciliumLab({ nodes: 3, backend: version === "1.16.19" ? "host-gw" : "vxlan" });
    const { store, network } = world.lab;
    const nodes = [...world.lab.machines.keys()];
    const sandboxes = () => store.list<PodObject>("pods").filter(({ spec }) => !spec.hostNetwork);
    const settled = () =>
      store.list<PodObject>("pods").every((pod) => isReady(pod) || pod.status?.phase === "Succeeded");

    expect(await world.install(hybridValues, version)).toMatchObject({ exitCode: 0 });
    await untilWhole(world);
    const config = { ...takeOver("cilium-default", takeOverDefaults), apiVersion: `cilium.io/${crdVersion}` };
    store.create("cilium.io/ciliumnodeconfigs", config);
    for (const node of nodes.toReversed()) {
      label(world, node, "true");
      await world.restartAgent(node);
      const rebooted = world.lab.reboot(node, { downMs: 8_000 });
      await world.clock.advance(9_000);
      await rebooted;
      await untilWhole(world);
      await world.until(`all pods Ready after ${node}`, settled);
      expect(world.confs(node)).toEqual(["05-cilium.conflist", "10-flannel.conflist.cilium_bak"]);
    }
    expect(sandboxes().filter(({ status }) => !status?.podIP?.startsWith("10.245."))).toEqual([]);

    expect(await world.install(finalValues, version)).toMatchObject({ exitCode: 0 });
    for (const node of nodes) await world.restartAgent(node);
    store.delete("cilium.io/ciliumnodeconfigs", "kube-system", "cilium-default");
    store.delete("namespaces", null, "kube-flannel");
    await world.until("Flannel to be gone", () => store.list("pods", "kube-flannel").length === 0);
    for (const node of nodes) {
      const rebooted = world.lab.reboot(node, { downMs: 8_000 });
      await world.clock.advance(9_000);
      await rebooted;
    }
    await untilWhole(world);
    await world.until("all pods Ready in the end", settled);
    for (const node of nodes) {
      const { links, chains } = world.machine(node);
      expect([...links.keys()].filter((name) => /^(flannel|cni0|veth)/.test(name))).toEqual([]);
      expect([...chains.keys()].filter((name) => name.includes("FLANNEL"))).toEqual([]);
    }
    const [one, two] = [await serverPod(world, "worker-1", "last-1"), await serverPod(world, "worker-2", "last-2")];
    await untilWhole(world);
    expect(network.fromPod(one, { ip: two.status?.podIP ?? "", port: 8080, protocol: "tcp" })).toMatchObject({
      ok: true,
    });
    expect(network.resolve(two, "kubernetes.default")).toHaveProperty("ip");
    const endpoints = store
      .list("cilium.io/ciliumendpoints")
      .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
    const managed = sandboxes().map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
    expect(endpoints.sort((a, b) => a.localeCompare(b))).toEqual(managed.sort((a, b) => a.localeCompare(b)));
    await world.stop();
    expect(world.faults).toEqual([]);
  },
);
