import type { ExaminedRecord } from "../../engine/model/cluster/examined-record.ts";
import { lines } from "../../words/audience.ts";
import { explainFailure } from "../../words/explain.ts";

/** A plan's part may be long: what a line of a terminal holds is enough to recognise it. */
const longestValue = 200;

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= longestValue ? text : `${text.slice(0, longestValue)}…`;
}

function linesOf({ place, failure, edited }: ExaminedRecord): readonly string[] {
  if (failure === null) return [`${place}: as crossfade wrote it`];
  const { message, remedy } = explainFailure(failure, lines);
  return [
    message,
    ...Object.entries(edited).map(([field, value]) => `  ${field} is now ${shown(value)}`),
    `  → ${remedy}`,
  ];
}

/** What is wrong with the records of the cluster, for a person. */
export const repairLines = (records: readonly ExaminedRecord[]): readonly string[] =>
  records.length === 0 ? ["nothing is recorded on this cluster"] : records.flatMap(linesOf);
