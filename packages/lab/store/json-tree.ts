/** A JSON object whose fields are not known to the compiler. */
export type Tree = { [field: string]: unknown };

export function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object at a field, put there when it is missing: for defaulting drafts. */
export function treeAt(parent: Tree, field: string): Tree {
  const there = parent[field];
  if (isTree(there)) return there;
  const made: Tree = {};
  parent[field] = made;
  return made;
}

/** The objects of a list, or none. */
export function treesIn(value: unknown): Tree[] {
  return Array.isArray(value) ? value.filter(isTree) : [];
}

/** Strings of a list, or none. */
export function stringsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** Follows fields down; undefined where the way ends. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let here = value;
  for (const field of path) {
    if (!isTree(here)) return undefined;
    here = here[field];
  }
  return here;
}

/** Fills a field that the client left out. */
export function byDefault(parent: Tree, field: string, value: unknown): void {
  if (parent[field] === undefined) parent[field] = value;
}

/** A thawed copy; faster than structuredClone, which the lab's write rate would feel. */
export function clone<T>(value: T): T {
  if (Array.isArray(value)) return value.map(clone) as T;
  if (!isTree(value)) return value;
  const copy: Tree = {};
  for (const field in value) if (value[field] !== undefined) copy[field] = clone(value[field]);
  return copy as T;
}

/** A thawed copy without nulls, which decode to "left out" in the real server. */
export function withoutNulls<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutNulls) as T;
  if (!isTree(value)) return value;
  const copy: Tree = {};
  for (const field in value) {
    const part = value[field];
    if (part !== undefined && part !== null) copy[field] = withoutNulls(part);
  }
  return copy as T;
}

/** Freezes what is not frozen yet; what is frozen is so all the way down. */
export function freeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) freeze(part);
  return Object.freeze(value);
}

/** `fresh` with every part that equals the old one replaced by it: equality becomes identity and memory is shared. */
export function graft<T>(old: unknown, fresh: T): T {
  if (Object.is(old, fresh)) return fresh;
  if (Array.isArray(old) && Array.isArray(fresh)) return graftList(old, fresh) as T;
  if (isTree(old) && isTree(fresh)) return graftTree(old, fresh) as T;
  return fresh;
}

function graftList(old: readonly unknown[], fresh: readonly unknown[]): readonly unknown[] {
  const parts = fresh.map((part, index) => graft(old[index], part));
  const equal = old.length === parts.length && parts.every((part, index) => Object.is(part, old[index]));
  return equal ? old : parts;
}

function graftTree(old: Tree, fresh: Tree): Tree {
  const result: Tree = {};
  let equal = true;
  let fields = 0;
  for (const field in fresh) {
    if (fresh[field] === undefined) continue;
    fields++;
    result[field] = graft(old[field], fresh[field]);
    if (!Object.is(result[field], old[field]) || !(field in old)) equal = false;
  }
  return equal && Object.keys(old).length === fields ? old : result;
}

/** Deep equality of JSON, whatever the order of fields. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  return typeof b === "object" && b !== null && graft(a, b) === a;
}

/** A scalar of unknown type as text; what is no scalar shows as JSON. */
export function text(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined ? "" : JSON.stringify(value);
}
