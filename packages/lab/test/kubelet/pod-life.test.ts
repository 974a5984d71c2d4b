import { expect, test } from "vitest";
import type { PodObject } from "../../kubelet/pod-types.ts";
import { type Program, ProgramExit } from "../../program.ts";
import { oneNode } from "./one-node.ts";

function ready(given: Parameters<typeof oneNode>[0] = {}) {
  const node = oneNode(given);
  node.conf("10-flannel.conflist", "flannel");
  return node;
}

const stateOf = (pod: PodObject | undefined) => pod?.status?.containerStatuses?.[0]?.state;

test("a pod goes from Pending to Running and ready, and says each step in events", async () => {
  const node = ready();
  const seen: string[] = [];
  node.store.subscribe<PodObject>("pods", ({ object }) => {
    const phase = object.status?.phase ?? "none";
    if (seen.at(-1) !== phase) seen.push(phase);
  });
  node.run("web");
  await node.clock.advance(15_000);
  expect(seen).toEqual(["Pending", "Running"]);
  for (const type of ["PodScheduled", "Initialized", "ContainersReady", "Ready"])
    expect(node.condition("web", type)).toBe("True");
  expect(node.reasons("web")).toEqual(["Pulling", "Pulled", "Created", "Started"]);
  expect(node.faults).toEqual([]);
});

test("an image is pulled once for a machine", async () => {
  const node = ready();
  node.run("one");
  await node.clock.advance(15_000);
  node.run("two");
  await node.clock.advance(15_000);
  expect(node.reasons("two")).not.toContain("Pulling");
});

test("init containers run one after another before the main ones", async () => {
  const order: string[] = [];
  const init: Program = {
    name: "init",
    matches: (image) => image === "init",
    runToEnd: (context) => Promise.resolve(void order.push(context.container)),
  };
  const node = ready({ programs: [init] });
  node.run("web", {
    initContainers: [
      { name: "a", image: "init" },
      { name: "b", image: "init" },
    ],
  });
  await node.clock.advance(20_000);
  expect(order).toEqual(["a", "b"]);
  expect(node.pod("web")?.status?.initContainerStatuses?.map(({ ready: done }) => done)).toEqual([true, true]);
  expect(node.condition("web", "Ready")).toBe("True");
});

test.each([
  ["hears SIGTERM and goes soon", "sleep infinity", 20_000, 5_000],
  ["traps SIGTERM and is killed when its grace is over", "trap '' TERM; sleep infinity", 29_000, 3_000],
] as const)("a shell that %s", async (_what, script, beforeMs, thenMs) => {
  const node = ready();
  node.run("shell", { containers: [{ name: "main", image: "busybox", command: ["sh", "-c", script] }] });
  await node.clock.advance(15_000);
  expect(node.pod("shell")?.status?.phase).toBe("Running");
  node.store.delete("pods", "default", "shell");
  await node.clock.advance(beforeMs);
  expect(node.pod("shell") === undefined).toBe(!script.includes("trap"));
  await node.clock.advance(thenMs);
  expect(node.pod("shell")).toBeUndefined();
});

test("a bad image ends in ImagePullBackOff and comes up when it is replaced", async () => {
  const node = ready({ badImage: "example/typo:1" });
  node.run("web", { containers: [{ name: "app", image: "example/typo:1" }] });
  await node.clock.advance(8_000);
  expect(stateOf(node.pod("web"))).toMatchObject({ waiting: { reason: "ImagePullBackOff" } });
});

test("a program that crashes is restarted at once, then after 10, 20, 40 seconds", async () => {
  const starts: number[] = [];
  const crashing: Program = {
    name: "crashing",
    matches: () => true,
    start(context) {
      starts.push(context.clock.now());
      throw new ProgramExit(1, "address already in use");
    },
  };
  const node = ready({ programs: [crashing] });
  node.run("web");
  await node.clock.advance(120_000);
  const gaps = starts.slice(1).map((at, index) => Math.round((at - (starts[index] ?? 0)) / 1_000));
  expect(gaps.slice(0, 4)).toEqual([1, 10, 20, 40]);
  expect(stateOf(node.pod("web"))).toMatchObject({ waiting: { reason: "CrashLoopBackOff" } });
  expect(node.pod("web")?.status?.containerStatuses?.[0]?.lastState).toMatchObject({
    terminated: { exitCode: 1, message: "address already in use" },
  });
});

