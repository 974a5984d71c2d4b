import { expect, test } from "vitest";
import { type CiliumLab, ciliumLab, serverPod } from "../support/cilium-lab.ts";
import { broken } from "../support/pairs.ts";

/** Ways between pods of two machines of one subnet, and between two subnets. */
async function ways(world: CiliumLab): Promise<{ near: readonly string[]; far: readonly string[] }> {
  const [one, neighbour, beyond] = [
    await serverPod(world, "worker-1", "one"),
    await serverPod(world, "worker-3", "neighbour"),
    await serverPod(world, "worker-2", "beyond"),
  ];
  const via = (to: typeof one) => {
    const answer = world.lab.network.fromPod(one, { ip: to.status?.podIP ?? "", port: 8080, protocol: "tcp" });
    // A tunnel or not: the other end sees the pod's own address.
    if (answer.ok) expect(answer.source).toBe(one.status?.podIP);
    return answer.ok ? answer.via.filter((link) => !/^cali|^cni0/.test(link)) : [answer.reason];
  };
  return { near: via(neighbour), far: via(beyond) };
}

test.each([
  ["calico-manifest", "vxlan", ["vxlan.calico"], ["vxlan.calico"]],
  ["calico-manifest", "vxlan-crosssubnet", ["eth0"], ["vxlan.calico"]],
  ["calico-manifest", "ipip-crosssubnet", ["eth0"], ["tunl0"]],
  ["calico-operator", "vxlan-crosssubnet", ["eth0"], ["vxlan.calico"]],
  ["flannel", "vxlan-directrouting", ["eth0"], ["flannel.1"]],
] as const)("%s, %s: within a subnet by %j, between two by %j", async (source, backend, near, far) => {
  const world = await ciliumLab({ source, backend, nodes: 4, subnets: 2 });
  try {
    expect(Object.fromEntries([...world.lab.machines].map(([name, { ip }]) => [name, ip]))).toEqual({
      "control-plane-1": "172.18.0.2",
      "worker-1": "172.19.0.3",
      "worker-2": "172.18.0.4",
      "worker-3": "172.19.0.5",
    });
    expect(await ways(world)).toEqual({ near, far });
    expect(broken(world)).toEqual([]);
  } finally {
    await world.stop();
  }
  expect(world.faults).toEqual([]);
});

test("host-gw has no way between two subnets, as Flannel has none", async () => {
  const world = await ciliumLab({ backend: "host-gw", nodes: 4, subnets: 2 });
  try {
    const { near, far } = await ways(world);
    expect(near).toEqual(["eth0"]);
    expect(far).toEqual([expect.stringMatching(/^no route to 10\.244\.\d+\.\d+ on worker-1$/)]);
  } finally {
    await world.stop();
  }
});

test("a route by a gateway of another subnet leads nowhere", async () => {
  const world = await ciliumLab({ nodes: 4, subnets: 2 });
  try {
    const { routes } = world.machine("worker-1");
    const podCidr = [...routes.keys()].find((cidr) => cidr.startsWith("10.244.")) ?? "";
    expect(podCidr).not.toBe("");
    for (const cidr of routes.keys()) routes.set(cidr, world.machine("worker-2").ip);
    const { far } = await ways(world);
    expect(far).toEqual(["172.18.0.4 is in another subnet than worker-1: no neighbour answers"]);
  } finally {
    await world.stop();
  }
});
