import type { MigrationState } from "../model/state.ts";
import type { Session } from "./session.ts";

/** What is new and matters, a loss or a decision, is written within this time. */
const soonMs = 5_000;
/** And what only counts on. */
const lateMs = 30_000;

/** What an engine after this one must not lose. */
const gistOf = ({ scores, broken, decisions }: MigrationState): string =>
  JSON.stringify([scores.map(({ path, lost, longestGapMs }) => [path, lost, longestGapMs]), broken, decisions]);

/** Keeps what was measured on the cluster, beside the run: a crash then loses seconds of it, not all. */
export async function keepMeasured(session: Session, signal: AbortSignal): Promise<void> {
  let written = { gist: gistOf(session.state), scores: session.state.scores, at: session.now() };
  while (!signal.aborted) {
    await session.ports.clock.sleep(soonMs, signal).catch(() => undefined);
    const { state } = session;
    const now = { gist: gistOf(state), scores: state.scores, at: session.now() };
    const isDue = now.gist !== written.gist || (now.scores !== written.scores && now.at - written.at >= lateMs);
    if (signal.aborted || !session.recording || !isDue) continue;
    try {
      await session.recordMeasured();
      written = now;
    } catch {
      // Out of reach, or the lease is lost: the run itself finds out, and the next round tries again.
    }
  }
}
