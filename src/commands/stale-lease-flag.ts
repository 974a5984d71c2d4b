import type { Flags } from "./command.ts";

/** For an engine that a watcher starts: the version of the lease that it saw unchanged for its whole term. */
export const staleLeaseFlag = {
  "stale-lease": { type: "string", value: "VERSION", help: "a version of the lease that was seen to expire" },
} as const satisfies Flags;
