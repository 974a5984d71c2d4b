import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { contextName } from "crossfade-lab/lab-home.ts";
import { defaultLabOptions } from "crossfade-lab/lab-options.ts";
import { startLabThread } from "crossfade-lab/lab-thread.ts";
import { builtBench, builtProgram, root } from "./support/built.ts";
import { figure, ratio, say, table } from "./support/figures.ts";
import { PtyProgram } from "./support/pty-program.ts";

/**
 * From `spawn` of the built program to its panel's first frame in a terminal of 80×24, on a lab's kubeconfig (the
 * header that names the cluster is on the screen), and further until the plan is. Beside it: an empty Node, the least
 * Ink program bundled as ours is and unbundled, and `--version` built and from source. The rounds are interleaved; the
 * first of each, which fills the compile cache, is left out.
 */
const { values } = parseArgs({ options: { rounds: { type: "string", default: "9" } } });
const size = { columns: 80, rows: 24 };
const program = await builtProgram();
const [hello = ""] = await builtBench("bench/support/hello.tsx");
const lab = await startLabThread(defaultLabOptions);
const folder = mkdtempSync(join(tmpdir(), "crossfade-bench-"));

/** What an unbundled start loads, beside node_modules. */
const unbundled = `${root}node_modules/.cache/crossfade-bench/hello-${process.pid}.mjs`;
writeFileSync(
  unbundled,
  'import { render, Text } from "ink"; import { createElement } from "react"; render(createElement(Text, null, "hello")); setInterval(() => {}, 60000);',
);

async function exits(argv: readonly string[]): Promise<number> {
  const from = performance.now();
  await once(
    spawn(process.execPath, [...argv], { stdio: "ignore", env: { ...process.env, NODE_ENV: "production" } }),
    "close",
  );
  return performance.now() - from;
}

async function paints(argv: readonly string[]): Promise<number> {
  const started = new PtyProgram(argv, size, { NODE_ENV: "production" });
  const ms = await started.shows(/hello/, started.spawnedAt);
  await started.hangUp();
  return ms;
}

let round = 0;
async function panel(): Promise<readonly [number, number]> {
  const home = mkdtempSync(join(folder, `${round}-`));
  const env = {
    KUBECONFIG: lab.address.kubeconfig,
    PATH: `${lab.address.binDir}:${process.env.PATH ?? ""}`,
    XDG_RUNTIME_DIR: home,
    XDG_STATE_HOME: home,
  };
  const started = new PtyProgram([program], size, env);
  const frame = await started.shows(new RegExp(contextName), started.spawnedAt);
  const plan = await started.shows(/Cilium 1\.\d+\.\d+/, started.spawnedAt);
  await started.hangUp();
  return [frame, plan];
}

const measured: Record<string, number[]> = {};
const note = (name: string, ms: number) => {
  measured[name] ??= [];
  if (round > 0) measured[name].push(ms);
};
try {
  for (; round <= Number(values.rounds); round++) {
    const [frame, plan] = await panel();
    note("crossfade, first frame", frame);
    note("crossfade, plan on the screen", plan);
    note("node -e 0", await exits(["-e", "0"]));
    note("hello in Ink, bundled", await paints([hello]));
    note("hello in Ink, unbundled", await paints([unbundled]));
    note("crossfade --version, built", await exits([program, "--version"]));
    note("crossfade --version, from source", await exits([`${root}src/crossfade.ts`, "--version"]));
  }
} finally {
  rmSync(unbundled);
  // The engines that the panels started end by themselves three seconds after the last panel left.
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  await lab.stop();
  rmSync(folder, { recursive: true, force: true });
}
say(table(Object.entries(measured).map(([name, ms]) => [name, figure(ms, "ms")])));
const of = (name: string) => measured[name] ?? [];
say(ratio("first frame, crossfade / hello in Ink, bundled", of("crossfade, first frame"), of("hello in Ink, bundled")));
say(
  ratio(
    "first frame, crossfade / hello in Ink, unbundled",
    of("crossfade, first frame"),
    of("hello in Ink, unbundled"),
  ),
);
say(ratio("first frame, crossfade / node -e 0", of("crossfade, first frame"), of("node -e 0")));
say(ratio("--version, built / from source", of("crossfade --version, built"), of("crossfade --version, from source")));
