import type { EngineEvent } from "../engine/model/events.ts";
import type { RollbackRunStepId, RunStepId } from "../engine/model/plan-types.ts";
import { counted } from "../engine/model/some-of.ts";
import type { LogLine, MigrationState } from "../engine/model/state.ts";
import { panel } from "../words/audience.ts";
import { explainFailure } from "../words/explain.ts";
import { agreementSentence } from "../words/failures/run-failure-words.ts";
import { noteWords } from "../words/notes/note-words.ts";
import { endingWords } from "../words/run-ending.ts";
import { nodeStepTitles, runStepTitles, withSource } from "../words/step-titles.ts";
import type { NewsLine } from "./news-line.ts";
import { duration } from "./text/durations.ts";
import { sourceName } from "./text/words.ts";
import { leftWords } from "./views/left-words.ts";

/** Lines that the panel keeps; the journal keeps them all. */
export const newsLength = 500;

type EventOf<T extends EngineEvent["type"]> = Extract<EngineEvent, { readonly type: T }>;
interface News {
  readonly text: string;
  readonly node?: string;
  readonly level?: NewsLine["level"];
}
type Report = (event: EngineEvent, after: MigrationState, before: MigrationState) => News | null;
type Reports = {
  readonly [T in EngineEvent["type"]]?: (
    event: EventOf<T>,
    after: MigrationState,
    before: MigrationState,
  ) => News | null;
};

const noted = (text: string, note: string): string => (note === "" ? text : `${text}: ${note}`);

const runStep = (step: RunStepId | RollbackRunStepId, run: MigrationState): string =>
  withSource(runStepTitles(step).doing, sourceName(run.plan?.source));

/** A line of the engine's log in words. */
export const saidLine = ({ at, level, node, note }: LogLine): NewsLine => ({
  at,
  level,
  node,
  text: noteWords(note, panel),
});

/** What each event reads like; those that only refresh what is seen are no news. */
const reports: Reports = {
  "run-announced": ({ plan, resumed }) => ({
    text: `${resumed ? "run taken up again" : "run announced"}: ${counted(plan.nodes.length, "node")}, plan ${plan.hash.slice(0, 12)}`,
  }),
  "runner-known": ({ runner }) => ({ text: `the run is in the hands of ${runner.holder}` }),
  "run-step-started": ({ step }, run) => ({ text: runStep(step, run) }),
  "run-step-finished": ({ step, tookMs, note, recalled }, run) =>
    recalled ? null : { text: noted(`${runStep(step, run)}: done in ${duration(tookMs)}`, note) },
  "run-step-failed": ({ failure }) => ({ text: explainFailure(failure, panel, null).message, level: "error" }),
  "agreement-asked": ({ asked }) => ({ text: agreementSentence(asked), level: "warning" }),
  "agreement-given": ({ hash, by }) => ({ text: `${by} agreed on this machine to plan ${hash.slice(0, 12)}` }),
  "consent-asked": ({ consent }) => ({ text: `consent asked: ${consent}` }),
  "consent-given": ({ consent, by }) => ({ text: `consent given by ${by}: ${consent}` }),
  "pace-changed": ({ pace, by, takesHoldAt }) => ({ text: noted(`${pace}, asked by ${by}`, takesHoldAt) }),
  "direction-changed": ({ direction, by }) => ({
    text: `${direction === "rollback" ? "the run is rolled back" : "the run goes forward"}, asked by ${by}`,
    level: "warning",
  }),
  "node-step-finished": ({ node, step, tookMs, note, recalled }) =>
    recalled ? null : { node, text: noted(`${nodeStepTitles(step).title}: done in ${duration(tookMs)}`, note) },
  "node-joined": ({ node }) => ({ node, text: "joined the cluster" }),
  "node-vanished": ({ node }) => ({ node, text: "vanished from the cluster", level: "warning" }),
  "node-queued": ({ node }, _after, before) => {
    const phase = before.nodes[node]?.state.phase;
    return phase === "excluded" || phase === "rolled-back" ? { node, text: "taken in" } : null;
  },
  "node-excluded": ({ node, because }) => ({ node, text: because, level: "warning" }),
  "node-failed": ({ node, step, failure }) => ({
    node,
    text: `${nodeStepTitles(step).title}: ${explainFailure(failure, panel, node).message}`,
    level: "error",
  }),
  "node-deferred": ({ node }) => ({
    node,
    text: "is not Ready: deferred, and rolled back once it is",
    level: "warning",
  }),
  "node-rolled-back": ({ node }) => ({ node, text: "is as it was before" }),
  "node-migrated": ({ node }, run) => {
    const state = run.nodes[node]?.state;
    return { node, text: `runs on Cilium${state?.phase === "migrated" ? `, took ${duration(state.tookMs)}` : ""}` };
  },
  "link-changed": ({ link }, _after, before) =>
    link.state === before.link.state
      ? null
      : { text: noted(`the API server: ${link.state}`, link.detail), level: "warning" },
  log: ({ node, level, note }) => ({ text: noteWords(note, panel), level, ...(node === null ? {} : { node }) }),
  leftovers: (event) => ({
    node: event.node,
    text: leftWords(event),
    ...(event.left.length + event.unseen.length === 0 ? {} : { level: "warning" }),
  }),
  "run-finished": (event) => ({ text: endingWords(event, panel) }),
};

/** The event as a line of the log, or null. `before` is the state that it met, `after` what it made of it. */
function lineOf(event: EngineEvent, before: MigrationState, after: MigrationState): NewsLine | null {
  const report = reports[event.type] as Report | undefined;
  const news = report?.(event, after, before);
  if (!news) return null;
  return { at: event.at, level: news.level ?? "info", node: news.node ?? null, text: news.text };
}

/** The panel's log after one more event. */
export function withNews(
  news: readonly NewsLine[],
  event: EngineEvent,
  before: MigrationState,
  after: MigrationState,
): readonly NewsLine[] {
  const line = lineOf(event, before, after);
  return line === null ? news : [...news.slice(1 - newsLength), line];
}
