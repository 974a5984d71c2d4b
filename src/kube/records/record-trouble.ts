import { CrossfadeError } from "../../engine/model/errors.ts";
import { reason } from "../../engine/model/reason.ts";

/** Null is the run's own record. */
export const damaged = (node: string | null, what: string): CrossfadeError =>
  new CrossfadeError("RECORD_DAMAGED", reason("record-damaged", { node, what }));

export const newer = (node: string | null, version: string): CrossfadeError =>
  new CrossfadeError("RECORD_NEWER", reason("record-newer", { node, version }));

/** `kept`: those of the fields that may not be changed under a run. */
export const edited = (node: string | null, fields: readonly string[], kept: readonly string[] = []): CrossfadeError =>
  new CrossfadeError("RECORD_EDITED", reason("record-edited", { node, fields, kept }));

export const unsealed = (node: string | null, kept: readonly string[] = []): CrossfadeError =>
  new CrossfadeError("RECORD_EDITED", reason("record-unsealed", { node, kept }));

/** A record that was copied from another node. */
export const ofOtherNode = (node: string, other: string): CrossfadeError =>
  new CrossfadeError("RECORD_FOREIGN", reason("record-of-other-node", { node, other }));

export const ofOtherRun = (node: string, begun: number): CrossfadeError =>
  new CrossfadeError("RECORD_FOREIGN", reason("record-of-other-run", { node, begun }));
