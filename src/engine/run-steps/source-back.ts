import { CrossfadeError } from "../errors.ts";
import { ownersOf } from "../preflight/source-owner.ts";
import { flannelObjects } from "../sources/flannel.ts";
import type { RunScope } from "../step.ts";

/** Whoever brings it back after so many removals does it on purpose. */
const removals = 3;
const removed = "removed DaemonSet ";

async function foundAgain({ ports, plan: { source } }: RunScope) {
  return ports.workloads.get("DaemonSet", source.namespace, source.daemonSet);
}

/** The old CNI is there again after it was removed: its pods would give nodes their links, rules and files once more. */
export async function sourceIsBack(scope: RunScope): Promise<boolean> {
  return (await foundAgain(scope)) !== null;
}

export async function sourceBack(scope: RunScope, times: string): Promise<CrossfadeError> {
  const { namespace, daemonSet } = scope.plan.source;
  const found = await foundAgain(scope);
  const owners = found ? ownersOf(found) : [];
  const who = owners.length > 0 ? owners.join(" and ") : "somebody";
  return new CrossfadeError(
    "SOURCE_BACK",
    `${who} brings DaemonSet ${namespace}/${daemonSet} back after it was removed${times}`,
    "take the old CNI out of its source there (Argo CD, Flux, an installer), then press r to retry",
  );
}

/** Removes it, and once more when it comes back, a few times: a sync that was under way already is no ill will. */
export async function removeDaemonSet(scope: RunScope, first: "first time" | "again"): Promise<void> {
  const { ports, plan, acts, log } = scope;
  const found = await foundAgain(scope);
  if (!found) return;
  const before = [...acts].filter((act) => act.startsWith(removed));
  if (!before.includes(removed + found.uid)) {
    if (before.length >= removals) throw await sourceBack(scope, ` ${before.length} times`);
    acts.add(removed + found.uid);
    if (first === "again" || before.length > 0)
      log("warning", `DaemonSet ${found.namespace}/${found.name} is back: removed again`);
  }
  const objects = flannelObjects(plan.source).filter(({ kind }) => kind === "DaemonSet");
  for (const object of objects) await ports.workloads.delete(object);
}
