import type { PathScore } from "../engine/events.ts";
import { type Line, type Span, span } from "./line.ts";
import type { PanelState } from "./panel-state.ts";
import { duration } from "./times.ts";
import { pad } from "./width.ts";
import { paths, pathWords } from "./words.ts";

/** 1234 as 1234, 56,789 as 56k: five columns at most. */
export function shortCount(count: number): string {
  if (count < 10_000) return String(count);
  return count < 1_000_000 ? `${Math.floor(count / 1000)}k` : `${(count / 1_000_000).toFixed(1)}M`;
}

const scoreOf = (state: PanelState, path: PathScore["path"]): PathScore | undefined =>
  state.run.scores.find((score) => score.path === path);

export const trafficHeads = `   ${pad("path", 8)} ${pad("sent", 6, "left")} ${pad("lost", 6, "left")} ${pad("longest gap", 12, "left")}  last loss`;

function row(state: PanelState, path: PathScore["path"]): Line {
  const score = scoreOf(state, path);
  const name = pad(pathWords[path], 8);
  if (!score || score.sent === 0) {
    const why = score?.notMeasured ? `not measured: ${score.notMeasured}` : "not sampled yet";
    return [span(` ${state.glyphs.todo} ${name} `, "quiet"), span(why, "quiet")];
  }
  const lost = score.lost > 0;
  return [
    markOf(state, score),
    span(`${name} `),
    span(`${pad(shortCount(score.sent), 6, "left")} `, "quiet"),
    span(`${pad(shortCount(score.lost), 6, "left")} `, lost ? "bad" : "plain"),
    span(pad(score.longestGapMs > 0 ? duration(score.longestGapMs) : "-", 12, "left"), lost ? "bad" : "quiet"),
    span(remarks(score), "quiet"),
  ];
}

/** Good is only what was measured the last time, and never lost anything that was not to be expected. */
function markOf({ glyphs }: PanelState, { lost, notMeasured }: PathScore): Span {
  if (lost > 0) return span(` ${glyphs.failed} `, "bad");
  return notMeasured === "" ? span(` ${glyphs.done} `, "good") : span(` ${glyphs.todo} `, "quiet");
}

/** The last loss; then what was neither good nor lost, and what was lost as expected, apart. */
function remarks({ lost, lastError, lastErrorBetween, expected, unknown, notMeasured }: PathScore): string {
  const all = [
    ...(lost > 0 ? [`${lastErrorBetween} ${lastError}`.trim()] : []),
    ...(unknown > 0 ? [`${shortCount(unknown)} not measured${notMeasured === "" ? "" : ` (${notMeasured})`}`] : []),
    ...(expected > 0 ? [`${shortCount(expected)} lost as expected`] : []),
  ];
  return all.length === 0 ? "" : `  ${all.join("; ")}`;
}

/** One line a path: what was sent, what was lost, and the longest time without an answer. */
export const trafficLines = (state: PanelState): readonly Line[] => paths.map((path) => row(state, path));

function cell(state: PanelState, path: PathScore["path"]): readonly Span[] {
  const { sent, lost, notMeasured } = scoreOf(state, path) ?? { sent: 0, lost: 0, notMeasured: "" };
  if (sent > 0 && lost === 0 && notMeasured !== "")
    return [span(`${state.glyphs.todo} ${pathWords[path]} ?  `, "quiet")];
  if (sent === 0) return [span(`${state.glyphs.todo} ${pathWords[path]} -  `, "quiet")];
  const tone = lost > 0 ? "bad" : "good";
  const mark = lost > 0 ? state.glyphs.failed : state.glyphs.done;
  return [span(`${mark} `, tone), span(pathWords[path]), span(` ${shortCount(lost)}  `, tone)];
}

/** Columns that all six paths take. */
const allPathsColumns = 76;

function lossesOnly(state: PanelState): Line {
  const lossy = paths.filter((path) => (scoreOf(state, path)?.lost ?? 0) > 0);
  const sampled = paths.filter((path) => (scoreOf(state, path)?.sent ?? 0) > 0).length;
  const missed = paths.filter((path) => (scoreOf(state, path)?.notMeasured ?? "") !== "").length;
  const open = sampled < paths.length ? `, ${paths.length - sampled} not sampled yet` : "";
  const unknown = missed > 0 ? `${open}, ${missed} not measured now` : open;
  if (sampled === 0) return [span(` ${state.glyphs.todo} no path is sampled yet`, "quiet")];
  if (lossy.length === 0)
    return [
      missed > 0 ? span(` ${state.glyphs.todo} `, "quiet") : span(` ${state.glyphs.done} `, "good"),
      span(`nothing lost on ${sampled} of ${paths.length} paths${unknown}`, "quiet"),
    ];
  return [
    span(" lost  ", "quiet"),
    ...lossy.flatMap((path) => cell(state, path)),
    span(`${sampled > lossy.length ? "others none" : ""}${unknown}`, "quiet"),
  ];
}

/** All six in one line, for screens without room. */
export function trafficLine(state: PanelState, width: number): Line {
  if (width < allPathsColumns) return lossesOnly(state);
  return [span(" lost  ", "quiet"), ...paths.flatMap((path) => cell(state, path))];
}
