import { type Observation, waiting } from "../model/observation.ts";
import type { RunScope, RunStep } from "../model/step.ts";
import { probesAwaited } from "../observe/start-trouble.ts";
import { passed, trafficOf } from "../probes/ask.ts";
import { crossingsOf } from "../probes/crossings.ts";
import { probeEnds } from "../probes/ends.ts";

/** The baseline: what does not pass before anything is touched is not ours to break, and must be known now. */
async function baseline({ ports, plan, nodes, signal }: RunScope, up: readonly string[]): Promise<Observation> {
  const ends = (await probeEnds(ports, plan)).filter(({ pod }) => nodes.includes(pod.node));
  const strange = up.find((name) => !ends.some(({ pod }) => pod.node === name));
  if (strange !== undefined) {
    const ip = (await ports.prober.pods()).find(({ node }) => node === strange)?.ip ?? "none";
    const ranges = plan.source.podCidrs.join(", ");
    return waiting(`the probe pod on ${strange} to have an address of ${ranges} (it has ${ip})`, "the old CNI");
  }
  const questions = ends.flatMap((end) => crossingsOf(end, ends));
  const clearedBy = "the cluster's own network working";
  return passed(await trafficOf(ports, questions, signal), clearedBy, "the baseline to pass");
}

/** Puts a probe pod on every node and takes the baseline. */
export const prepare: RunStep = {
  id: "prepare",
  timeoutMs: 15 * 60_000,
  async observe(scope) {
    const { ports, nodes } = scope;
    const ready = new Set((await ports.prober.pods()).filter((pod) => pod.ready).map(({ node }) => node));
    const ups = (await ports.nodes.list()).filter((node) => node.ready && nodes.includes(node.name));
    const up = ups.map(({ name }) => name);
    const missing = up.filter((name) => !ready.has(name));
    if (missing.length > 0) return probesAwaited(ports, missing);
    return baseline(scope, up);
  },
  apply: ({ ports, plan }) => ports.prober.install(plan.options.probeImage),
  rollback: ["rollback-report"],
};
