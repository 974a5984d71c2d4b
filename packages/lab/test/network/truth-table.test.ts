import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CiliumNodeObject, NodeObject, PodObject, ServiceObject } from "../../cni/kinds.ts";
import type { Destination, Reach } from "../../network/reach.ts";
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
/** old-N: wired by Flannel on worker-N; new-N: wired by Cilium there. */
const pods: Record<string, PodObject> = {};

beforeAll(async () => {
  world = await ciliumLab({ nodes: 5 });
  await world.install(hybridValues);
  await untilWhole(world);
  world.lab.store.create("cilium.io/ciliumnodeconfigs", takeOver("cilium-default", takeOverDefaults));
  for (const node of ["worker-1", "worker-2", "worker-3"]) {
    pods[`old-${node.at(-1)}`] = await serverPod(world, node, `old-${node.at(-1)}`);
  }
  pods["old-1b"] = await serverPod(world, "worker-1", "old-1b");
  for (const node of ["worker-3", "worker-4"]) {
    label(world, node, "true");
    await world.restartAgent(node);
  }
  await untilWhole(world);
  for (const name of ["new-3", "new-3b", "new-4"]) pods[name] = await serverPod(world, `worker-${name[4]}`, name);
  for (const [name, labels] of [
    ["old-svc", "old-2"],
    ["new-svc", "new-4"],
    ["empty-svc", "nothing"],
  ] as const) {
    world.lab.store.create("services", {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace: "default" },
      spec: { selector: { app: labels }, ports: [{ port: 80, targetPort: 8080, protocol: "TCP" }] },
    } as ServiceObject);
  }
  await world.clock.advance(5_000);
});

afterAll(async () => {
  await world?.stop();
  expect(world?.faults).toEqual([]);
});

function ipOf(name: string): string {
  const pod = pods[name];
  if (pod) return pod.status?.podIP ?? "";
  if (world.lab.machines.has(name)) return world.machine(name).ip;
  return (
    world.lab.store.get<ServiceObject>("services", name === "kubernetes" ? "default" : "default", name)?.spec
      .clusterIP ?? name
  );
}

function reach(from: string, to: string, port: number, protocol: "tcp" | "udp" = "tcp"): Reach {
  const target: Destination = { ip: ipOf(to), port, protocol };
  const pod = pods[from];
  return pod ? world.lab.network.fromPod(pod, target) : world.lab.network.fromNode(from, target);
}

/** What the other end sees, by role. */
function expectedSource(role: string, from: string): string {
  const node = from.startsWith("worker") || from.startsWith("control") ? from : (pods[from]?.spec.nodeName ?? "");
  switch (role) {
    case "own":
      return ipOf(from);
    case "node":
      return world.machine(node).ip;
    case "router":
      return (
        world.lab.store
          .get<CiliumNodeObject>("cilium.io/ciliumnodes", null, node)
          ?.spec.addresses?.find(({ type }) => type === "CiliumInternalIP")?.ip ?? ""
      );
    case "flannel":
      return (world.lab.store.get<NodeObject>("nodes", null, node)?.spec.podCIDR ?? "").replace("/24", "");
    case "bridge":
      return (world.lab.store.get<NodeObject>("nodes", null, node)?.spec.podCIDR ?? "").replace(".0/24", ".1");
    default:
      throw new Error(role);
  }
}

interface Row {
  readonly from: string;
  readonly to: string;
  readonly port?: number;
  readonly protocol?: "tcp" | "udp";
  /** Role of the address that the other end sees. */
  readonly as?: string;
  /** A link or chain on the way. */
  readonly via?: string;
  /** Not reached, and why. */
  readonly lost?: RegExp;
}

function verify({ from, to, port = 8080, protocol, as, via, lost }: Row): void {
  const answer = reach(from, to, port, protocol);
  if (lost) {
    expect(answer).toEqual({ ok: false, reason: expect.stringMatching(lost) });
    return;
  }
  expect(answer).toMatchObject({ ok: true });
  if (!answer.ok) return;
  if (as) expect(answer.source).toBe(expectedSource(as, from));
  if (via) expect(answer.via).toContain(via);
}

const sentence = ({ from, to, port = 8080, lost, as, via }: Row) =>
  `${from} → ${to}:${port} ${lost ? `is lost (${lost.source})` : `arrives${as ? ` as ${as}` : ""}${via ? ` via ${via}` : ""}`}`;

