import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { defaultLabOptions } from "crossfade-lab/lab-options.ts";
import { startLabThread } from "crossfade-lab/lab-thread.ts";
import { builtBench, root } from "./support/built.ts";
import { figure, ratio, say, table } from "./support/figures.ts";
import type { Holding } from "./support/holding.ts";

/**
 * What it takes to hold a cluster in memory: the engine's adapter (src/kube: projections, watched in a worker thread)
 * against client-node's own informer, each in a fresh process of its own, bundled alike.
 *
 * First a lab of 100 nodes and 2,000 pods, all kinds that a run watches. Then a stub of 5,000 nodes and 150,000 pods of
 * about 5 KB (generated, paged or whole as asked, plain HTTP), nodes and pods only, then a storm of changed pods. The
 * informer is tried as its examples have it (one unpaged list) and, kindlier, with a list function that pages.
 * Memory is the process's resident set after a garbage collection, and its peak.
 */
const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "3" },
    pods: { type: "string", default: "150000" },
    nodes: { type: "string", default: "5000" },
    events: { type: "string", default: "20000" },
    "big-runs": { type: "string", default: "1" },
  },
});
const [crossfade = "", informer = ""] = await builtBench(
  "bench/support/hold-crossfade.ts",
  "bench/support/hold-informer.ts",
);
const patienceMs = 120_000;

/** What the process said, or why it did not. */
async function holding(program: string, env: Readonly<Record<string, string>>): Promise<Holding | string> {
  const child = spawn(process.execPath, ["--expose-gc", "--max-old-space-size=3500", program], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  const late = setTimeout(() => child.kill("SIGKILL"), patienceMs);
  const [code] = (await once(child, "close")) as [number | null];
  clearTimeout(late);
  if (code === 0) return JSON.parse(out) as Holding;
  return code === null
    ? "no end within two minutes"
    : (/^.*(?:Error|code:).*$/m.exec(err)?.[0] ?? err).trim().slice(0, 120);
}

function row(name: string, runs: readonly (Holding | string)[]): readonly string[] {
  const good = runs.filter((run) => typeof run !== "string");
  if (good.length === 0) return [name, `failed: ${runs.filter((run) => typeof run === "string").join("; ")}`];
  const of = (pick: (run: Holding) => number, unit: string) => figure(good.map(pick), unit);
  const storm = good.every(({ stormMs }) => stormMs !== null)
    ? of(({ stormMs }) => Number(values.events) / ((stormMs ?? 0) / 1000), "/s")
    : "–";
  return [
    name,
    of(({ rssMb }) => rssMb, "MB"),
    of(({ peakMb }) => peakMb, "MB"),
    of(({ syncMs }) => syncMs / 1000, "s"),
    of(({ stallMs }) => stallMs, "ms"),
    storm,
  ];
}

const head = ["", "RSS held", "RSS peak", "first list", "longest stall", "changes read"];
const rss = (runs: readonly (Holding | string)[]) =>
  runs.flatMap((run) => (typeof run === "string" ? [] : [run.rssMb]));
const good = (runs: readonly (Holding | string)[]) => rss(runs).length > 0;

async function small(): Promise<void> {
  const lab = await startLabThread({ ...defaultLabOptions, nodes: 100, pods: 2_000 });
  const ours: (Holding | string)[] = [];
  const theirs: (Holding | string)[] = [];
  const env = { KUBECONFIG: lab.address.kubeconfig };
  try {
    for (let run = 0; run < Number(values.runs); run++) {
      ours.push(await holding(crossfade, env));
      theirs.push(await holding(informer, env));
    }
  } finally {
    await lab.stop();
  }
  say("a lab of 100 nodes and 2,000 workload pods, six kinds watched:");
  say(table([head, row("crossfade's adapter", ours), row("client-node informer", theirs)]));
  if (good(ours) && good(theirs)) say(ratio("RSS held, crossfade / informer", rss(ours), rss(theirs)));
  say();
}

async function stub(): Promise<{ readonly child: ChildProcess; readonly url: string; readonly podBytes: number }> {
  const child = spawn(process.execPath, [`${root}bench/support/many-pods.ts`, values.pods, values.nodes], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  if (!child.stdout) throw new Error("the stub has no stdout");
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const [port, podBytes] = line.toString().trim().split(" ");
  return { child, url: `http://127.0.0.1:${port}`, podBytes: Number(podBytes) };
}

async function big(): Promise<void> {
  const { child, url, podBytes } = await stub();
  const folder = mkdtempSync(join(tmpdir(), "crossfade-bench-"));
  const kubeconfig = join(folder, "kubeconfig");
  const cluster = { name: "stub", cluster: { server: url, "insecure-skip-tls-verify": true } };
  const context = { name: "stub", context: { cluster: "stub", user: "stub" } };
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [cluster],
      contexts: [context],
      users: [{ name: "stub", user: { token: "t" } }],
      "current-context": "stub",
    }),
    { mode: 0o600 },
  );
  const lastNode = `node-${String((Number(values.events) % Number(values.pods)) % Number(values.nodes)).padStart(5, "0")}`;
  const env = { KUBECONFIG: kubeconfig, KINDS: "two", EVENTS: values.events, STORM_URL: url, LAST_NODE: lastNode };
  const ours: (Holding | string)[] = [];
  const whole: (Holding | string)[] = [];
  const paged: (Holding | string)[] = [];
  try {
    for (let run = 0; run < Number(values["big-runs"]); run++) {
      ours.push(await holding(crossfade, env));
      whole.push(await holding(informer, env));
      paged.push(await holding(informer, { ...env, PAGED: "1" }));
    }
  } finally {
    child.disconnect();
    rmSync(folder, { recursive: true, force: true });
  }
  say(
    `a stub of ${values.nodes} nodes and ${values.pods} pods of about ${(podBytes / 1000).toFixed(1)} KB, then ${values.events} changed pods:`,
  );
  say(
    table([head, row("crossfade's adapter", ours), row("client-node informer", whole), row("informer, paging", paged)]),
  );
  if (good(ours) && good(paged)) say(ratio("RSS held, crossfade / informer that pages", rss(ours), rss(paged)));
}

if (Number(values.runs) > 0) await small();
if (Number(values["big-runs"]) > 0) await big();
