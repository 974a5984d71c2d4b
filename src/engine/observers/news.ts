import { bounded } from "../model/notes/bounded.ts";
import type { RunnerNews } from "../model/ports/observers.ts";
import type { LogLine, MigrationState } from "../model/state.ts";

/** Lines that others are told, and how much of each: all of it must stay small beside a record. */
const lastLines = 20;
const longestLine = 200;
const mostBroken = 20;
const longestReason = 1_000;
/** Of a list in a reason: whoever reads it sees a few of them. */
const mostNames = 20;
/** One at a time is usual. */
const mostHolds = 20;

/** Every text of plain data, cut. */
function shortTexts<T>(value: T): T {
  if (typeof value === "string")
    return (value.length <= longestReason ? value : `${value.slice(0, longestReason)}…`) as T;
  if (Array.isArray(value)) return value.slice(0, mostNames).map(shortTexts) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shortTexts(one)])) as T;
}

const shortened = (line: LogLine): LogLine => ({ ...line, note: bounded(line.note, longestLine) });

/** What is published of a run for those who watch it from elsewhere. Pure. */
export function newsOf(state: MigrationState, at: number): RunnerNews {
  const inHand = state.order.flatMap((name) => {
    const node = state.nodes[name];
    if (!node?.hold || (node.state.phase !== "migrating" && node.state.phase !== "rolling-back")) return [];
    return [[name, { step: node.state.step, hold: shortTexts(node.hold) }] as const];
  });
  const { pace, takesHoldAt, asking, hold, scores, broken } = state;
  return {
    version: 1,
    at,
    holder: state.runner?.holder ?? "",
    pace,
    takesHoldAt,
    asking,
    hold: hold === null ? null : shortTexts(hold),
    holds: Object.fromEntries(inHand.slice(0, mostHolds)),
    steps: Object.fromEntries(
      Object.entries(state.steps).filter(([, step]) => step.state === "doing" || step.state === "failed"),
    ),
    scores,
    broken: broken.slice(0, mostBroken),
    log: state.log.slice(-lastLines).map(shortened),
  };
}

/** The same but for what changes with every sample: not worth a write of its own. */
export function gistOf(news: RunnerNews): string {
  return JSON.stringify({ ...news, at: 0, scores: news.scores.map(({ path, lost }) => [path, lost]) });
}