function table(rows: readonly Row[]): void {
  for (const row of rows) test(sentence(row), () => verify(row));
}

describe("hybrid: workers 1 and 2 on Flannel, 3 and 4 on Cilium", () => {
  table([
    { from: "old-1", to: "old-1b", as: "own", via: "cni0" },
    { from: "old-1", to: "old-2", as: "own", via: "flannel.1" },
    { from: "old-1", to: "old-3", as: "own", via: "flannel.1" },
    { from: "new-3", to: "new-3b", as: "own", via: "cilium_host" },
    { from: "new-3", to: "new-4", as: "own", via: "cilium_vxlan" },
    { from: "old-1", to: "new-3", as: "router", via: "nat/FLANNEL-POSTRTG" },
    { from: "old-1", to: "new-3", via: "cilium_vxlan" },
    { from: "old-3", to: "new-3", as: "router", via: "cilium_host" },
    { from: "old-3", to: "new-4", as: "router", via: "cilium_vxlan" },
    { from: "new-3", to: "old-1", as: "flannel", via: "flannel.1" },
    { from: "new-3", to: "old-1", via: "nat/CILIUM_POST_nat" },
    { from: "new-3", to: "old-3", as: "bridge", via: "cni0" },
    { from: "old-1", to: "old-svc", port: 80, as: "own", via: "nat/KUBE-SERVICES" },
    { from: "old-1", to: "new-svc", port: 80, as: "router", via: "nat/KUBE-SERVICES" },
    { from: "new-3", to: "old-svc", port: 80, as: "flannel" },
    { from: "new-3", to: "new-svc", port: 80 },
    { from: "old-1", to: "kubernetes", port: 443 },
    { from: "new-3", to: "kubernetes", port: 443, as: "node" },
    { from: "worker-1", to: "kubernetes", port: 443 },
    { from: "worker-1", to: "old-1", as: "bridge" },
    { from: "worker-1", to: "old-2", as: "flannel", via: "flannel.1" },
    { from: "worker-1", to: "new-3", as: "router", via: "cilium_vxlan" },
    { from: "worker-3", to: "new-3", as: "router" },
    { from: "worker-3", to: "old-1", as: "flannel" },
    { from: "old-1", to: "worker-2", port: 10250, as: "node" },
    { from: "old-1", to: "worker-1", port: 10250, as: "own" },
    { from: "new-3", to: "worker-1", port: 10250, as: "node" },
    { from: "worker-1", to: "worker-3", port: 4240 },
    { from: "old-1", to: "1.1.1.1", port: 443, as: "node", via: "eth0" },
    { from: "new-3", to: "1.1.1.1", port: 443, as: "node", via: "nat/CILIUM_POST_nat" },
    { from: "old-1", to: "old-2", port: 81, lost: /^connection refused/ },
    { from: "new-3", to: "old-2", port: 8081, lost: /^connection refused/ },
    { from: "new-3", to: "old-2", port: 8081, protocol: "udp" },
    { from: "old-1", to: "worker-2", port: 9999, lost: /^connection refused/ },
    { from: "old-1", to: "empty-svc", port: 80, lost: /^connection refused: no ready endpoint/ },
    { from: "old-1", to: "10.244.77.7", lost: /nobody bears/ },
    { from: "old-1", to: "192.168.44.4", lost: /nobody bears/ },
  ]);

  test("names resolve on both sides, in the pod's own namespace and by full name", () => {
    for (const from of ["old-1", "new-3"]) {
      const pod = pods[from] as PodObject;
      expect(world.lab.network.resolve(pod, "old-svc")).toEqual({ ip: ipOf("old-svc") });
      expect(world.lab.network.resolve(pod, "kubernetes.default.svc.cluster.local.")).toEqual({
        ip: ipOf("kubernetes"),
      });
      expect(world.lab.network.resolve(pod, "nobody.default")).toEqual({
        error: expect.stringContaining("no such host"),
      });
    }
  });
});

describe("a pod that terminates", () => {
  test("answers until its process ends", async () => {
    const leaving = await serverPod(world, "worker-1", "leaving");
    world.lab.store.delete("pods", "default", "leaving");
    const target: Destination = { ip: leaving.status?.podIP ?? "", port: 8080, protocol: "tcp" };
    expect(world.lab.network.fromPod(pods["old-1"] as PodObject, target)).toMatchObject({ ok: true });
    await world.until("the pod to be gone", () => !world.lab.store.get("pods", "default", "leaving"));
    expect(world.lab.network.fromPod(pods["old-1"] as PodObject, target)).toMatchObject({ ok: false });
  });
});

