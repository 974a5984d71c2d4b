import type { CheckCodes } from "../check-codes.ts";
import { few } from "../param-kind.ts";

/** What each way takes on this cluster; `localVolumes` is null where they could not be listed. */
const ways = {
  source: "text",
  nodes: "number",
  statefulSets: "number",
  localVolumes: "number?",
  loadBalancers: "number",
  minutes: "number",
  cutOverMinutes: "number",
  newClusterMinutes: "number",
} as const;
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
  "why-in-place": { "node-by-node": ways, "one-node-in-place": ways },
  "user-values": { "values-file-usable": {}, "values-file-doubtful": few },
} as const satisfies CheckCodes;
