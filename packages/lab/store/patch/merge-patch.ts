import { isTree, type Tree, withoutNulls } from "../json-tree.ts";

/** RFC 7396: null removes, objects merge, everything else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isTree(patch)) return patch;
  const result: Tree = isTree(target) ? { ...target } : {};
  for (const field in patch) {
    const part = patch[field];
    if (part === null) delete result[field];
    else result[field] = isTree(part) ? mergePatch(result[field], part) : withoutNulls(part);
  }
  return result;
}
