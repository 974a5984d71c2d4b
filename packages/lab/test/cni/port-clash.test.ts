import { afterEach, expect, test } from "vitest";
import type { PodObject } from "../../cni/kinds.ts";
import { type CiliumLab, ciliumLab, hybridValues, untilWhole } from "../support/cilium-lab.ts";

let world: CiliumLab | undefined;

afterEach(async () => {
  await world?.stop();
  expect(world?.faults).toEqual([]);
  world = undefined;
});

type Statuses = {
  restartCount?: number;
  state?: { waiting?: { reason: string } };
  lastState?: { terminated?: { exitCode: number; message?: string } };
}[];

function crashes(pod: PodObject | undefined): number {
  return ((pod?.status as { containerStatuses?: Statuses })?.containerStatuses ?? []).reduce(
    (sum, { restartCount = 0 }) => sum + restartCount,
    0,
  );
}

test("an agent on Flannel's port is refused by the kernel and keeps crashing; Flannel goes on", async () => {
  const lab = await ciliumLab({ nodes: 2 });
  world = lab;
  await lab.install({ ...hybridValues, tunnelPort: 0 });
  await lab.until("the agent to crash again and again", () => crashes(lab.agent("worker-1")) >= 2);
  expect(lab.machine("worker-1").udpPorts.get(8472)).toBe("flannel.1");
  expect(lab.machine("worker-1").links.has("cilium_vxlan")).toBe(false);
  const taints =
    (lab.lab.store.get("nodes", null, "worker-1") as { spec?: { taints?: { key: string }[] } }).spec?.taints ?? [];
  expect(taints.map(({ key }) => key)).toContain("node.cilium.io/agent-not-ready");
});

test("after a reboot Flannel is the one that is refused, when Cilium was there first", async () => {
  const lab = await ciliumLab({ nodes: 2 });
  world = lab;
  const machine = (node: string) => lab.machine(node);
  await lab.install(hybridValues);
  await untilWhole(lab);
  // Somebody moves the port without looking; the agent starts before Flannel does after the machine's restart.
  lab.lab.store.change("configmaps", "kube-system", "cilium-config", (copy) => {
    copy.data = { ...(copy.data as Record<string, string>), "tunnel-port": "8472" };
  });
  const flannel = lab.lab.store
    .podsOn<PodObject>("worker-1")
    .find(({ metadata }) => metadata.namespace === "kube-flannel");
  machine("worker-1").links.delete("flannel.1");
  machine("worker-1").udpPorts.delete(8472);
  await lab.restartAgent("worker-1");
  expect(machine("worker-1").udpPorts.get(8472)).toBe("cilium_vxlan");
  expect(machine("worker-1").udpPorts.has(8473)).toBe(false);
  lab.lab.store.delete("pods", "kube-flannel", flannel?.metadata.name ?? "");
  const now = () =>
    lab.lab.store
      .podsOn<PodObject>("worker-1")
      .find(({ metadata }) => metadata.namespace === "kube-flannel" && metadata.uid !== flannel?.metadata.uid);
  await lab.until("flannel to crash again and again", () => crashes(now()) >= 2);
  const last = ((now()?.status as { containerStatuses?: Statuses } | undefined)?.containerStatuses ?? [])[0]?.lastState
    ?.terminated;
  expect(last?.exitCode).toBe(1);
});

test("Geneve has a port of its own and needs no other", async () => {
  const lab = await ciliumLab({ nodes: 2 });
  world = lab;
  await lab.install({ ...hybridValues, tunnelProtocol: "geneve", tunnelPort: 0 });
  await untilWhole(lab);
  expect(lab.machine("worker-1").udpPorts.get(6081)).toBe("cilium_geneve");
  expect(lab.machine("worker-1").links.get("cilium_geneve")?.kind).toBe("geneve");
});
