import type { KubeObject } from "../../objects.ts";
import { ApiError, type StatusCause } from "../api-error.ts";
import { clone, isTree, same, type Tree } from "../json-tree.ts";
import {
  changesBetween,
  elementOf,
  type FieldSet,
  fieldsIn,
  intersection,
  minus,
  orNone,
  pathsOf,
  union,
  without,
} from "./field-set.ts";
import {
  entryOf,
  isSameManager,
  type ManagedFields,
  managersOf,
  ownable,
  reduced,
  type Writer,
} from "./managed-fields.ts";
import type { Shape } from "./shape.ts";

/** The wish of one applier. */
export interface Application {
  readonly writer: Writer;
  readonly force: boolean;
  readonly shape: Shape;
}

/** What an apply makes of an object, and who owns what then. */
export interface Applied {
  readonly object: KubeObject;
  readonly managers: readonly ManagedFields[];
}

/** Server-side apply: merges, drops what the manager no longer sets, and refuses to take from others unless forced. */
export function applyConfiguration(live: KubeObject, config: Tree, application: Application): Applied {
  const { writer, shape } = application;
  const wanted = orNone(fieldsIn(ownable(config), shape, false));
  const others = managersOf(live).filter((entry) => !isSameManager(entry, writer));
  const mine = managersOf(live).find((entry) => isSameManager(entry, writer));
  const merged = mergeApplied(live, config, shape) as unknown as KubeObject;
  const { touched } = changesBetween(ownable(live), ownable(merged), shape);
  const conflicts = others.filter(({ fieldsV1 }) => intersection(fieldsV1, touched));
  if (conflicts.length > 0 && !application.force) throw conflictOf(conflicts, touched);
  const dropped = minus(mine?.fieldsV1, wanted);
  const kept = others.map(({ fieldsV1 }) => fieldsV1).reduce<FieldSet | undefined>(union, wanted);
  const gone = minus(dropped, kept);
  const object = gone ? (without(merged, gone, kept, shape) as unknown as KubeObject) : merged;
  const left = others.flatMap((entry) => reduced(entry, minus(entry.fieldsV1, touched)));
  return { object, managers: wanted ? [...left, renewed(mine, writer, wanted)] : left };
}

/** The time of an entry moves only when its fields do, so that applying the same again writes nothing. */
function renewed(old: ManagedFields | undefined, writer: Writer, fields: FieldSet): ManagedFields {
  const unchanged = old && old.apiVersion === writer.apiVersion && same(old.fieldsV1, fields);
  return unchanged ? old : entryOf(writer, fields);
}

/** The applied value over the live one, by the shape's list and map rules. */
function mergeApplied<T>(live: unknown, config: T, shape: Shape): T {
  if (isTree(live) && isTree(config) && !shape.atomic) {
    const result: Tree = { ...live };
    for (const field in config) result[field] = mergeApplied(live[field], config[field], shape.child(field));
    return result as T;
  }
  if (Array.isArray(live) && Array.isArray(config) && shape.list !== "atomic") {
    return mergeItems(live, config, shape) as T;
  }
  return clone(config);
}

/** Applied items come in the applied order; others keep their place before the items that followed them. */
function mergeItems(live: readonly unknown[], config: readonly unknown[], shape: Shape): unknown[] {
  const rule = shape.list;
  if (rule === "atomic") return [...config];
  const there = new Map(live.map((item) => [elementOf(item, rule), item]));
  const wanted = new Map(config.map((item) => [elementOf(item, rule), item]));
  const merged = [...wanted].map(([element, item]) => mergeApplied(there.get(element), item, shape.item()));
  const foreign = live.filter((item) => !wanted.has(elementOf(item, rule)));
  return placed(merged, foreign, live, (item) => elementOf(item, rule));
}

/** Puts each foreign item behind the item that it followed before. */
export function placed(
  ordered: readonly unknown[],
  foreign: readonly unknown[],
  live: readonly unknown[],
  keyOf: (item: unknown) => string,
): unknown[] {
  const result = [...ordered];
  const liveKeys = live.map(keyOf);
  for (const item of foreign) {
    const index = liveKeys.indexOf(keyOf(item));
    const before = index > 0 ? liveKeys[index - 1] : undefined;
    const place = before === undefined ? 0 : result.findIndex((each) => keyOf(each) === before) + 1;
    result.splice(place, 0, item);
  }
  return result;
}

function conflictOf(entries: readonly ManagedFields[], touched: FieldSet | undefined): ApiError {
  const causes = entries.flatMap((entry): StatusCause[] => {
    const taken = intersection(entry.fieldsV1, touched);
    return taken ? pathsOf(taken).map((field) => causeOf(entry, field)) : [];
  });
  const fields = causes.map(({ field }) => field);
  const managers = new Set(entries.map(({ manager }) => `"${manager}"`));
  const several = causes.length === 1 ? "conflict" : "conflicts";
  const message =
    causes.length === 1
      ? `Apply failed with 1 conflict: ${causes[0]?.message}: ${fields[0]}`
      : `Apply failed with ${causes.length} ${several}: conflicts with ${[...managers].join(", ")}:\n- ${fields.join("\n- ")}`;
  return new ApiError(409, "Conflict", message, { causes });
}

function causeOf(entry: ManagedFields, field: string): StatusCause {
  const part = entry.subresource ? ` with subresource "${entry.subresource}"` : "";
  const how = entry.operation === "Update" ? ` using ${entry.apiVersion}` : "";
  return { reason: "FieldManagerConflict", message: `conflict with "${entry.manager}"${part}${how}`, field };
}
