import { gunzipSync, gzipSync } from "node:zlib";
import { hashMatches, hashOfPlan } from "../../engine/model/plan/plan-hash.ts";
import type { RunRecord } from "../../engine/model/ports/records.ts";
import { at, text } from "../objects/read.ts";
import { planSchema } from "./plan-schema.ts";
import { damaged, edited, newer, unsealed } from "./record-trouble.ts";
import { runStateSchema } from "./run-schema.ts";
import { aText, mapOf, type SchemaOf, wrongIn } from "./schema-parts.ts";
import { changedSince, type Fields, sealOf, sha256, under } from "./seal.ts";
import { strayStepOfRun } from "./stray-steps.ts";

/** A ConfigMap may hold 1 MiB in all; a plan of thousands of nodes is packed long before. */
const packAboveBytes = 200 * 1024;
/** A plan of 5,000 nodes has some 2 MB; a megabyte of zeros unpacks to a gigabyte. */
const mostPlanBytes = 64 * 1024 * 1024;

export interface RecordData {
  readonly data: Readonly<Record<string, string>>;
  readonly binaryData: Readonly<Record<string, string>>;
}

/** A record that has its shape, and what of it is not as it was sealed; null where it bears no seal. */
export interface Opened<T> {
  readonly record: T;
  readonly edited: readonly string[] | null;
}

function fieldsOf({ plan, ...state }: RunRecord): Fields {
  return { ...state, ...under("plan", plan) };
}

/** The record as the ConfigMap's pieces: the state can be read by a person, the seal tells when one wrote it. */
export function writeRecord(record: RunRecord): RecordData {
  const { plan, ...state } = record;
  const planText = JSON.stringify(plan);
  const pieces = { version: "1", state: JSON.stringify(state), seal: JSON.stringify(sealOf(fieldsOf(record))) };
  if (Buffer.byteLength(planText) <= packAboveBytes) return { data: { ...pieces, plan: planText }, binaryData: {} };
  return { data: pieces, binaryData: { "plan.gz": gzipSync(planText).toString("base64") } };
}

function parsed<T>(source: string, where: string, schema: SchemaOf<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    throw damaged(null, source === "" ? `${where} is missing` : `${where} is not JSON`);
  }
  const wrong = wrongIn(schema, value, where);
  if (wrong !== null) throw damaged(null, wrong);
  return value as T;
}

const aSeal = mapOf(aText);

function planText(configMap: unknown): string {
  const packed = text(at(configMap, "binaryData", "plan.gz"));
  if (packed === "") return text(at(configMap, "data", "plan"));
  try {
    return gunzipSync(Buffer.from(packed, "base64"), { maxOutputLength: mostPlanBytes }).toString("utf8");
  } catch {
    throw damaged(null, "its packed plan cannot be unpacked");
  }
}

/** Newer is only what counts on from ours; anything else is no version at all. */
export function checkVersion(version: string, node: string | null): void {
  if (version === "1") return;
  if (/^[1-9]\d*$/.test(version)) throw newer(node, version);
  throw damaged(node, version === "" ? "it has no version" : `its version is "${version}"`);
}

/** Throws RECORD_NEWER and RECORD_DAMAGED; what was edited and yet has its shape is the caller's to judge. */
export function openRecord(configMap: unknown): Opened<RunRecord> {
  const piece = (name: string) => text(at(configMap, "data", name));
  checkVersion(piece("version"), null);
  const plan = parsed(planText(configMap), "plan", planSchema);
  const state = parsed(piece("state"), "state", runStateSchema);
  const stray = strayStepOfRun(plan, state);
  if (stray !== null) throw damaged(null, stray);
  const record = { ...state, plan };
  if (piece("seal") === "") return { record, edited: null };
  const changed = changedSince(parsed(piece("seal"), "seal", aSeal), fieldsOf(record));
  if (changed.length === 0 && !hashMatches(plan, sha256))
    throw damaged(null, "its plan is not the one that its hash names");
  return { record, edited: changed };
}

/** The record of a ConfigMap; throws for whatever is not exactly what we wrote. */
export function readRecord(configMap: unknown): RunRecord {
  const { record, edited: changed } = openRecord(configMap);
  if (changed === null) throw unsealed(null);
  if (changed.length > 0) throw edited(null, changed);
  return record;
}

/** What the rest of the plan was made of, or is on the cluster already: only a new plan may differ in it. */
const settled = ["version", "cluster", "source", "sourceSteps", "cilium", "nodes", "values"].map(
  (part) => `plan.${part}`,
);

/** Which of the edits cannot be carried out by a run that is under way; empty where all can. */
export function unacceptable({ record: { plan }, edited: changed }: Opened<RunRecord>): readonly string[] {
  if (changed === null) return hashMatches(plan, sha256) ? [] : ["plan"];
  return changed.filter((field) => settled.includes(field));
}

/** The record as an operator accepts it: a plan with other options is another plan, and bears another hash. */
export function accepted({ plan, ...state }: RunRecord): RunRecord {
  return { ...state, plan: { ...plan, hash: hashOfPlan(plan, sha256) } };
}
