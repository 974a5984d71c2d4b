import { failures } from "../probes/ask.ts";
import { crossingsOf } from "../probes/crossings.ts";
import { probeEnds } from "../probes/ends.ts";
import { askingAgain, done, type RunScope, type RunStep, waiting } from "../step.ts";

/** The baseline: what does not pass before anything is touched is not ours to break, and must be known now. */
async function baseline({ ports, plan, signal }: RunScope): Promise<readonly string[]> {
  const ends = await probeEnds(ports, plan);
  const failed = await Promise.all(ends.map((end) => failures(ports, crossingsOf(end, ends), signal)));
  return failed.flat();
}

/** Puts a probe pod on every node and takes the baseline. */
export const prepare: RunStep = {
  id: "prepare",
  title: "Put a probe on every node and take the baseline",
  timeoutMs: 15 * 60_000,
  async observe(scope) {
    const { ports, nodes } = scope;
    const ready = new Set((await ports.prober.pods()).filter((pod) => pod.ready).map(({ node }) => node));
    const up = new Set((await ports.nodes.list()).filter((node) => node.ready).map(({ name }) => name));
    const missing = nodes.filter((name) => up.has(name) && !ready.has(name));
    if (missing.length > 0)
      return waiting(`the probe pods on ${missing.slice(0, 3).join(", ")} to be Ready`, "their DaemonSet");
    const failed = await baseline(scope);
    return failed.length === 0
      ? done
      : askingAgain(`the baseline to pass: ${failed[0]}`, "the cluster's own network working");
  },
  apply: ({ ports, plan }) => ports.prober.install(plan.options.probeImage),
  undo: ["undo-report"],
};
