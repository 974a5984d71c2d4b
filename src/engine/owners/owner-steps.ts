import type { ObjectRef } from "../model/cluster/object-ref.ts";
import { note } from "../model/notes/note.ts";
import { done, type Observation, waitingFor } from "../model/observation.ts";
import { type FrozenOwner, frozenMark } from "../model/plan/frozen-owner.ts";
import type { JsonObject, JsonValue } from "../model/plan-types.ts";
import type { Objects } from "../model/ports/objects.ts";
import { reason } from "../model/reason.ts";
import type { RunScope } from "../model/step.ts";
import { remembered } from "../model/step-memory.ts";
import { noSteps, type SourceSteps, type StepChange } from "../sources/source-step.ts";

const skipReconcile = "argocd.argoproj.io/skip-reconcile";

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const part = (object: JsonObject, ...path: readonly string[]): JsonValue | undefined =>
  path.reduce<JsonValue | undefined>((inner, key) => (isObject(inner) ? inner[key] : undefined), object);

/** How a kind is held still: the field that does it, the value that it gets, and what it has where it was never set. */
interface Hold {
  readonly field: readonly [string, ...string[]];
  readonly value: string | number | boolean;
  /** What is there where nothing is: one replica, else no field at all. */
  readonly unset: JsonValue;
}

const scaled: Hold = { field: ["spec", "replicas"], value: 0, unset: 1 };
const suspended: Hold = { field: ["spec", "suspend"], value: true, unset: null };
const holds: Readonly<Record<FrozenOwner["kind"], Hold>> = {
  Deployment: scaled,
  StatefulSet: scaled,
  Kustomization: suspended,
  HelmRelease: suspended,
  Application: { field: ["metadata", "annotations", skipReconcile], value: "true", unset: null },
};

const nested = (path: readonly string[], value: JsonValue): JsonObject =>
  path.reduceRight<JsonValue>((inner, key) => ({ [key]: inner }), value) as JsonObject;

function merged(one: JsonObject, other: JsonObject): JsonObject {
  const both = Object.entries(other).map(([key, value]) => {
    const mine = one[key];
    return [key, isObject(mine) && isObject(value) ? merged(mine, value) : value] as const;
  });
  return { ...one, ...Object.fromEntries(both) };
}

/** In the same patch that freezes: whoever takes the run up puts back exactly what was there, and only ours. */
const marked = (value: string | null) => nested(["metadata", "annotations", frozenMark], value);

const refOf = ({ apiVersion, kind, namespace, name }: FrozenOwner): ObjectRef => ({
  apiVersion,
  kind,
  namespace,
  name,
});
const nameOf = ({ kind, namespace, name }: FrozenOwner) => `${kind} ${namespace}/${name}`;

/** What was there before, as the mark has it; null where the object bears no mark of ours. */
function before(object: JsonObject): { readonly value: JsonValue } | null {
  const mark = part(object, "metadata", "annotations", frozenMark);
  if (typeof mark !== "string") return null;
  try {
    return { value: JSON.parse(mark) as JsonValue };
  } catch {
    return { value: null };
  }
}

function awaited(owner: FrozenOwner, field: string, value: string | null): Observation {
  return waitingFor(reason("source-object", { object: nameOf(owner), field, value }, { object: refOf(owner) }));
}

/** Still, and no pod of it runs any more. */
async function isStill(objects: Objects, owner: FrozenOwner): Promise<Observation> {
  const object = await objects.get(refOf(owner));
  if (object === null) return done;
  const { field, value } = holds[owner.kind];
  const marking = before(object) !== null;
  if (!marking || part(object, ...field) !== value) return awaited(owner, field.at(-1) ?? "", String(value));
  const pods = part(object, "status", "replicas") ?? 0;
  return field === scaled.field && pods !== 0 ? awaited(owner, "status.replicas", "0") : done;
}

async function freeze(objects: Objects, owner: FrozenOwner): Promise<void> {
  const object = await objects.get(refOf(owner));
  if (object === null) return;
  const { field, value, unset } = holds[owner.kind];
  const was = part(object, ...field) ?? unset;
  // Somebody set it again after us: what was before we came is what counts.
  const mark = before(object) === null ? marked(JSON.stringify(was)) : {};
  await objects.merge(refOf(owner), merged(nested(field, value), mark));
}

