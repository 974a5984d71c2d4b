import { hostsFit, nudgeLookers } from "../before-install/hosts-fit.ts";
import { type Observation, waiting } from "../model/observation.ts";
import { thePod } from "../model/reason.ts";
import type { RunScope, RunStep } from "../model/step.ts";
import { kernelsFit } from "../observe/kernel-look.ts";
import { probesAwaited } from "../observe/start-trouble.ts";
import { passed, trafficOf } from "../probes/ask.ts";
import { crossingsOf } from "../probes/crossings.ts";
import { probeEnds } from "../probes/ends.ts";

/** The baseline: what does not pass before anything is touched is not ours to break, and must be known now. */
async function baseline({ ports, plan, nodes, signal }: RunScope, up: readonly string[]): Promise<Observation> {
  const ends = (await probeEnds(ports, plan)).filter(({ pod }) => nodes.includes(pod.node));
  const strange = up.find((name) => !ends.some(({ pod }) => pod.node === name));
  if (strange !== undefined) {
    const pod = (await ports.prober.pods()).find(({ node }) => node === strange);
    const params = { node: strange, address: pod?.ip ?? "", ranges: plan.source.podCidrs };
    return waiting("probe-not-on-source", params, { object: pod ? thePod(pod.ref) : null });
  }
  const questions = ends.flatMap((end) => crossingsOf(end, ends));
  return passed(await trafficOf(ports, questions, signal), "baseline-traffic-lost");
}

/** Puts a probe pod on every node, looks at its kernel through it, takes the baseline, and tries UDP on the tunnel's port from each node's own network. */
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
    const fit = await kernelsFit(scope, up);
    if (!fit.done) return fit;
    const works = await baseline(scope, up);
    return works.done ? hostsFit(scope, up) : works;
  },
  async apply(scope) {
    const { ports, plan } = scope;
    await ports.prober.install(plan.options.probeImage);
    await nudgeLookers(scope);
  },
  rollback: ["rollback-report"],
};
