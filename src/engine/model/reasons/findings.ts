import type { CodeParams } from "./param-kind.ts";

/** What preflight's checks find: each code with its facts. */
export const findings = {} as const satisfies CodeParams;
