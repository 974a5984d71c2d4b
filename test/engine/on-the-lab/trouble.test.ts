import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubeObject } from "crossfade-lab/objects.ts";
import { afterEach, expect, test } from "vitest";
import { nodeConfigName } from "../../../src/engine/model/cilium-names.ts";
import { LeaseLock } from "../../../src/kube/lease/lock.ts";
import { ClusterView } from "../../support/lab/lab-cluster.ts";
import { portOf, World } from "../../support/lab/lab-run.ts";
import { textOf } from "../../support/log-line.ts";
import { said, saidOf } from "../../support/said.ts";
import { type TcpProxy, tcpProxy } from "../../support/tcp-proxy.ts";

let world: World;
let cluster: ClusterView;
afterEach(() => world.close());

async function open(setup: Parameters<typeof World.make>[0]): Promise<void> {
  world = await World.make(setup);
  cluster = new ClusterView(world.lab);
}

const codeOf = async (ended: Promise<unknown>): Promise<unknown> => {
  try {
    return await ended;
  } catch (thrown) {
    return (thrown as { readonly code?: string }).code;
  }
};

test("a second engine is told who holds the run; one that loses its lease writes nothing more", async () => {
  await open({ seed: 51 });
  const quick = { leaseMs: 2_000, deadlineMs: 1_500, renewMs: 20 };
  const run = world.start({
    holder: "first@lab/1",
    around: (ports) => ({ ...ports, lock: new LeaseLock(world.cluster.client, { timings: quick }) }),
  });
  await run.until("worker-1 to be drained", ({ nodes }) => {
    const state = nodes["worker-1"]?.state;
    return state?.phase === "migrating" && state.step === "drain";
  });
  const other = await world.connect();
  const second = world.start({ cluster: other, holder: "second@lab/2" });
  expect(await codeOf(second.engine.ended)).toBe("LOCK_HELD");

  world.lab.store.change<KubeObject>("coordination.k8s.io/leases", "crossfade", "engine", (copy) => {
    copy["spec"] = { ...(copy["spec"] as object), holderIdentity: "thief@lab/3" };
  });
  expect(await run.end()).toBe("lock-lost");
  const written = () => JSON.stringify([ownWrites(), world.lab.store.get("configmaps", "crossfade", "migration")]);
  const atTheEnd = written();
  world.lab.store.change<KubeObject>("coordination.k8s.io/leases", "crossfade", "engine", (copy) => {
    copy["spec"] = { ...(copy["spec"] as object), holderIdentity: "" };
  });
  expect(written()).toBe(atTheEnd);
  const third = world.start({ cluster: other, holder: "third@lab/4" });
  await third.until("worker-1 to be moved", ({ nodes }) => nodes["worker-1"]?.state.phase === "migrated");
});

/** What engines write on nodes. */
const ownWrites = () =>
  world.lab.store
    .list<KubeObject & { spec?: { unschedulable?: boolean } }>("nodes")
    .map(({ metadata, spec }) => [metadata.labels, metadata.annotations, spec?.unschedulable]);

test("an API server that goes away for a while holds the run, fails nothing, and is not held against any step", async () => {
  let proxy: TcpProxy | undefined;
  await open({
    seed: 52,
    async through(lab) {
      proxy = await tcpProxy(portOf(lab));
      return proxy.port;
    },
  });
  if (!proxy) throw new Error("no proxy");
  const run = world.start({ consents: ["nodes"] });
  await run.until("a cordon", ({ nodes }) => {
    const state = nodes["worker-1"]?.state;
    return state?.phase === "migrating" && state.step === "drain";
  });
  await proxy.cut();
  await run.until("the outage to be told", ({ hold }) => hold?.reason.code === "api-unavailable");
  const began = world.lab.clock.now();
  await world.until("longer than any short step may take", () => world.lab.clock.now() > began + 90_000);
  await proxy.join();
  await run.until("worker-1 to be moved", ({ nodes }) => nodes["worker-1"]?.state.phase === "migrated");
  expect(run.of("node-failed")).toEqual([]);
  expect(run.state.hold?.reason.code).not.toBe("api-unavailable");
  expect(cluster.activeFiles("worker-1")).toEqual(["05-cilium.conflist"]);
});

