import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { defaultLabOptions, type LabAddress } from "crossfade-lab/lab-options.ts";
import { startLabThread } from "crossfade-lab/lab-thread.ts";
import type { Plan } from "../src/engine/model/plan-types.ts";
import type { Ports } from "../src/engine/model/ports/ports.ts";
import type { NodeScope, Step } from "../src/engine/model/step.ts";
import { StepMemory } from "../src/engine/model/step-memory.ts";
import { sourceDirectory } from "../src/engine/sources/registry.ts";
import { cordon } from "../src/engine/steps/cordon.ts";
import { drain } from "../src/engine/steps/drain.ts";
import { LocalArchive } from "../src/journal/archive.ts";
import { connect } from "../src/kube/connect.ts";
import { systemClock } from "../src/runner/system-clock.ts";
import { type CountingProxy, type Counts, countingProxy } from "./support/counting-proxy.ts";
import { figure, ratio, say, table } from "./support/figures.ts";
import { RawApi, type RawList } from "./support/raw-api.ts";

/**
 * One node with some thirty pods is cordoned and drained: by the engine's two steps over src/kube, in the rhythm in
 * which the engine repeats them, and by `kubectl drain --ignore-daemonsets --delete-emptydir-data`, each on its own lab
 * of the same seed at the wall's speed (kubectl's waits are the wall's). Requests are counted by a proxy before the API
 * server. Four budgets guard pods: shop/db (at most 1 away), shop/cart (2 stay), shop/frontend and payments/ledger (at
 * most 2 away). The engine's watches are open before the clock starts, as they are in a run: what opening them costs is
 * told apart.
 */
const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "3" },
    pods: { type: "string", default: "60" },
    seed: { type: "string", default: "7" },
  },
});
const node = "worker-1";

interface Drained {
  readonly ms: number;
  readonly counts: Counts;
  readonly opening: Counts;
}

const total = (counts: Counts) => [...counts.values()].reduce((sum, one) => sum + one, 0);

const budget = (namespace: string, name: string) => ({
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { namespace, name },
  spec: { maxUnavailable: 2, selector: { matchLabels: { app: name } } },
});

async function guardMore(address: LabAddress): Promise<number> {
  const api = new RawApi(address);
  for (const [namespace, name] of [
    ["shop", "frontend"],
    ["payments", "ledger"],
  ] as const) {
    await api.must("POST", `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`, budget(namespace, name));
    await api.poll("the budget", async () => {
      const { status } = await api.must("GET", `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets/${name}`);
      return (status.disruptionsAllowed ?? 0) > 0;
    });
  }
  const { items } = await api.must<RawList>("GET", `/api/v1/pods?fieldSelector=spec.nodeName=${node}`);
  return items.filter(({ metadata }) => metadata.ownerReferences?.[0]?.kind !== "DaemonSet").length;
}

