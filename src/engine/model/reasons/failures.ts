import type { CodeParams } from "./param-kind.ts";

/** Why something failed: each code with its facts. */
export const failures = {} as const satisfies CodeParams;
