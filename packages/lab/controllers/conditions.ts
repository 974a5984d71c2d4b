import type { Condition } from "./kinds.ts";

/** The condition of that type, if it is there. */
export function findCondition(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/** Puts a condition in its place; the transition time moves only with the status. */
export function withCondition(
  conditions: readonly Condition[] | undefined,
  wanted: Omit<Condition, "lastTransitionTime">,
  now: string,
): Condition[] {
  const before = findCondition(conditions, wanted.type);
  const since = before?.status === wanted.status ? before.lastTransitionTime : undefined;
  const after = { ...wanted, lastTransitionTime: since ?? now };
  if (!before) return [...(conditions ?? []), after];
  return (conditions ?? []).map((condition) => (condition === before ? after : condition));
}