async function inLab<T>(use: (kubeconfig: string, proxy: CountingProxy, pods: number) => Promise<T>): Promise<T> {
  const lab = await startLabThread({
    ...defaultLabOptions,
    seed: Number(values.seed),
    pods: Number(values.pods),
    speed: 1,
  });
  const proxy = await countingProxy(lab.address.url);
  const folder = mkdtempSync(join(tmpdir(), "crossfade-bench-"));
  try {
    const pods = await guardMore(lab.address);
    const kubeconfig = join(folder, "kubeconfig");
    const text = readFileSync(lab.address.kubeconfig, "utf8")
      .replace(/server: .*/, `server: ${proxy.url}`)
      .replace(
        /certificate-authority-data: .*/,
        `certificate-authority-data: ${Buffer.from(proxy.certificateAuthority).toString("base64")}`,
      );
    writeFileSync(kubeconfig, text, { mode: 0o600 });
    return await use(kubeconfig, proxy, pods);
  } finally {
    await proxy.close();
    await lab.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As the engine repeats a step: look, nudge, rest 50 ms, then until the next change or two seconds. */
async function runStep(ports: Ports, step: Step, scope: NodeScope): Promise<void> {
  for (;;) {
    if ((await step.observe(scope)).done) return;
    await step.apply(scope);
    await ports.clock.sleep(50, scope.signal);
    await ports.changes.next(2_000, scope.signal);
  }
}

async function byEngine(kubeconfig: string, proxy: CountingProxy): Promise<Drained> {
  const ending = new AbortController();
  const cluster = await connect({ kubeconfig, env: process.env, sources: sourceDirectory, signal: ending.signal });
  const ports: Ports = { ...cluster.ports(), clock: systemClock, archive: new LocalArchive("never-written") };
  await Promise.all([ports.nodes.list(), ports.pods.list(), ports.pods.budgets(), ports.workloads.list()]);
  const options = { drainTimeoutMs: 0, deleteEmptyDirData: true, deleteBarePods: false };
  const scope = {
    ports,
    plan: { options } as Plan,
    node,
    memory: new StepMemory(),
    before: null,
    log: say,
    signal: ending.signal,
  } as unknown as NodeScope;
  // A watch is asked for after its list: six lists, six watches.
  while (proxy.watches() < 6) await ports.clock.sleep(20, ending.signal);
  const opening = proxy.take();
  const began = performance.now();
  await runStep(ports, cordon, scope);
  await runStep(ports, drain, scope);
  const ms = performance.now() - began;
  const counts = proxy.take();
  await cluster.close();
  return { ms, counts, opening };
}

async function byKubectl(kubeconfig: string, proxy: CountingProxy): Promise<Drained> {
  const home = mkdtempSync(join(tmpdir(), "crossfade-bench-"));
  proxy.take();
  const began = performance.now();
  const child = spawn("kubectl", ["drain", node, "--ignore-daemonsets", "--delete-emptydir-data"], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, KUBECONFIG: kubeconfig, HOME: home },
  });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, "close")) as [number];
  const ms = performance.now() - began;
  rmSync(home, { recursive: true, force: true });
  if (code !== 0) throw new Error(`kubectl drain ended with ${code}: ${said}`);
  return { ms, counts: proxy.take(), opening: new Map() };
}

const ours: Drained[] = [];
const theirs: Drained[] = [];
let pods = 0;
for (let round = 0; round < Number(values.runs); round++) {
  ours.push(
    await inLab((kubeconfig, proxy, here) => {
      pods = here;
      return byEngine(kubeconfig, proxy);
    }),
  );
  theirs.push(await inLab((kubeconfig, proxy) => byKubectl(kubeconfig, proxy)));
}

const kinds = [...new Set([...ours, ...theirs].flatMap(({ counts }) => [...counts.keys()]))].sort();
const last = (runs: readonly Drained[], kind: string) => String(runs.at(-1)?.counts.get(kind) ?? 0);
say(`${pods} pods on ${node} to move, seed ${values.seed}`);
say();
say(
  table([
    ["requests of the last round", "crossfade", "kubectl"],
    ...kinds.map((kind) => [kind, last(ours, kind), last(theirs, kind)]),
  ]),
);
say();
const seconds = (runs: readonly Drained[]) => runs.map(({ ms }) => ms / 1000);
const requests = (runs: readonly Drained[]) => runs.map(({ counts }) => total(counts));
say(
  `crossfade:      ${figure(seconds(ours), "s")}, ${figure(requests(ours), "requests")}; opening the watches before: ${figure(
    ours.map(({ opening }) => total(opening)),
    "requests",
  )}, once a run`,
);
say(`kubectl drain:  ${figure(seconds(theirs), "s")}, ${figure(requests(theirs), "requests")}`);
say(ratio("time, crossfade / kubectl drain", seconds(ours), seconds(theirs)));
say(ratio("API requests, crossfade / kubectl drain", requests(ours), requests(theirs)));
