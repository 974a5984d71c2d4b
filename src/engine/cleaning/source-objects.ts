import type { ObjectRef } from "../model/cluster/object-ref.ts";
import { note } from "../model/notes/note.ts";
import type { Waiting } from "../model/observation.ts";
import { waiting } from "../model/observation.ts";
import { inTheWay } from "../model/reason.ts";
import type { RunScope } from "../model/step.ts";
import { remembered } from "../model/step-memory.ts";
import { foreignIn } from "../sources/foreign-in.ts";

const namespaceKept = remembered(() => ({ stays: false }));
const isNamespace = ({ kind }: ObjectRef) => kind === "Namespace";

/** Whether the source's namespace must be kept: it is looked at last of all, right before it would go. */
async function namespaceStays(scope: RunScope, { name }: ObjectRef): Promise<boolean> {
  const { ports, removal, memory, log } = scope;
  const known = memory.of(namespaceKept);
  if (known.stays) return true;
  // One that is on its way out cannot be kept any more.
  if ((await ports.workloads.terminating(name)) !== null) return false;
  const { foreign, unknown } = foreignIn(await ports.workloads.contents(name), removal.objects);
  if (foreign.length === 0 && unknown.length === 0) return false;
  known.stays = true;
  log("warning", note("namespace-stays", { name, foreign: foreign.slice(0, 5), unknown: unknown.slice(0, 3) }));
  return true;
}

/** Objects of the source that are there and are to go; its namespace is asked about once it is the last of them. */
export async function leftOfSource(scope: RunScope): Promise<readonly ObjectRef[]> {
  const left = await scope.ports.workloads.existing(scope.removal.objects);
  const others = left.filter((object) => !isNamespace(object));
  if (others.length > 0) return others;
  const [namespace] = left;
  return namespace === undefined || (await namespaceStays(scope, namespace)) ? [] : [namespace];
}

/** What is waited for, with what keeps a namespace in the words of its own conditions. */
export async function untilGone({ ports }: RunScope, left: readonly ObjectRef[]): Promise<Waiting | null> {
  const [first] = left;
  if (!first) return null;
  const { kind, name, namespace } = first;
  const object = inTheWay(kind, name, namespace);
  const conditions = isNamespace(first) ? await ports.workloads.terminating(first.name) : null;
  if (conditions === null || conditions.length === 0)
    return waiting("source-objects-left", { count: left.length, kind, name }, { object });
  return waiting("namespace-terminating", { name, conditions }, { object, actions: ["retry"] });
}

export async function removeSourceObjects(scope: RunScope): Promise<void> {
  for (const object of await leftOfSource(scope)) await scope.ports.workloads.delete(object);
}
