import type { PrinterColumn } from "../../store/resource.ts";
import { ageOf } from "./age.ts";
import { compileJsonPath } from "./json-path.ts";
import { type Column, columns, plainKind, type TableKind } from "./table-kind.ts";

/** The table of a custom resource from its CRD; NAME and AGE where the CRD has no columns of its own. */
export function customTable(printerColumns: readonly PrinterColumn[]): TableKind {
  if (printerColumns.length === 0) return plainKind;
  const paths = printerColumns.map(({ jsonPath }) => compileJsonPath(jsonPath));
  return {
    columns: [...columns("Name"), ...printerColumns.map(toColumn)],
    cells: (object, { now }) => [
      object.metadata.name,
      ...printerColumns.map(({ type }, index) => showValue(paths[index]?.(object)[0], type, now)),
    ],
  };
}

function toColumn({ name, type, format = "", description = "", priority = 0 }: PrinterColumn): Column {
  return { name, type: type as Column["type"], format, description, priority };
}

/** Lists and maps in a string column are shown as JSON; a value of another type than the column's is left out. */
function showValue(value: unknown, type: string, now: number): unknown {
  if (value === undefined) return null;
  if (type === "date") return ageOf(value, now);
  if (type === "string") return typeof value === "string" ? value : JSON.stringify(value);
  if (type === "integer") return typeof value === "number" ? Math.trunc(value) : null;
  return typeof value === type ? value : null;
}
