import type { LabelSelector, Requirement } from "./kinds.ts";

type Labels = Readonly<Record<string, string>>;

/** Whether labels meet a metav1.LabelSelector; an empty selector meets everything, none at all nothing. */
export function selects(selector: LabelSelector | undefined, labels: Labels = {}): boolean {
  if (!selector) return false;
  const pairs = Object.entries(selector.matchLabels ?? {});
  return (
    pairs.every(([key, value]) => labels[key] === value) &&
    (selector.matchExpressions ?? []).every((row) => meets(row, labels))
  );
}

/** Whether a selector has no row at all. */
export function isEmptySelector(selector: LabelSelector | undefined): boolean {
  return !selector || (!selector.matchExpressions?.length && !Object.keys(selector.matchLabels ?? {}).length);
}

/** One row of a selector; Gt and Lt exist for nodes only and compare whole numbers. */
export function meets({ key, operator, values = [] }: Requirement, labels: Labels): boolean {
  const value = labels[key];
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
      return value !== undefined && Number(value) > Number(values[0]);
    case "Lt":
      return value !== undefined && Number(value) < Number(values[0]);
    default:
      return false;
  }
}
