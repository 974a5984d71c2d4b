/** How one fact of a reason is kept: the types, the schema of records and the tests follow from these words. */
export type ParamKind =
  | "text"
  | "text?"
  | "texts"
  | "number"
  | "number?"
  | "time"
  | "time?"
  | "failed"
  | "reason"
  | "undrainable"
  | "cnis"
  | "budgets"
  | "trouble?";

/** Codes with the facts that belong to each. */
export type CodeParams = Readonly<Record<string, Readonly<Record<string, ParamKind>>>>;

/** Facts of a finding on several objects: how many, and the first of them. */
export const some = { count: "number", first: "texts" } as const satisfies CodeParams[string];

/** The same where only the first are told of, and how many more there are. */
export const few = { first: "texts", more: "number" } as const satisfies CodeParams[string];
