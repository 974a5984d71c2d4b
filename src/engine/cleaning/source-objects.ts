import type { ObjectRef } from "../model/cluster/object-ref.ts";
import { note } from "../model/notes/note.ts";
import type { Waiting } from "../model/observation.ts";
import { waiting } from "../model/observation.ts";
import type { JsonObject, JsonValue } from "../model/plan-types.ts";
import { inTheWay } from "../model/reason.ts";
import type { RunScope } from "../model/step.ts";
import { remembered } from "../model/step-memory.ts";
import { foreignIn } from "../sources/foreign-in.ts";
import { broughtBy, partOf } from "./saved-source.ts";

const mostFinalizers = 5;

/** Namespaces that were found to stay. */
const namespacesKept = remembered(() => new Set<string>());
const isNamespace = ({ kind }: ObjectRef) => kind === "Namespace";

const textIn = (object: JsonObject, ...path: readonly string[]): string => {
  const found = partOf(object, ...path);
  return typeof found === "string" ? found : "";
};

function finalizersOf(object: JsonObject): readonly string[] {
  const found = partOf(object, "metadata", "finalizers");
  return (Array.isArray(found) ? (found as readonly JsonValue[]) : []).filter((one) => typeof one === "string");
}

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

/** What goes together: what is served elsewhere by something that runs, what runs, then what it needed, then kinds with all that is in them, then namespaces. */
function stageOf(object: ObjectRef): number {
  if (object.kind === "APIService") return 0;
  if (workloadKinds.includes(object.kind)) return 1;
  if (object.kind === "CustomResourceDefinition") return 3;
  return isNamespace(object) ? 4 : 2;
}

/** Of a kind that was deleted and is still there: objects of it that bear finalizers. */
async function heldBack({ ports }: RunScope, definition: ObjectRef): Promise<Waiting | null> {
  const found = await ports.objects.get(definition);
  const kind = found && broughtBy(found);
  if (found === null || kind === null || textIn(found, "metadata", "deletionTimestamp") === "") return null;
  const held = (await ports.objects.all(kind)).filter((object) => finalizersOf(object).length > 0);
  const [first] = held;
  if (first === undefined) return null;
  const [namespace, name] = [textIn(first, "metadata", "namespace"), textIn(first, "metadata", "name")];
  const object = `${kind.kind} ${namespace === "" ? "" : `${namespace}/`}${name}`;
  const finalizers = [...new Set(held.flatMap(finalizersOf))].slice(0, mostFinalizers);
  const facts = { definition: definition.name, object, more: held.length - 1, finalizers };
  return waiting("source-object-held", facts, { object: inTheWay(kind.kind, name, namespace || null) });
}

/** Definitions go all at once: the one that stays is not always the first. */
async function firstHeldBack(scope: RunScope, left: readonly ObjectRef[]): Promise<Waiting | null> {
  for (const definition of left.filter(({ kind }) => kind === "CustomResourceDefinition")) {
    const held = await heldBack(scope, definition);
    if (held !== null) return held;
  }
  return null;
}

/** What is waited for, with what keeps a namespace in the words of its own conditions. */
export async function untilGone(scope: RunScope, left: readonly ObjectRef[]): Promise<Waiting | null> {
  const [first] = left;
  if (!first) return null;
  const { ports } = scope;
  const { kind, name, namespace } = first;
  const held = kind === "CustomResourceDefinition" ? await firstHeldBack(scope, left) : null;
  if (held !== null) return held;
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
