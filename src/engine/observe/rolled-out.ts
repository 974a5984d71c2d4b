import type { WorkloadFacts } from "../model/facts.ts";
import { done, type Observation, waiting } from "../model/observation.ts";
import { inTheWay } from "../model/reason.ts";
import type { RunScope } from "../model/step.ts";
import { startTrouble } from "./start-trouble.ts";

/** Set on the pod template with the restart, so that a second engine does not restart again. */
const restartTokenAnnotation = "crossfade/restart-token";

const tokenFor = (what: string, { plan }: Pick<RunScope, "plan">): string => `${what}-${plan.hash.slice(0, 12)}`;

/** The restart of this run with the final values: asked for again, it restarts nothing. */
export const tokenOf = (scope: Pick<RunScope, "plan">): string => tokenFor("final", scope);

/** The one before it, with the same values but for policies, which are not enforced yet. */
export const tokenUnenforced = (scope: Pick<RunScope, "plan">): string => tokenFor("unenforced", scope);

/** The one on the way back, with policies out of force again. */
export const tokenOutOfForce = (scope: Pick<RunScope, "plan">): string => tokenFor("out-of-force", scope);

/** What a workload was last restarted with by us; null where it was not. */
export const lastToken = ({ annotations }: WorkloadFacts): string | null => annotations[restartTokenAnnotation] ?? null;

/** Waits until every pod of a workload was made anew with this token and is Ready. */
export async function rolledOut(
  { ports, plan }: RunScope,
  workload: WorkloadFacts | null,
  token: string,
  name: string,
): Promise<Observation> {
  if (!workload) return waiting("workload-missing", { name });
  const object = inTheWay(workload.kind, name, plan.cilium.namespace);
  if (workload.annotations[restartTokenAnnotation] !== token)
    return waiting("workload-not-restarted", { name }, { object });
  const { observed, updated, ready, desired } = workload;
  if (observed && updated >= desired && ready >= desired) return done;
  const trouble = await startTrouble(ports, { namespace: plan.cilium.namespace, name });
  return waiting("workload-rolling-out", { name, updated, desired, ready, trouble }, { object });
}
