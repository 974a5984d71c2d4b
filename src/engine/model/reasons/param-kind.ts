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
  | "budgets"
  | "trouble?";

/** Codes with the facts that belong to each. */
export type CodeParams = Readonly<Record<string, Readonly<Record<string, ParamKind>>>>;
