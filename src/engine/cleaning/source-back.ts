import { CrossfadeError } from "../model/errors.ts";
import type { WorkloadFacts } from "../model/facts.ts";
import { note } from "../model/notes/note.ts";
import { daemonSetNames, daemonSetsOf } from "../model/plan/source-workloads.ts";
import { reason } from "../model/reason.ts";
import { fullName } from "../model/some-of.ts";
import type { RunScope } from "../model/step.ts";
import { remembered } from "../model/step-memory.ts";
import { ownersOf } from "../preflight/network/source-owner.ts";

/** Whoever brings it back after so many removals does it on purpose. */
const removals = 3;
const again = { clearedBy: "person", actions: ["retry"] } as const;

/** DaemonSet as namespace/name → uids under which it was removed. */
const removed = remembered(() => new Map<string, Set<string>>());

async function foundAgain({ ports, plan: { source } }: RunScope): Promise<readonly WorkloadFacts[]> {
  const found = await Promise.all(
    daemonSetsOf(source).map(({ namespace, name }) => ports.workloads.get("DaemonSet", namespace, name)),
  );
  return found.filter((one) => one !== null);
}

/** The old CNI is there again after it was removed: its pods would give nodes their links, rules and files once more. */
export async function sourceIsBack(scope: RunScope): Promise<boolean> {
  return (await foundAgain(scope)).length > 0;
}

export async function sourceBack(scope: RunScope, times: number | null): Promise<CrossfadeError> {
  const found = await foundAgain(scope);
  const owners = [...new Set(found.flatMap(ownersOf))];
  const names = found.length > 0 ? found.map(fullName) : daemonSetNames(scope.plan.source);
  return new CrossfadeError("SOURCE_BACK", reason("source-back", { daemonSets: names, owners, times }, again));
}

/** Removes it, and once more when it comes back, a few times: a sync that was under way already is no ill will. */
export async function removeDaemonSet(scope: RunScope, first: "first time" | "again"): Promise<void> {
  const { ports, removal, memory, log } = scope;
  for (const found of await foundAgain(scope)) {
    const before = memory.of(removed).get(fullName(found)) ?? new Set();
    if (!before.has(found.uid)) {
      if (before.size >= removals) throw await sourceBack(scope, before.size);
      const isFirst = first === "first time" && before.size === 0;
      memory.of(removed).set(fullName(found), before.add(found.uid));
      if (!isFirst)
        log("warning", note("source-removed-again", { namespace: found.namespace ?? "", name: found.name }));
    }
  }
  const objects = removal.objects.filter(({ kind }) => kind === "DaemonSet");
  for (const object of objects) await ports.workloads.delete(object);
}
