import type { PathSample } from "../model/ports/prober.ts";

/** What is remembered of one pair of ends between two samples of it. */
export interface WatchedPath {
  readonly lastGoodAt: number | null;
  /** Losses in a row that were not expected, and the time of the first of them. */
  readonly losses: number;
  readonly firstLossAt: number | null;
  /** Good ones in a row. */
  readonly goods: number;
  readonly broken: boolean;
}

export const unwatched: WatchedPath = {
  lastGoodAt: null,
  losses: 0,
  firstLossAt: null,
  goods: 0,
  broken: false,
};

/** One lost packet is none: a path that lost so many in a row is broken, one that answered so many in a row is mended. */
const inARow = 2;

/**
 * The pair after one more sample. What was not measured says nothing, neither does a loss that was expected. A path that
 * never worked in this run (`proven`: it did in the baseline) cannot break.
 */
export function watchPath(known: WatchedPath, { at, answer, expected }: PathSample, proven: boolean): WatchedPath {
  if (answer.result === "unknown") return known;
  if (answer.result === "good") {
    const goods = known.goods + 1;
    return {
      lastGoodAt: at,
      losses: 0,
      firstLossAt: null,
      goods,
      broken: known.broken && goods < inARow,
    };
  }
  if (expected !== undefined) return { ...known, goods: 0 };
  const losses = known.losses + 1;
  const worked = proven || known.lastGoodAt !== null;
  return {
    lastGoodAt: known.lastGoodAt,
    losses,
    firstLossAt: known.losses === 0 ? at : known.firstLossAt,
    goods: 0,
    broken: known.broken || (worked && losses >= inARow),
  };
}

/** To be asked again in the next round, out of turn: it lost and is not broken yet, or it is and may be mended. */
export const isInDoubt = ({ losses, broken }: WatchedPath): boolean => losses > 0 || broken;
