import type { CodeParams } from "./param-kind.ts";

/** Why a request is not carried out: each code with its facts. */
export const refusals = {
  "unknown-node": { node: "text" },
  "past-no-return": {},
  "only-whole-run": {},
  "rolling-back-already": { node: "text" },
  "node-not-moved": { node: "text" },
  "other-node-busy": { node: "text" },
  "node-not-failed": { node: "text" },
  "rollback-deferred": { node: "text" },
  "node-not-changeable": { node: "text", phase: "text" },
  "node-not-rebooting": { node: "text" },
  "no-step-failed": {},
  "paused-already": {},
  "pausing-already": { takesHoldAt: "text" },
  "not-paused": {},
  "consent-not-asked": { consent: "text" },
  "agreement-not-asked": {},
  "agree-first": {},
  "nothing-changed": {},
  "all-rolling-back-already": {},
  "run-not-begun": {},
  "request-failed": { failure: "failed" },

  // Told by a link to an engine, not by the engine.
  "engine-gone": {},
  "engine-not-started": {},
  "observing-only": { holder: "text?" },
  "no-runner": {},
  "runner-silent": { holder: "text", seconds: "number" },
} as const satisfies CodeParams;
