import type { ExaminedRecord } from "../../engine/model/cluster/examined-record.ts";
import { recordPlace } from "../../engine/model/cluster/record-place.ts";
import { isRecordTrouble, toFailure } from "../../engine/model/errors.ts";
import type { NodeRecord, RunRecord } from "../../engine/model/ports/records.ts";
import { type OfRun, openNode } from "./node-record.ts";
import { edited, unsealed } from "./record-trouble.ts";
import { type Opened, openRecord, unacceptable } from "./run-record.ts";

/** A record and what is said of it; null where it cannot be read at all. */
export interface Examined<T> {
  readonly record: T | null;
  readonly said: ExaminedRecord;
}

/** "plan.options" of a record: the part of it that a person would call by that name. */
function valueAt(record: object, path: string): unknown {
  let value: unknown = record;
  for (const name of path.split(".")) {
    value = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  }
  return value ?? null;
}

function examine<T extends object>(
  node: string | null,
  open: () => Opened<T>,
  refused: (opened: Opened<T>) => readonly string[],
): Examined<T> {
  const place = recordPlace(node);
  try {
    const opened = open();
    const changed = opened.edited;
    if (changed?.length === 0)
      return { record: opened.record, said: { node, place, failure: null, edited: {}, acceptable: false } };
    const not = refused(opened);
    const trouble = changed === null ? unsealed(node, not) : edited(node, changed, not);
    return {
      record: opened.record,
      said: {
        node,
        place,
        failure: toFailure(trouble),
        // Helm values, which may hold secrets, are among those that are refused and not shown.
        edited: Object.fromEntries(
          (changed ?? [])
            .filter((field) => !not.includes(field))
            .map((field) => [field, valueAt(opened.record, field)]),
        ),
        acceptable: not.length === 0,
      },
    };
  } catch (thrown) {
    if (!isRecordTrouble(thrown)) throw thrown;
    return { record: null, said: { node, place, failure: toFailure(thrown), edited: {}, acceptable: false } };
  }
}

export const examineRun = (configMap: unknown): Examined<RunRecord> =>
  examine(null, () => openRecord(configMap), unacceptable);

export const examineNode = (node: string, annotation: string, of: OfRun): Examined<NodeRecord> =>
  examine(
    node,
    () => openNode(node, annotation, of),
    () => [],
  );
