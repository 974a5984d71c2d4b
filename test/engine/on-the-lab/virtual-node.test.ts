import type { KubeObject } from "crossfade-lab/objects.ts";
import { afterEach, expect, test } from "vitest";
import { ClusterView } from "../../support/lab/lab-cluster.ts";
import { World } from "../../support/lab/lab-run.ts";
import { said } from "../../support/said.ts";

let world: World;
afterEach(() => world.close());

const fargate = "fargate-ip-10-0-1-7";
const becauseOf = "a virtual node (label eks.amazonaws.com/compute-type=fargate)";

interface PodObject extends KubeObject {
  spec?: { nodeName?: string };
}

/** A Node without a machine that is always Ready: it starts no pod that is bound to it, and confirms each deletion. */
function addVirtualNode(): void {
  const { store, clock } = world.lab;
  const mark = { "eks.amazonaws.com/compute-type": "fargate" };
  store.create("nodes", {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: fargate, labels: { ...mark, "kubernetes.io/os": "linux", "kubernetes.io/hostname": fargate } },
    spec: { taints: [{ key: "eks.amazonaws.com/compute-type", value: "fargate", effect: "NoSchedule" }] },
  } as KubeObject);
  const beat = () => {
    const at = new Date(clock.now()).toISOString();
    const heard = { lastHeartbeatTime: at, lastTransitionTime: at, reason: "KubeletReady", message: "ready" };
    store.change(
      "nodes",
      null,
      fargate,
      (node: KubeObject & { status?: unknown }) => {
        node.status = {
          conditions: [{ type: "Ready", status: "True", ...heard }],
          addresses: [{ type: "InternalIP", address: "10.0.1.7" }],
          nodeInfo: { kubeletVersion: "v1.33.4-eks-fargate", operatingSystem: "linux", kernelVersion: "5.10.1" },
          allocatable: { cpu: "4", memory: "8Gi", pods: "20" },
        };
      },
      { subresource: "status" },
    );
  };
  beat();
  clock.every(10_000, beat);
  store.subscribe<PodObject>("pods", ({ object: { metadata, spec } }) => {
    if (spec?.nodeName !== fargate || metadata.deletionTimestamp === undefined) return;
    queueMicrotask(() => store.remove("pods", metadata.namespace ?? "", metadata.name, metadata.uid));
  });
}

/** Namespaces and owners of pods that somebody wants on it. */
const wantedThere = () =>
  world.lab.store
    .list<PodObject>("pods")
    .filter(({ spec }) => spec?.nodeName === fargate)
    .map(({ metadata }) => `${metadata.namespace}/${metadata.ownerReferences?.[0]?.name}`);

test.each([
  ["named by nobody", []],
  ["named by --exclude too", [fargate]],
])(
  "a virtual node, %s, is left out with a sentence and wanted nowhere, from preflight to the last step",
  async (_how, exclude) => {
    world = await World.make({ seed: 45, speed: 60 });
    addVirtualNode();
    // Flannel's own DaemonSet tolerates everything: its pod waits there for ever.
    await world.until("a pod of Flannel to be bound to it", () =>
      wantedThere().includes("kube-flannel/kube-flannel-ds"),
    );
    const ours = new Set<string>();
    world.lab.store.subscribe<PodObject>("pods", ({ object: { metadata, spec } }) => {
      if (spec?.nodeName === fargate && /^(crossfade|cilium)/.test(metadata.name)) ours.add(metadata.name);
    });
    // The way to the last step is the same with and without the flag.
    const consents = exclude.length === 0 ? (["nodes", "finalize", "remove-source"] as const) : (["nodes"] as const);
    const run = world.start({ consents, attended: false, input: { exclude } });
    expect(await run.end(150_000)).toBe(exclude.length === 0 ? "migrated" : "waiting");

    const { plan, order } = run.state;
    expect(plan?.outside).toEqual([{ name: fargate, because: expect.stringContaining(becauseOf) }]);
    expect(plan?.nodes.map(({ name }) => name)).not.toContain(fargate);
    expect(plan?.checkResults.filter(({ level }) => level === "blocker")).toEqual([]);
    const named = plan?.checkResults.filter(
      ({ level, objects }) => level !== "ok" && objects.some((one) => one.includes(fargate)),
    );
    expect(named).toEqual([]);
    expect(order).not.toContain(fargate);
    expect([...ours]).toEqual([]);
    const holds = run.of("run-held").flatMap(({ hold }) => (hold === null ? [] : [said(hold).because]));
    expect(holds.filter((because) => because.includes(fargate))).toEqual([]);
    expect(new ClusterView(world.lab).podsAt("10.244.")).toEqual([]);
    const node = world.lab.store.get<KubeObject & { spec?: object }>("nodes", null, fargate);
    expect(node?.spec).not.toHaveProperty("unschedulable");
    expect(Object.keys(node?.metadata.labels ?? {})).not.toContain("io.cilium.migration/cilium-default");
  },
);
