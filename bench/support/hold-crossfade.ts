import { Unavailable } from "../../src/engine/model/errors.ts";
import { sourceDirectory } from "../../src/engine/sources/registry.ts";
import { connect } from "../../src/kube/connect.ts";
import { hold } from "./holding.ts";

/** The cluster as the engine's adapter holds it: all kinds that a run watches, or nodes and pods only (KINDS=two). */
const ending = new AbortController();
const cluster = await connect({ env: process.env, sources: sourceDirectory, signal: ending.signal });
const ports = cluster.ports();
let last = false;

async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (thrown) {
      if (!(thrown instanceof Unavailable)) throw thrown;
    }
  }
}

async function look(): Promise<void> {
  while (!last && !ending.signal.aborted) {
    await ports.changes.next(1_000, ending.signal);
    last = (await ports.pods.on(process.env.LAST_NODE ?? "")).some(({ phase }) => phase === "Failed");
  }
}

await hold({
  async sync() {
    const more = process.env.KINDS === "two" ? [] : [ports.pods.budgets(), ports.workloads.list()];
    const [pods, nodes] = await Promise.all([
      patiently(() => ports.pods.list()),
      patiently(() => ports.nodes.list()),
      ...more,
    ]);
    void look().catch(() => undefined);
    return { pods: pods.length, nodes: nodes.length };
  },
  sawLast: () => last,
  async stop() {
    ending.abort();
    await cluster.close();
  },
});
