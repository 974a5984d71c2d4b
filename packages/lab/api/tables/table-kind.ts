import type { KubeObject } from "../../objects.ts";
import { ageOf } from "./age.ts";

/** One columnDefinition of a Table. */
export interface Column {
  readonly name: string;
  readonly type: "string" | "integer" | "number" | "boolean" | "date";
  readonly format: string;
  readonly description: string;
  /** Above 0 it shows only in `-o wide`. */
  readonly priority: number;
}

/** What a cell can need besides the object. */
export interface CellContext {
  /** Lab time, epoch milliseconds. */
  readonly now: number;
}

/** How a kind looks in `kubectl get`. */
export interface TableKind {
  readonly columns: readonly Column[];
  cells(object: KubeObject, context: CellContext): readonly unknown[];
}

/** Header words in the order of the cells; `number:` and `wide:` before a word set its type and priority. */
export function columns(...headers: readonly string[]): readonly Column[] {
  return headers.map((header) => {
    const marks = header.split(":");
    const name = marks.pop() ?? "";
    return {
      name,
      type: marks.includes("number") ? "integer" : "string",
      format: name === "Name" ? "name" : "",
      description: "",
      priority: marks.includes("wide") ? 1 : 0,
    };
  });
}

/** Age column's cell. */
export const age = (object: KubeObject, { now }: CellContext) => ageOf(object.metadata.creationTimestamp, now);

/** For kinds that have no printer of their own. */
export const plainKind: TableKind = {
  columns: columns("Name", "Age"),
  cells: (object, context) => [object.metadata.name, age(object, context)],
};
