import { expect, test } from "vitest";
import type { NodeObject } from "../../cni/kinds.ts";
import { ciliumLab } from "../support/cilium-lab.ts";
import { broken } from "../support/pairs.ts";

test("a DaemonSet for each architecture serves its nodes alone, writes a file of its own name, and all pods reach each other", async () => {
  const world = await ciliumLab({ source: "flannel-by-arch", nodes: 4 });
  try {
    const { store } = world.lab;
    expect(
      store
        .list<NodeObject>("nodes")
        .map(({ metadata: { name, labels = {} } }) => [name, labels["kubernetes.io/arch"], ...world.confs(name)]),
    ).toEqual([
      ["control-plane-1", "amd64", "12-flannel.conflist"],
      ["worker-1", "arm64", "10-flannel.conf"],
      ["worker-2", "amd64", "12-flannel.conflist"],
      ["worker-3", "arm64", "10-flannel.conf"],
    ]);
    const desired = store
      .list("apps/daemonsets", "kube-system")
      .filter(({ metadata }) => metadata.name.startsWith("kube-flannel"))
      .map((one) => [one.metadata.name, (one["status"] as { desiredNumberScheduled: number }).desiredNumberScheduled]);
    expect(Object.fromEntries(desired)).toEqual({
      "kube-flannel": 2,
      "kube-flannel-ds-arm64": 2,
      "kube-flannel-ds-arm": 0,
      "kube-flannel-ds-ppc64le": 0,
      "kube-flannel-ds-s390x": 0,
    });
    expect(broken(world)).toEqual([]);
  } finally {
    await world.stop();
  }
  expect(world.faults).toEqual([]);
});