test("readiness over HTTP asks the network: a pod that nobody reaches is not ready, and loses its readiness after three misses", async () => {
  const node = ready();
  const probe = { httpGet: { port: 8080 }, periodSeconds: 10 };
  node.reach.pods = false;
  node.run("web", { containers: [{ name: "app", image: "example/app:1", readinessProbe: probe }] });
  await node.clock.advance(20_000);
  expect(node.condition("web", "Ready")).toBe("False");
  node.reach.pods = true;
  await node.clock.advance(5_000);
  expect(node.condition("web", "Ready")).toBe("True");
  node.reach.pods = false;
  await node.clock.advance(20_000);
  expect(node.condition("web", "Ready")).toBe("True");
  await node.clock.advance(15_000);
  expect(node.condition("web", "Ready")).toBe("False");
  expect(node.reasons("web")).toContain("Unhealthy");
});

test("a deleted pod stops within its grace and leaves the API only then", async () => {
  const node = ready({ timings: { stop: { lowMs: 3_000, highMs: 3_000 } } });
  let stoppedAt = 0;
  node.run("web", {
    containers: [{ name: "app", image: "example/app:1", lifecycle: { preStop: { sleep: { seconds: 2 } } } }],
  });
  await node.clock.advance(15_000);
  const deletedAt = node.clock.now();
  node.store.subscribe("pods", ({ type }) => {
    if (type === "DELETED") stoppedAt = node.clock.now();
  });
  node.store.delete("pods", "default", "web");
  await node.clock.advance(4_900);
  expect(node.pod("web")?.metadata.deletionTimestamp).toBeDefined();
  await node.clock.advance(30_000);
  expect(stoppedAt - deletedAt).toBe(5_000);
  expect(node.reasons("web")).toContain("Killing");
});

test("a container that outlives its grace is killed", async () => {
  const node = ready({ timings: { stop: { lowMs: 60_000, highMs: 60_000 } } });
  const exits: unknown[] = [];
  node.run("web", { terminationGracePeriodSeconds: 4 });
  await node.clock.advance(15_000);
  node.store.subscribe<PodObject>("pods", ({ object }) => exits.push(stateOf(object)));
  node.store.delete("pods", "default", "web");
  await node.clock.advance(4_000);
  expect(node.pod("web")).toBeUndefined();
  expect(exits.at(-1)).toMatchObject({ terminated: { exitCode: 137 } });
});

test("a forced deletion frees the address at once", async () => {
  const node = ready();
  node.run("web");
  await node.clock.advance(15_000);
  node.store.delete("pods", "default", "web", { graceSeconds: 0 });
  expect(node.pod("web")).toBeUndefined();
  expect(node.wires).toEqual(["+web 10.244.1.2", "-web 10.244.1.2"]);
});

test("a Job's container ends, and its pod has succeeded", async () => {
  const node = ready();
  const owner = { apiVersion: "batch/v1", kind: "Job", name: "report", uid: "u1", controller: true };
  node.run("report-x", { restartPolicy: "Never" }, { ownerReferences: [owner] });
  await node.clock.advance(20_000);
  expect(node.pod("report-x")?.status?.phase).toBe("Succeeded");
});

test("a command of the toolbox is what the container does: its output is the log, its exit code the pod's end", async () => {
  const node = ready();
  const command = ["sh", "-c", "echo hello; exit 3"];
  node.run("task", { restartPolicy: "Never", containers: [{ name: "app", image: "busybox", command }] });
  await node.clock.advance(20_000);
  expect(node.pod("task")?.status?.phase).toBe("Failed");
  const lines: string[] = [];
  const target = { namespace: "default", pod: "task", container: "app" };
  await node.access.logs(target, {}, (line) => lines.push(line), new AbortController().signal);
  expect(lines[0]).toBe("hello");
});

test("a mirror pod that somebody deletes comes back, and its containers never stopped", async () => {
  const node = ready({ isControlPlane: true });
  await node.clock.advance(20_000);
  const before = node.store.get<PodObject>("pods", "kube-system", "etcd-worker-1");
  node.store.delete("pods", "kube-system", "etcd-worker-1");
  await node.clock.advance(5_000);
  const after = node.store.get<PodObject>("pods", "kube-system", "etcd-worker-1");
  expect(after?.metadata.uid).not.toBe(before?.metadata.uid);
  expect(stateOf(after)).toEqual(stateOf(before));
});
