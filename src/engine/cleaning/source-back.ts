import { CrossfadeError } from "../model/errors.ts";
import type { WorkloadFacts } from "../model/facts.ts";
import type { RunScope } from "../model/step.ts";
import { ownersOf } from "../preflight/network/source-owner.ts";

/** Whoever brings it back after so many removals does it on purpose. */
const removals = 3;
const removed = "removed DaemonSet ";
const mark = ({ name, uid }: WorkloadFacts) => `${removed}${name} ${uid}`;

async function foundAgain({ ports, plan: { source } }: RunScope): Promise<readonly WorkloadFacts[]> {
  const found = await Promise.all(
    source.daemonSets.map((name) => ports.workloads.get("DaemonSet", source.namespace, name)),
  );
  return found.filter((one) => one !== null);
}

/** The old CNI is there again after it was removed: its pods would give nodes their links, rules and files once more. */
export async function sourceIsBack(scope: RunScope): Promise<boolean> {
  return (await foundAgain(scope)).length > 0;
}

export async function sourceBack(scope: RunScope, times: string): Promise<CrossfadeError> {
  const found = await foundAgain(scope);
  const { namespace, daemonSets } = scope.plan.source;
  const owners = [...new Set(found.flatMap(ownersOf))];
  const names = (found.length > 0 ? found.map(({ name }) => name) : daemonSets).map((name) => `${namespace}/${name}`);
  const who = owners.length > 0 ? owners.join(" and ") : "somebody";
  return new CrossfadeError(
    "SOURCE_BACK",
    `${who} brings DaemonSet ${names.join(", ")} back after it was removed${times}`,
    "take the old CNI out of its source there (Argo CD, Flux, an installer), then press r to retry",
  );
}

/** Removes it, and once more when it comes back, a few times: a sync that was under way already is no ill will. */
export async function removeDaemonSet(scope: RunScope, first: "first time" | "again"): Promise<void> {
  const { ports, removal, acts, log } = scope;
  for (const found of await foundAgain(scope)) {
    const before = [...acts].filter((act) => act.startsWith(`${removed}${found.name} `));
    if (!before.includes(mark(found))) {
      if (before.length >= removals) throw await sourceBack(scope, ` ${before.length} times`);
      acts.add(mark(found));
      if (first === "again" || before.length > 0)
        log("warning", `DaemonSet ${found.namespace}/${found.name} is back: removed again`);
    }
  }
  const objects = removal.objects.filter(({ kind }) => kind === "DaemonSet");
  for (const object of objects) await ports.workloads.delete(object);
}
