import type { PlannedChange } from "../../engine/model/plan-types.ts";

/** Changes of one kind that follow each other, as one. */
interface OfOneKind {
  readonly verb: PlannedChange["verb"];
  /** Kind and name, or how many, of which kind, and all their names. */
  readonly objects: string;
  readonly what: string;
}

const isAlike = (one: PlannedChange, other: PlannedChange): boolean =>
  one.verb === other.verb && one.kind === other.kind && one.namespace === other.namespace && one.what === other.what;

const isDefinition = ({ kind }: PlannedChange): boolean => kind === "CustomResourceDefinition";

/** The API group that a definition's name ends in. */
const groupOf = ({ name }: PlannedChange): string => name.slice(name.indexOf(".") + 1);

const belongsTo = (last: PlannedChange, next: PlannedChange): boolean =>
  isAlike(last, next) && (!isDefinition(last) || groupOf(last) === groupOf(next));

const plural = (kind: string): string => (kind.endsWith("y") ? `${kind.slice(0, -1)}ies` : `${kind}s`);

function inWords(alike: readonly [PlannedChange, ...PlannedChange[]]): OfOneKind {
  const [first, ...more] = alike;
  const { verb, kind, namespace, name, what } = first;
  if (more.length === 0) return { verb, objects: `${kind} ${namespace ? `${namespace}/` : ""}${name}`, what };
  const count = `${alike.length} ${plural(kind)}`;
  if (!isDefinition(first)) {
    const where = namespace ? ` in ${namespace}` : "";
    return { verb, objects: `${count}${where}: ${alike.map((one) => one.name).join(", ")}`, what };
  }
  const names = alike.map((one) => one.name.slice(0, one.name.indexOf("."))).join(", ");
  return { verb, objects: `${count} of ${groupOf(first)}: ${names}`, what };
}

/** The same changes in the same order, those of one kind that follow each other in one line with all their names. */
export function ofOneKind(changes: readonly PlannedChange[]): readonly OfOneKind[] {
  const groups: [PlannedChange, ...PlannedChange[]][] = [];
  for (const change of changes) {
    const last = groups.at(-1);
    if (last !== undefined && belongsTo(last[0], change)) last.push(change);
    else groups.push([change]);
  }
  return groups.map(inWords);
}
