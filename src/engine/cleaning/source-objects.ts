import type { ObjectRef } from "../model/cluster/object-ref.ts";
import { note } from "../model/notes/note.ts";
import type { Waiting } from "../model/observation.ts";
import { waiting } from "../model/observation.ts";
import { inTheWay } from "../model/reason.ts";
import type { RunScope } from "../model/step.ts";
import { remembered } from "../model/step-memory.ts";
import { foreignIn } from "../sources/foreign-in.ts";

/** Namespaces that were found to stay. */
const namespacesKept = remembered(() => new Set<string>());
const isNamespace = ({ kind }: ObjectRef) => kind === "Namespace";

/** Whether a namespace of the source's must be kept: it is looked at last of all, right before it would go. */
async function namespaceStays(scope: RunScope, { name }: ObjectRef): Promise<boolean> {
  const { ports, removal, memory, log } = scope;
  const kept = memory.of(namespacesKept);
  if (kept.has(name)) return true;
  // One that is on its way out cannot be kept any more.
  if ((await ports.workloads.terminating(name)) !== null) return false;
  const { foreign, unknown } = foreignIn(await ports.workloads.contents(name), removal.objects);
  if (foreign.length === 0 && unknown.length === 0) return false;
  kept.add(name);
  log("warning", note("namespace-stays", { name, foreign: foreign.slice(0, 5), unknown: unknown.slice(0, 3) }));
  return true;
}

/** Objects of the source that are there and are to go; its namespaces are asked about once they are the last of them. */
export async function leftOfSource(scope: RunScope): Promise<readonly ObjectRef[]> {
  const left = await scope.ports.workloads.existing(scope.removal.objects);
  const others = left.filter((object) => !isNamespace(object));
  if (others.length > 0) return others;
  const stay = await Promise.all(left.map((namespace) => namespaceStays(scope, namespace)));
  return left.filter((_, index) => stay[index] === false);
}

const workloadKinds = ["DaemonSet", "Deployment", "StatefulSet"];

/** What goes together: what runs, then what it needed, then kinds with all that is in them, then namespaces. */
function stageOf(object: ObjectRef): number {
  if (workloadKinds.includes(object.kind)) return 0;
  if (object.kind === "CustomResourceDefinition") return 2;
  return isNamespace(object) ? 3 : 1;
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

/** The next of it: nothing that still runs loses what it needs, a kind of its own least of all. */
export async function removeSourceObjects(scope: RunScope): Promise<void> {
  const left = await leftOfSource(scope);
  const now = Math.min(...left.map(stageOf));
  for (const object of left) if (stageOf(object) === now) await scope.ports.workloads.delete(object);
}
