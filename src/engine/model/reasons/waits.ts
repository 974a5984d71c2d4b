import type { CodeParams } from "./param-kind.ts";

/** What steps wait for: each code with its facts. */
export const waits = {} as const satisfies CodeParams;
