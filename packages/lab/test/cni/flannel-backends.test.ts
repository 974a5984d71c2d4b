import { expect, test } from "vitest";
import type { NodeObject } from "../../cni/kinds.ts";
import { ciliumLab, serverPod } from "../support/cilium-lab.ts";

test.each([
  ["wireguard", "flannel-wg", 51_820, 1_420],
  ["ipip", "flannel.ipip", null, 1_480],
  ["host-gw", null, null, 1_500],
] as const)("%s: pods reach each other by their own addresses over %s", async (backend, link, port, mtu) => {
  const world = await ciliumLab({ nodes: 3, backend });
  try {
    const [near, far] = [await serverPod(world, "worker-1", "near"), await serverPod(world, "worker-2", "far")];
    const answer = world.lab.network.fromPod(near, { ip: far.status?.podIP ?? "", port: 8080, protocol: "tcp" });
    expect(answer).toMatchObject({ ok: true, source: near.status?.podIP });
    if (answer.ok) expect(answer.via).toContain(link ?? "eth0");
    const { udpPorts, disk } = world.machine("worker-1");
    expect([...udpPorts]).toEqual(port === null ? [] : [[port, link]]);
    expect(disk.get("/run/flannel/subnet.env")).toContain(`FLANNEL_MTU=${mtu}\n`);
    const { annotations = {} } = world.lab.store.get<NodeObject>("nodes", null, "worker-1")?.metadata ?? {};
    expect(annotations["flannel.alpha.coreos.com/backend-type"]).toBe(backend);
    if (link !== null) world.machine("worker-2").links.delete(link);
    const cut = world.lab.network.fromPod(near, { ip: far.status?.podIP ?? "", port: 8080, protocol: "tcp" });
    expect(cut.ok).toBe(link === null);
  } finally {
    await world.stop();
  }
  expect(world.faults).toEqual([]);
});