async function isReleased(objects: Objects, owner: FrozenOwner): Promise<Observation> {
  const object = await objects.get(refOf(owner));
  return object === null || before(object) === null ? done : awaited(owner, `annotation ${frozenMark}`, null);
}

async function release(objects: Objects, owner: FrozenOwner): Promise<void> {
  const object = await objects.get(refOf(owner));
  const was = object && before(object);
  if (!was) return;
  const { field, value } = holds[owner.kind];
  // What another has changed meanwhile is his.
  const back = part(object, ...field) === value ? nested(field, was.value) : {};
  await objects.merge(refOf(owner), merged(back, marked(null)));
}

async function all(owners: readonly FrozenOwner[], look: (owner: FrozenOwner) => Promise<Observation>) {
  for (const owner of owners) {
    const seen = await look(owner);
    if (!seen.done) return seen;
  }
  return done;
}

const one = (owners: readonly FrozenOwner[], act: (owner: FrozenOwner) => Promise<void>) =>
  owners.reduce((earlier, owner) => earlier.then(() => act(owner)), Promise.resolve());

const how: Readonly<Record<FrozenOwner["kind"], string>> = {
  Deployment: "scaled to 0 replicas",
  StatefulSet: "scaled to 0 replicas",
  Application: `annotation ${skipReconcile}`,
  Kustomization: "suspended",
  HelmRelease: "suspended",
};

function frozen(owner: FrozenOwner): StepChange {
  const { kind, namespace, name, ofSource } = owner;
  const until = ofSource
    ? "stays so after the removal, or it would bring the old CNI back"
    : "until the end of the run";
  const what = `${how[kind]} ${until}; annotation ${frozenMark}`;
  return { verb: "change", kind, namespace, name, what, rollback: "put back as it was" };
}

/** What is done again at the end: whoever manages nodes may, whoever would bring the source back may not. */
function released({ kind, namespace, name }: FrozenOwner): StepChange {
  return { verb: "change", kind, namespace, name, what: "put back as it was", rollback: null };
}

/** Said once by each engine that comes to the end. */
const told = remembered(() => ({ stays: false }));

function tellFrozen({ memory, log, plan }: RunScope, owners: readonly FrozenOwner[]): void {
  const stay = owners.filter(({ ofSource }) => ofSource).map(nameOf);
  const known = memory.of(told);
  if (stay.length === 0 || known.stays) return;
  known.stays = true;
  log("warning", note("owners-stay-frozen", { owners: stay, source: plan.source.name }));
}

const timeoutMs = 5 * 60_000;
const typicalMs = 10_000;

/** Steps that hold these still from before the installation on, and put back what may act again; none where there are none. */
export function ownerSteps(owners: readonly FrozenOwner[]): SourceSteps {
  if (owners.length === 0) return noSteps;
  const ofNodes = owners.filter(({ ofSource }) => !ofSource);
  return {
    ...noSteps,
    run: [
      {
        id: "owners/freeze",
        before: "install",
        timeoutMs,
        typicalMs,
        changes: () => owners.map(frozen),
        observe: ({ ports: { objects } }) => all(owners, (owner) => isStill(objects, owner)),
        apply: ({ ports: { objects } }) => one(owners, (owner) => freeze(objects, owner)),
        rollback: ["rollback-owners/release"],
      },
      {
        id: "owners/release",
        before: "report",
        timeoutMs,
        typicalMs,
        changes: () => ofNodes.map(released),
        async observe(scope) {
          tellFrozen(scope, owners);
          return all(ofNodes, (owner) => isReleased(scope.ports.objects, owner));
        },
        apply: ({ ports: { objects } }) => one(ofNodes, (owner) => release(objects, owner)),
        rollback: "point-of-no-return",
      },
    ],
    rollbackRun: [
      {
        id: "rollback-owners/release",
        before: "rollback-report",
        timeoutMs,
        observe: ({ ports: { objects } }) => all(owners, (owner) => isReleased(objects, owner)),
        apply: ({ ports: { objects } }) => one(owners, (owner) => release(objects, owner)),
      },
    ],
  };
}
