import type { PodFacts } from "../model/facts.ts";
import { done, waiting } from "../model/observation.ts";
import { daemonSetNames, daemonSetsOf, isPodOfSource } from "../model/plan/source-workloads.ts";
import { inTheWay, thePod } from "../model/reason.ts";
import type { NodeScope, RollbackStep } from "../model/step.ts";
import { outgoing, replace } from "../observe/outgoing.ts";
import { type Kept, startTrouble } from "../observe/start-trouble.ts";

async function sourcePod({ ports, node, plan }: NodeScope): Promise<PodFacts | null> {
  const pods = (await ports.pods.on(node)).filter((pod) => isPodOfSource(plan.source, pod));
  // A pod that is on its way out may still be listed beside its successor.
  return pods.find(({ terminatingAt }) => terminatingAt === null) ?? pods[0] ?? null;
}

/** What keeps the source's pod from being made, or from being Ready. */
async function troubleHere({ ports, node, plan: { source } }: NodeScope): Promise<Kept> {
  const told = daemonSetsOf(source).map((set) => startTrouble(ports, { ...set, nodes: [node] }));
  return (await Promise.all(told)).find((trouble) => trouble !== null) ?? null;
}

/** Restarts the source's pod on the node: its init container writes the configuration again, its daemon the link and routes. */
export const rollbackSource: RollbackStep = {
  id: "rollback-source",
  timeoutMs: 10 * 60_000,
  async observe(scope) {
    const pod = await sourcePod(scope);
    if (!pod) {
      const [first] = daemonSetsOf(scope.plan.source);
      const object = inTheWay("DaemonSet", first?.name ?? "", first?.namespace ?? null);
      const daemonSets = daemonSetNames(scope.plan.source);
      const trouble = await troubleHere(scope);
      return waiting("source-pod-missing", { daemonSets, node: scope.node, trouble }, { object });
    }
    const object = thePod(pod);
    const old = outgoing(scope, "rollback-source");
    if (old === null || old === pod.uid) return waiting("source-pod-not-recreated", {}, { object });
    if (pod.ready) return done;
    return waiting("source-pod-not-ready", { pod: pod.name, trouble: await troubleHere(scope) }, { object });
  },
  async apply(scope) {
    const pod = await sourcePod(scope);
    if (!pod) return;
    const old = outgoing(scope, "rollback-source");
    if (old === null || old === pod.uid) await replace(scope, "rollback-source", pod);
  },
};
