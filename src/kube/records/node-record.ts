import type { Plan } from "../../engine/model/plan-types.ts";
import type { NodeRecord } from "../../engine/model/ports/records.ts";
import { shortened } from "../../engine/model/reasons/short-reason.ts";
import { lifeRecordSchema } from "./node-schema.ts";
import { damaged, edited, ofOtherNode, ofOtherRun, unsealed } from "./record-trouble.ts";
import { checkVersion, type Opened } from "./run-record.ts";
import { aText, mapOf, objectOf, wrongIn } from "./schema-parts.ts";
import { changedSince, type Fields, type Seal, sealOf, under } from "./seal.ts";
import { strayStepOfNode } from "./stray-steps.ts";

/** A Failure may carry a stack; all annotations of a node together may have 256 KiB. */
const longestText = 2_000;

function withRoom(record: NodeRecord): NodeRecord {
  const { state } = record;
  if (state.phase !== "failed") return record;
  const { code, reason } = state.failure;
  return { ...record, state: { ...state, failure: { code, reason: shortened(reason, longestText) } } };
}

const fieldsOf = ({ state, ...rest }: NodeRecord, node: string): Fields => ({
  node,
  ...rest,
  ...under("state", state),
});

/** What a node's annotation says, sealed together with the node's name: copied to another node it is nobody's. */
export function writeNode(node: string, given: NodeRecord): string {
  const record = withRoom(given);
  return JSON.stringify({ ...record, node, seal: sealOf(fieldsOf(record, node)) });
}

const sealed = objectOf({ node: aText, seal: mapOf(aText) });

function parsed(node: string, annotation: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(annotation);
    if (typeof value === "object" && value !== null) return value as Readonly<Record<string, unknown>>;
  } catch {
    // Said below.
  }
  throw damaged(node, "it is not JSON");
}

/** What a node's record is held against: null where no record of the run is known. */
export type OfRun = { readonly startedAt: number; readonly plan: Plan } | null;

/** Throws for a record of another node, or run, and for one with a step that its run's plan does not have. */
function checkBelongs(node: string, name: unknown, record: NodeRecord, of: OfRun): void {
  if (name !== node) throw ofOtherNode(node, String(name));
  if (of === null) return;
  if (record.run !== of.startedAt) throw ofOtherRun(node, record.run);
  const stray = strayStepOfNode(of.plan, record);
  if (stray !== null) throw damaged(node, stray);
}

/** Throws RECORD_NEWER, RECORD_DAMAGED, and RECORD_FOREIGN for what was written for another node or of another run. */
export function openNode(node: string, annotation: string, of: OfRun): Opened<NodeRecord> {
  const value = parsed(node, annotation);
  const { version } = value;
  checkVersion(version === undefined ? "" : JSON.stringify(version), node);
  const isSealed = wrongIn(sealed, value, "record") === null;
  // An earlier build bound its records to no run and sealed none.
  const given = isSealed || of === null ? value : { run: of.startedAt, ...value };
  const wrong = wrongIn(lifeRecordSchema, given, "record");
  if (wrong !== null) throw damaged(node, wrong);
  const { seal, node: name = node, ...rest } = given as Fields;
  const record = rest as unknown as NodeRecord;
  checkBelongs(node, name, record, of);
  if (!isSealed) return { record, edited: null };
  return { record, edited: changedSince(seal as Seal, fieldsOf(record, node)) };
}

/** The record of a node's annotation, in this run; throws for whatever is not exactly what we wrote. */
export function readNode(node: string, annotation: string, of: OfRun): NodeRecord {
  const { record, edited: changed } = openNode(node, annotation, of);
  if (changed === null) throw unsealed(node);
  if (changed.length > 0) throw edited(node, changed);
  return record;
}
