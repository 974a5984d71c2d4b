import { hybridFindings } from "./findings/hybrid-findings.ts";
import { networkFindings } from "./findings/network-findings.ts";
import { nodeFindings } from "./findings/node-findings.ts";
import { planFindings } from "./findings/plan-findings.ts";
import { toolFindings } from "./findings/tool-findings.ts";
import { workloadFindings } from "./findings/workload-findings.ts";
import type { CodeParams } from "./param-kind.ts";

/** The codes of each check. */
export const byCheck = {
  ...networkFindings,
  ...hybridFindings,
  ...nodeFindings,
  ...toolFindings,
  ...workloadFindings,
  ...planFindings,
} as const;

type ByCheck = typeof byCheck;

/** A check of preflight by its name: recorded, never renamed. */
export type CheckId = keyof ByCheck;

export const checkIds = Object.keys(byCheck) as readonly CheckId[];

/** What more than one check may find. */
const shared = {
  /** Lists that a check rests on. */
  "lists-not-counted": { lists: "texts" },
} as const satisfies CodeParams;

type EachKey<T> = T extends unknown ? keyof T : never;
type CodesByCheck = {
  readonly [C in EachKey<ByCheck[CheckId]>]: Extract<ByCheck[CheckId], Readonly<Record<C, unknown>>>[C];
};

/** What preflight's checks find: each code with its facts. */
export const findings: CodesByCheck & typeof shared = Object.assign({}, ...Object.values(byCheck), shared);
