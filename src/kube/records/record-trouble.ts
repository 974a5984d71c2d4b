import { CrossfadeError, type FailureCode } from "../../engine/model/errors.ts";
import { probeNamespace } from "../nodes/own-namespace-manifest.ts";

export const recordName = "migration";
export const nodeAnnotation = "cni-crossfade/node";
export const recordPlace = `ConfigMap ${probeNamespace}/${recordName}`;
export const nodePlace = (node: string): string => `annotation ${nodeAnnotation} of node ${node}`;

type Kind = Extract<FailureCode, `RECORD_${string}`>;

const showIt = `crossfade repair shows what is wrong`;

/** Removing it is the last resort, so it is said what that does. */
const removal = (node: string | null): string =>
  node === null
    ? `kubectl -n ${probeNamespace} delete configmap ${recordName} forgets the run, and a new one is planned from what the cluster shows`
    : `kubectl annotate node ${node} ${nodeAnnotation}- has it moved from its first step again (uncordon it first if crossfade cordoned it)`;

function trouble(code: Kind, sentence: string, remedy: string): CrossfadeError {
  return new CrossfadeError(code, `${sentence}.`, remedy);
}

/** Null is the run's own record. */
const placeOf = (node: string | null): string => (node === null ? recordPlace : nodePlace(node));

export const damaged = (node: string | null, what: string): CrossfadeError =>
  trouble(
    "RECORD_DAMAGED",
    `The record in ${placeOf(node)} is damaged: ${what}`,
    `put it back as it was, or: ${removal(node)}`,
  );

export const newer = (node: string | null, version: string): CrossfadeError =>
  trouble(
    "RECORD_NEWER",
    `The record in ${placeOf(node)} is of version ${version}, and this crossfade knows version 1`,
    "use the newer crossfade that wrote it",
  );

export const edited = (node: string | null, fields: readonly string[]): CrossfadeError =>
  trouble(
    "RECORD_EDITED",
    `The record in ${placeOf(node)} was edited by hand: ${fields.join(", ")}`,
    `${showIt}; with --accept it makes the record valid as it is now`,
  );

export const unsealed = (node: string | null): CrossfadeError =>
  trouble(
    "RECORD_EDITED",
    `The record in ${placeOf(node)} has no seal: whether it was edited cannot be told`,
    `${showIt}; with --accept it seals the record as it is now`,
  );

export const foreign = (node: string, whose: string): CrossfadeError =>
  trouble("RECORD_FOREIGN", `The record in ${nodePlace(node)} is ${whose}`, removal(node));
