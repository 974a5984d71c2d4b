/** A run that did not end as it must. */
export interface Wrong {
  /** What was not as it must be, in one sentence. */
  readonly what: string;
  readonly seed: number;
  /** The last events, for whoever looks for the cause. */
  readonly story: string;
}

/** What a chaos suite found. */
export interface ChaosResult {
  readonly runs: number;
  /** Kills, faults and signals that really took place. */
  readonly faults: number;
  readonly endedRight: number;
  /** Stood still with the true reason, and ended right once that was gone. */
  readonly heldWithReason: number;
  readonly wrong: readonly Wrong[];
}

export const nothingRun: ChaosResult = { runs: 0, faults: 0, endedRight: 0, heldWithReason: 0, wrong: [] };

export function together(one: ChaosResult, other: ChaosResult): ChaosResult {
  return {
    runs: one.runs + other.runs,
    faults: one.faults + other.faults,
    endedRight: one.endedRight + other.endedRight,
    heldWithReason: one.heldWithReason + other.heldWithReason,
    wrong: [...one.wrong, ...other.wrong],
  };
}

/** The line by which a chaos run is judged: `wrong` must be 0. */
export const summaryLine = (suite: string, { runs, faults, endedRight, heldWithReason, wrong }: ChaosResult): string =>
  `${suite}: ${faults} faults injected, ${runs} runs, ${endedRight} ended right, ${heldWithReason} held with reason, ${wrong.length} wrong`;

/** Short is the part that npm test runs; full is npm run chaos. */
export type Size = "short" | "full";

/** What suite.ts of every suite exports as `run`; `tell` prints how far it is. */
export type Suite = (size: Size, tell: (line: string) => void) => Promise<ChaosResult>;
