import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { CrossfadeError } from "../engine/errors.ts";
import type { Plan } from "../engine/plan-types.ts";
import type { LifeRecord, RunRecord } from "../engine/ports.ts";
import { at, text } from "./read.ts";
import { lifeRecordShape, planShape, runStateShape } from "./record-shape.ts";
import type { Shape } from "./shape.ts";

export const recordName = "migration";
export const lifeAnnotation = "cni-crossfade/life";

/** A ConfigMap may hold 1 MiB in all; a plan of thousands of nodes is packed long before. */
const packAboveBytes = 200 * 1024;
/** A plan of 5,000 nodes has some 2 MB; a megabyte of zeros unpacks to a gigabyte. */
const mostPlanBytes = 64 * 1024 * 1024;

export interface RecordData {
  readonly data: Readonly<Record<string, string>>;
  readonly binaryData: Readonly<Record<string, string>>;
}

const checksumOf = (planText: string) => createHash("sha256").update(planText).digest("hex");

/** The record as the ConfigMap's pieces: the state can be read by a person, the plan bears a checksum. */
export function writeRecord(record: RunRecord): RecordData {
  const { plan, ...state } = record;
  const planText = JSON.stringify(plan);
  const pieces = {
    version: "1",
    planHash: plan.hash,
    planChecksum: checksumOf(planText),
    state: JSON.stringify(state),
  };
  if (Buffer.byteLength(planText) <= packAboveBytes) return { data: { ...pieces, plan: planText }, binaryData: {} };
  return { data: pieces, binaryData: { "plan.gz": gzipSync(planText).toString("base64") } };
}

function damaged(what: string): CrossfadeError {
  return new CrossfadeError(
    "RECORD_DAMAGED",
    `The run's record, ConfigMap crossfade/${recordName}, cannot be trusted: ${what}.`,
    `look at it with kubectl -n crossfade get configmap ${recordName} -o yaml; deleting it starts over from what the nodes show`,
  );
}

function parsed(source: string, where: string, shape: Shape): unknown {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    throw damaged(`${where} is not JSON`);
  }
  const wrong = shape(value, where);
  if (wrong !== null) throw damaged(wrong);
  return value;
}

function planText(configMap: unknown): string {
  const packed = text(at(configMap, "binaryData", "plan.gz"));
  if (packed === "") return text(at(configMap, "data", "plan"));
  try {
    return gunzipSync(Buffer.from(packed, "base64"), { maxOutputLength: mostPlanBytes }).toString("utf8");
  } catch {
    throw damaged("its packed plan cannot be unpacked");
  }
}

/** The record of a ConfigMap; throws RECORD_DAMAGED for whatever is not exactly what we wrote. */
export function readRecord(configMap: unknown): RunRecord {
  const piece = (name: string) => text(at(configMap, "data", name));
  const version = piece("version");
  if (version !== "1") {
    throw damaged(
      version === "" ? "it bears no version" : `it is of version ${version}, and this crossfade knows version 1`,
    );
  }
  const source = planText(configMap);
  if (checksumOf(source) !== piece("planChecksum"))
    throw damaged("the plan is not the one that was recorded (its checksum differs)");
  const plan = parsed(source, "plan", planShape) as Plan;
  if (plan.hash !== piece("planHash")) throw damaged("the plan's hash is not the one that was recorded");
  const state = parsed(piece("state"), "state", runStateShape) as Omit<RunRecord, "plan">;
  return { ...state, plan };
}

/** The record of a node's annotation. */
export function readLife(node: string, annotation: string): LifeRecord {
  let value: unknown;
  try {
    value = JSON.parse(annotation);
  } catch {
    throw lifeDamaged(node, "it is not JSON");
  }
  const wrong = lifeRecordShape(value, "life");
  if (wrong !== null) throw lifeDamaged(node, wrong);
  return value as LifeRecord;
}

function lifeDamaged(node: string, what: string): CrossfadeError {
  return new CrossfadeError(
    "RECORD_DAMAGED",
    `The record on node ${node}, annotation ${lifeAnnotation}, cannot be trusted: ${what}.`,
    `kubectl annotate node ${node} ${lifeAnnotation}- makes crossfade look at the node afresh`,
  );
}
