import type { PodFacts } from "../model/facts.ts";
import { done, waiting } from "../model/observation.ts";
import { inTheWay, thePod } from "../model/reason.ts";
import type { NodeScope, RollbackStep } from "../model/step.ts";
import { outgoing, replace } from "../observe/outgoing.ts";
import { type Kept, startTrouble } from "../observe/start-trouble.ts";

async function sourcePod({ ports, node, plan }: NodeScope): Promise<PodFacts | null> {
  const { namespace, daemonSets } = plan.source;
  const pods = (await ports.pods.on(node)).filter(
    ({ namespace: where, owner }) =>
      where === namespace && owner?.kind === "DaemonSet" && daemonSets.includes(owner.name),
  );
  // A pod that is on its way out may still be listed beside its successor.
  return pods.find(({ terminatingAt }) => terminatingAt === null) ?? pods[0] ?? null;
}

/** What keeps the source's pod from being made, or from being Ready. */
async function troubleHere({ ports, node, plan: { source } }: NodeScope): Promise<Kept> {
  const { namespace } = source;
  const told = source.daemonSets.map((name) => startTrouble(ports, { namespace, name, nodes: [node] }));
  return (await Promise.all(told)).find((trouble) => trouble !== null) ?? null;
}

/** Restarts the source's pod on the node: its init container writes the configuration anew, its daemon its link and routes. */
export const rollbackSource: RollbackStep = {
  id: "rollback-source",
  timeoutMs: 10 * 60_000,
  async observe(scope) {
    const pod = await sourcePod(scope);
    const { namespace, daemonSets } = scope.plan.source;
    if (!pod) {
      const object = inTheWay("DaemonSet", daemonSets[0] ?? "", namespace);
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
