import type { EngineEvent, PathScore } from "./events.ts";

type Connectivity = Extract<EngineEvent, { readonly type: "connectivity" }>;

/** A loss, a gap that opens or closes, a path that becomes (un)measured is told at most this late. */
const soonMs = 1_000;
/** And what only counts on. */
const lateMs = 10_000;

/** Whether the last sample of a path was lost, as its scores before and after it show. */
function isLosing(now: PathScore, before: PathScore | undefined, was: boolean): boolean {
  if (now.lost + now.expected > (before?.lost ?? 0) + (before?.expected ?? 0)) return true;
  return now.lastOkAt === (before?.lastOkAt ?? null) && was;
}

/**
 * Thins out the event of every sample for whoever keeps or reads each line, by the events' own time. The last one before
 * the end is held back for whoever asks.
 */
export class ConnectivityPace {
  #scores: readonly PathScore[] = [];
  #losing: ReadonlySet<string> = new Set();
  #gist = "";
  #toldAt = Number.NEGATIVE_INFINITY;
  #heldBack: Connectivity | null = null;

  /** Whether this one is to be told; one that is not is held back until the next. */
  isDue(event: Connectivity): boolean {
    const before = new Map(this.#scores.map((score) => [score.path, score]));
    const losing = event.scores.filter((score) =>
      isLosing(score, before.get(score.path), this.#losing.has(score.path)),
    );
    this.#scores = event.scores;
    this.#losing = new Set(losing.map(({ path }) => path));
    const gist = JSON.stringify(
      event.scores.map(({ path, lost, expected, notMeasured }) => [
        path,
        lost,
        expected,
        notMeasured !== "",
        this.#losing.has(path),
      ]),
    );
    if (event.at - this.#toldAt < (gist === this.#gist ? lateMs : soonMs)) {
      this.#heldBack = event;
      return false;
    }
    this.#gist = gist;
    this.#toldAt = event.at;
    this.#heldBack = null;
    return true;
  }

  /** The newest one that nobody was told, if there is one. */
  takeHeldBack(): Connectivity | null {
    const held = this.#heldBack;
    this.#heldBack = null;
    return held;
  }
}
