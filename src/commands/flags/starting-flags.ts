import type { Flags } from "../command.ts";

/** For an engine that an observer starts: the version of the lease that it saw unchanged for its whole term. */
export const staleLeaseFlag = {
  "stale-lease": { type: "string", value: "VERSION", help: "a version of the lease that was seen to expire" },
} as const satisfies Flags;

/** For an engine that a person had started by a key or a command that says so; without it a run that is under way is left alone. */
export const goOnFlag = {
  "go-on": { type: "boolean", help: "continue a run that is under way and has no runner" },
} as const satisfies Flags;

/** For an engine that takes a run over: where that run has ended meanwhile, none is begun in its place. */
export const recordedRunFlag = {
  "recorded-run-only": { type: "boolean", help: "go on with the recorded run, and begin none" },
} as const satisfies Flags;
