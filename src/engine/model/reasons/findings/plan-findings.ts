import type { CheckCodes } from "../check-codes.ts";
import { few } from "../param-kind.ts";

const chart = { chart: "text" } as const;
const pinned = { ...chart, version: "text", digest: "text" } as const;

/** Checks of the plan's chart and of the operator's values: what each may find, beside that all is well. */
export const planFindings = {
  chart: {
    "chart-unread": { ...chart, failure: "failed" },
    "chart-of-other-name": { ...chart, name: "text" },
    "chart-of-other-version": { ...chart, found: "text", version: "text" },
    "chart-refuses-values": { ...chart, ...few },
    "chart-without-schema": pinned,
    "chart-read": pinned,
  },
  "user-values": { "values-file-usable": {}, "values-file-doubtful": few },
} as const satisfies CheckCodes;