describe("while parts are missing", () => {
  const without = (what: string, change: () => () => void, rows: readonly Row[]) =>
    describe(what, () => {
      let putBack: () => void;
      beforeAll(() => {
        putBack = change();
      });
      afterAll(() => putBack());
      table(rows);
    });

  without("cilium_vxlan on worker-4", () => take(world.machine("worker-4").links, "cilium_vxlan"), [
    { from: "new-3", to: "new-4", lost: /cilium_vxlan is missing on worker-4/ },
    { from: "old-1", to: "new-4", lost: /cilium_vxlan is missing on worker-4/ },
    { from: "new-4", to: "old-1", as: "flannel" },
  ]);
  without("the datapath on worker-3", () => take(world.machine("worker-3").disk, "/run/cilium/state/datapath.json"), [
    { from: "new-3", to: "new-4", lost: /datapath is not loaded on worker-3/ },
    { from: "new-3", to: "new-3b", lost: /datapath is not loaded on worker-3/ },
    { from: "old-3", to: "old-1", as: "own" },
  ]);
  without("flannel.1 on worker-2", () => take(world.machine("worker-2").links, "flannel.1"), [
    { from: "old-1", to: "old-2", lost: /flannel\.1 is missing on worker-2/ },
    { from: "new-3", to: "old-2", lost: /flannel\.1 is missing on worker-2/ },
    { from: "worker-2", to: "old-2", as: "bridge" },
  ]);
  without("kube-proxy's chains on worker-1", () => take(world.machine("worker-1").chains, "nat/KUBE-SERVICES"), [
    { from: "old-1", to: "kubernetes", port: 443, lost: /nothing translates service addresses on worker-1/ },
    { from: "old-1", to: "old-2", as: "own" },
  ]);
  without("Flannel's masquerading on worker-1", () => take(world.machine("worker-1").chains, "nat/FLANNEL-POSTRTG"), [
    { from: "old-1", to: "new-3", as: "router", via: "nat/CILIUM_POST_nat" },
    { from: "old-1", to: "1.1.1.1", port: 443, lost: /does not find its way back/ },
  ]);
  without("power on worker-2", () => powerOff("worker-2"), [
    { from: "old-1", to: "old-2", lost: /worker-2 is down/ },
    { from: "worker-1", to: "worker-2", port: 10250, lost: /worker-2 is down/ },
    { from: "old-2", to: "old-1", lost: /worker-2 is down/ },
  ]);
});

describe("after Flannel's objects are deleted", () => {
  beforeAll(async () => {
    world.lab.store.delete("apps/daemonsets", "kube-flannel", "kube-flannel-ds");
    await world.until("its pods to be gone", () => world.lab.store.list("pods", "kube-flannel").length === 0);
  });
  table([
    { from: "old-1", to: "old-2", as: "own", via: "flannel.1" },
    { from: "new-3", to: "old-1", as: "flannel" },
    { from: "new-3", to: "new-4", as: "own" },
  ]);

  describe("and worker-4 restarted", () => {
    beforeAll(async () => {
      const rebooted = world.lab.reboot("worker-4", { downMs: 3_000 });
      await world.clock.advance(4_000);
      await rebooted;
      await untilWhole(world);
      await world.clock.advance(60_000);
      pods["new-4"] = world.lab.store.get<PodObject>("pods", "default", "new-4") as PodObject;
      await world.until("new-4 to run again", () => reach("new-3", "new-4", 8080).ok);
      pods["new-4"] = world.lab.store.get<PodObject>("pods", "default", "new-4") as PodObject;
    });
    table([
      { from: "new-4", to: "new-3", as: "own" },
      { from: "new-4", to: "kubernetes", port: 443, as: "node" },
      { from: "new-4", to: "old-1", lost: /no route to/ },
      { from: "old-1", to: "new-4", as: "router" },
    ]);
  });
});

function take<K, V>(map: Map<K, V>, key: K): () => void {
  const value = map.get(key) as V;
  map.delete(key);
  return () => map.set(key, value);
}

function powerOff(node: string): () => void {
  const machine = world.machine(node);
  machine.up = false;
  return () => {
    machine.up = true;
  };
}
