import type { CheckCodes } from "../check-codes.ts";
import { some } from "../param-kind.ts";

const tested = { line: "text", low: "number", high: "number" } as const;

/** Checks of rights and tools: what each may find, beside that all is well. */
export const toolFindings = {
  /** Writes that were tried by dry run, with who refused and its words. */
  admission: {
    "writes-refused": some,
    "writes-untried": some,
    "writes-accepted": { count: "number" },
    /** Those inside namespace crossfade wait until it is there. */
    "writes-accepted-so-far": { count: "number" },
  },
  "api-connection": { "api-without-tls": { server: "text" }, "api-unverified": { server: "text" } },
  /** `backup`: the operator's own words. */
  backup: { "backup-not-named": { source: "text" }, "backup-named": { backup: "text" } },
  "helm-present": { "helm-missing": {}, "helm-unsupported": { version: "text" }, "helm-found": { version: "text" } },
  "helm-release": {
    /** `rollback`: the revision to go back to; null where it is to be uninstalled. */
    "helm-release-pending": { release: "text", namespace: "text", status: "text", rollback: "number?" },
  },
  "own-namespace": { "namespace-missing": {}, "namespace-unknown": {}, "namespace-of-others": {} },
  permissions: {
    "rights-not-asked": {},
    "rights-given": { count: "number" },
    "rights-to-finalize-missing": some,
    "rights-missing": some,
  },
  "version-matrix": {
    "versions-unknown": { cilium: "text", kubernetes: "text" },
    "versions-untested": { cilium: "text", kubernetes: "text", better: "text?", ...tested },
    "versions-tested": tested,
  },
} as const satisfies CheckCodes;
