import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { defaultLabOptions, type LabAddress } from "crossfade-lab/lab-options.ts";
import { startLabThread } from "crossfade-lab/lab-thread.ts";
import type { EngineEvent } from "../src/engine/model/events.ts";
import { builtProgram } from "./support/built.ts";
import { ByHand, type Phases } from "./support/by-hand.ts";
import { figure, median, ratio, say, table } from "./support/figures.ts";

/**
 * The whole headless migration of a seeded lab against the critical path of a second lab of the same seed.
 *
 * The critical path is the procedure of Cilium's migration guide, done by a script (support/by-hand.ts) with nothing
 * but fetch and open watches: helm upgrade --install; every agent Ready and every datapath loaded; CiliumNodeConfig;
 * then node by node: cordon, evict whatever its budget allows at every event until the node is empty, label, delete the
 * agent, wait for the new one and its CNI file, reboot by a privileged pod, wait for the new bootID, Ready and the
 * agent, delete pods with old addresses, wait until all are Ready and the datapath is loaded, uncordon; then helm
 * upgrade, restart the agents, restart the operator, delete the CiliumNodeConfig and labels, delete Flannel, wait until
 * its namespace is gone. Each act is sent in the moment in which the watch event that it needs is heard; what no object
 * tells (a file on a node, a loaded datapath) is asked of the lab every 25 ms. No preflight, no probes, no records, no
 * lease, no soak time, no cleaning of the nodes: all that the engine does besides is its own cost.
 *
 * The engine is the built program in a process of its own, from spawn to exit, with --soak 0. The lab's time runs
 * `--speed` times the wall's, the engine's own time does not: at speed 10 every second that the engine wastes weighs
 * ten. So the ratio at speed 1 is printed too, computed from the same two figures.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "7,8" },
    speed: { type: "string", default: "10" },
    nodes: { type: "string", default: "3" },
    pods: { type: "string", default: "12" },
  },
});
const speed = Number(values.speed);

async function inLab<T>(seed: number, use: (address: LabAddress) => Promise<T>): Promise<T> {
  const options = { ...defaultLabOptions, seed, speed, nodes: Number(values.nodes), pods: Number(values.pods) };
  const lab = await startLabThread(options);
  try {
    return await use(lab.address);
  } finally {
    await lab.stop();
  }
}

/** Adds up what each phase of the run took, by its own events. */
class Phasing {
  readonly phases: Phases = new Map();
  #nodeSince = 0;
  readonly #began: number;
  #startedAt = 0;

  constructor(began: number) {
    this.#began = began;
  }

  hear(event: EngineEvent): void {
    if (event.type === "run-step-started" && event.step === "prepare") this.#startedAt = event.at;
    if (this.#startedAt > 0) this.phases.set("start", this.#startedAt - this.#began);
    if (event.type === "run-step-finished" && event.step !== "nodes") this.phases.set(event.step, event.tookMs);
    if (event.type === "node-step-started" && event.step === "precheck") this.#nodeSince = event.at;
    if (event.type === "node-migrated") this.phases.set(`node ${event.node}`, event.at - this.#nodeSince);
  }
}

async function engine(program: string, address: LabAddress): Promise<{ readonly ms: number; readonly phases: Phases }> {
  const home = mkdtempSync(join(tmpdir(), "crossfade-bench-"));
  const began = Date.now();
  const child = spawn(
    process.execPath,
    [program, "migrate", "--headless", "--json", "--soak", "0", "--consent", "nodes,finalize,remove-source"],
    {
      stdio: ["ignore", "pipe", "inherit"],
      env: {
        ...process.env,
        XDG_STATE_HOME: home,
        XDG_RUNTIME_DIR: home,
        KUBECONFIG: address.kubeconfig,
        PATH: `${address.binDir}${delimiter}${process.env.PATH ?? ""}`,
      },
    },
  );
  const phasing = new Phasing(began);
  createInterface({ input: child.stdout }).on("line", (line) => phasing.hear(JSON.parse(line) as EngineEvent));
  const [code] = (await once(child, "close")) as [number];
  rmSync(home, { recursive: true, force: true });
  if (code !== 0) throw new Error(`the engine ended with ${code}`);
  return { ms: Date.now() - began, phases: phasing.phases };
}

const sum = (phases: Phases) => [...phases.values()].reduce((all, ms) => all + ms, 0);
const program = await builtProgram();
const ours: { readonly ms: number; readonly phases: Phases }[] = [];
const byHand: Phases[] = [];
for (const seed of values.seeds.split(",").map(Number)) {
  byHand.push(await inLab(seed, (address) => new ByHand(address).migrate()));
  ours.push(await inLab(seed, (address) => engine(program, address)));
  say(
    `seed ${seed}: critical path ${(sum(byHand.at(-1) ?? new Map()) / 1000).toFixed(2)} s, engine ${((ours.at(-1)?.ms ?? 0) / 1000).toFixed(2)} s`,
  );
}

const seconds = (runs: readonly Phases[], phase: string) => runs.map((phases) => (phases.get(phase) ?? 0) / 1000);
const names = [
  ...new Set([...ours, ...byHand.map((phases) => ({ phases }))].flatMap(({ phases }) => [...phases.keys()])),
];
const rows = names.map((name) => {
  const engineS = median(
    seconds(
      ours.map(({ phases }) => phases),
      name,
    ),
  );
  const handS = median(seconds(byHand, name));
  return [name, engineS.toFixed(2), handS.toFixed(2), (engineS - handS).toFixed(2)];
});
say();
say(table([["phase (s, medians)", "engine", "critical path", "difference"], ...rows]));
const engineS = ours.map(({ ms }) => ms / 1000);
const handS = byHand.map((phases) => sum(phases) / 1000);
const own = median(engineS) - median(handS);
say();
say(
  `engine, spawn to exit:  ${figure(engineS, "s")}  (${values.nodes} nodes, ${values.pods} pods, lab speed ${speed}, seeds ${values.seeds})`,
);
say(`critical path by hand:  ${figure(handS, "s")}`);
say(`the engine's own time:  ${own.toFixed(2)} s of the wall`);
say(ratio(`engine / critical path, at lab speed ${speed}`, engineS, handS));
const realS = median(handS) * speed;
say(
  `computed for lab speed 1 (${realS.toFixed(0)} s of critical path, the same own time): ${((realS + own) / realS).toFixed(3)}`,
);
