/** One row of a selector. */
export interface Requirement {
  key: string;
  operator: string;
  values?: string[];
}

/** metav1.LabelSelector. */
export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: Requirement[];
}

type Labels = Readonly<Record<string, string>>;

/** Whether labels meet a metav1.LabelSelector; an empty selector meets everything, none at all nothing. */
export function selects(selector: LabelSelector | null | undefined, labels: Labels = {}): boolean {
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
  return operators[operator]?.(labels[key], values) ?? false;
}

const operators: Readonly<Record<string, (value: string | undefined, values: readonly string[]) => boolean>> = {
  In: (value, values) => value !== undefined && values.includes(value),
  NotIn: (value, values) => value === undefined || !values.includes(value),
  Exists: (value) => value !== undefined,
  DoesNotExist: (value) => value === undefined,
  Gt: (value, [limit]) => Number(value) > Number(limit),
  Lt: (value, [limit]) => Number(value) < Number(limit),
};
