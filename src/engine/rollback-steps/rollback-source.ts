import type { PodFacts } from "../model/facts.ts";
import { done, type Waiting, waiting } from "../model/observation.ts";
import type { NodeScope, RollbackStep } from "../model/step.ts";
import { outgoing, replace } from "../observe/outgoing.ts";
import { startTrouble, untilStarted } from "../observe/start-trouble.ts";

async function sourcePod({ ports, node, plan }: NodeScope): Promise<PodFacts | null> {
  const { namespace, daemonSets } = plan.source;
  const pods = (await ports.pods.on(node)).filter(
    ({ namespace: where, owner }) =>
      where === namespace && owner?.kind === "DaemonSet" && daemonSets.includes(owner.name),
  );
  // A pod that is on its way out may still be listed beside its successor.
  return pods.find(({ terminatingAt }) => terminatingAt === null) ?? pods[0] ?? null;
}

/** Says too what keeps the source's pod from being made, or from being Ready. */
async function withTrouble({ ports, node, plan: { source } }: NodeScope, awaited: Waiting): Promise<Waiting> {
  const { namespace } = source;
  const told = source.daemonSets.map((name) => startTrouble(ports, { namespace, name, nodes: [node] }));
  const trouble = (await Promise.all(told)).find(({ said }) => said !== "");
  return trouble ? untilStarted(awaited, trouble) : awaited;
}

/** Restarts the source's pod on the node: its init container writes the configuration anew, its daemon its link and routes. */
export const rollbackSource: RollbackStep = {
  id: "rollback-source",
  timeoutMs: 10 * 60_000,
  async observe(scope) {
    const pod = await sourcePod(scope);
    const names = scope.plan.source.daemonSets.join(", ");
    const object = `DaemonSet ${pod?.owner?.name ?? names}`;
    if (!pod) return withTrouble(scope, waiting(`a pod of ${names} on ${scope.node}`, "its DaemonSet", object));
    const old = outgoing(scope, "rollback-source");
    if (old === null || old === pod.uid) return waiting("the old CNI's pod to be recreated", "its deletion", object);
    return pod.ready ? done : withTrouble(scope, waiting(`${pod.name} to be Ready`, "the old CNI", object));
  },
  async apply(scope) {
    const pod = await sourcePod(scope);
    if (!pod) return;
    const old = outgoing(scope, "rollback-source");
    if (old === null || old === pod.uid) await replace(scope, "rollback-source", pod);
  },
};
