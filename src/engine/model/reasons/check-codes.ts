import type { CodeParams } from "./param-kind.ts";

/** Checks by their ids, each with the codes of what it may find. */
export type CheckCodes = Readonly<Record<string, CodeParams>>;