test("consent to a plan that the cluster has outgrown is refused, the new plan shown, and nothing written", async () => {
  await open({ seed: 53 });
  const run = world.start({ consents: [] });
  await run.until("the first consent to be asked for", ({ asking }) => asking === "nodes");
  const joined = world.lab.addNode();
  const isReady = () =>
    JSON.stringify(cluster.node(joined)?.["status"] ?? {}).includes('"type":"Ready","status":"True"') ||
    (cluster.node(joined)?.["status"] as { conditions?: { type: string; status: string }[] })?.conditions?.some(
      ({ type, status }) => type === "Ready" && status === "True",
    ) === true;
  await world.until("the new node to be Ready", isReady);
  expect(said(await run.engine.ask({ request: "consent", consent: "nodes", by: "tester" })).because).toContain(
    "has changed since",
  );
  expect(run.state.plan?.nodes.map(({ name }) => name)).toContain(joined);
  expect(world.lab.store.get("configmaps", "crossfade", "migration")).toBeUndefined();
  await run.until("the consent to be asked for anew", ({ asking }) => asking === "nodes");
  world.lab.store.create("pods", {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "alone", namespace: "default" },
    spec: { nodeName: joined, containers: [{ name: "a", image: "registry.k8s.io/pause:3.10" }] },
  });
  expect(said(await run.engine.ask({ request: "consent", consent: "nodes", by: "tester" })).because).toContain(
    "has changed since",
  );
  await run.until("the consent to be asked for anew", ({ asking }) => asking === "nodes");
  expect(said(await run.engine.ask({ request: "consent", consent: "nodes", by: "tester" })).because).toContain(
    "preflight",
  );
  world.lab.store.delete("pods", "default", "alone", { graceSeconds: 0 });
  await world.until("the pod to be gone", () => world.lab.store.get("pods", "default", "alone") === undefined);
  expect(said(await run.engine.ask({ request: "consent", consent: "nodes", by: "tester" })).because).toContain(
    "has changed since",
  );
  await run.until("the consent to be asked for anew", ({ asking }) => asking === "nodes");
  await run.ask({ request: "consent", consent: "nodes", by: "tester" });
  await run.until("the first step", ({ steps }) => steps.prepare !== undefined);
});

test("a node that Cilium took over, or a CiliumNodeConfig of somebody's that makes it, stops the run before any node moves", async () => {
  await open({ seed: 54 });
  const { disk } = world.lab.machines.get("worker-2") ?? { disk: new Map<string, string>() };
  const file = "/etc/cni/net.d/05-cilium.conflist";
  const run = world.start({
    consents: ["nodes"],
    onEvent: (event) => {
      if (event.type === "run-step-started" && event.step === "verify-install") disk.set(file, "{}");
    },
  });
  const refused = (words: string) =>
    run.until(`a refusal with ${words}`, ({ steps: { "verify-install": step } }) => {
      return (
        step?.state === "failed" && step.failure.code === "TOOK_OVER" && saidOf(step.failure).message.includes(words)
      );
    });
  await refused("took worker-2 over");
  disk.delete(file);
  world.lab.store.create("cilium.io/ciliumnodeconfigs", {
    apiVersion: "cilium.io/v2",
    kind: "CiliumNodeConfig",
    metadata: { name: "everywhere", namespace: "kube-system" },
    spec: { nodeSelector: {}, defaults: { "custom-cni-conf": "false" } },
  });
  await run.ask({ request: "retry", node: null, by: "tester" });
  await refused("CiliumNodeConfig kube-system/everywhere");
  expect({ cordoned: cluster.cordoned, labelled: cluster.labelled }).toEqual({ cordoned: [], labelled: [] });
  expect(cluster.nodeConfigs).not.toContain(nodeConfigName);
  await run.ask({ request: "rollback-all", by: "tester" });
  expect(await run.end()).toBe("rolled-back");
  expect({ releases: cluster.releases, tainted: cluster.tainted, ours: cluster.ours }).toEqual({
    releases: [],
    tainted: [],
    ours: [],
  });
});

test("a helm that was killed in the middle leaves a pending release, which is brought back", async () => {
  const folder = mkdtempSync(join(tmpdir(), "killed-helm-"));
  const pidFile = join(folder, "pid");
  await open({ seed: 55, ownHelm: true });
  try {
    const own = join(world.lab.address.binDir, "helm");
    writeFileSync(
      own,
      readFileSync(own, "utf8").replace("\nexec", () => `\necho $$ > ${pidFile}\nexec`),
    );
    chmodSync(own, 0o700);
    let killed = 0;
    const stop = world.lab.store.subscribe<KubeObject>("secrets", ({ type, object }) => {
      if (type !== "ADDED" || object.metadata.labels?.["owner"] !== "helm" || killed > 0) return;
      killed += 1;
      process.kill(Number(readFileSync(pidFile, "utf8")), "SIGKILL");
    });
    const run = world.start({ consents: ["nodes"] });
    await run.until("helm to be killed", ({ steps }) => steps.install?.state === "failed");
    stop();
    expect((await world.ports().installer.release())?.status).toBe("pending-install");
    await run.ask({ request: "retry", node: null, by: "tester" });
    await run.until("Cilium to be installed", ({ steps }) => steps.install?.state === "done");
    expect((await world.ports().installer.release())?.status).toBe("deployed");
    expect(run.of("log").some((line) => textOf(line).includes("a helm before us was killed"))).toBe(true);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
