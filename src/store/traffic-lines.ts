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
  if (!score || score.sent === 0)
    return [span(` ${state.glyphs.todo} ${name} `, "quiet"), span("not sampled yet", "quiet")];
  const lost = score.lost > 0;
  const between = score.lastErrorBetween ? ` ${score.lastErrorBetween}` : "";
  return [
    span(` ${lost ? state.glyphs.failed : state.glyphs.done} `, lost ? "bad" : "good"),
    span(`${name} `),
    span(`${pad(shortCount(score.sent), 6, "left")} `, "quiet"),
    span(`${pad(shortCount(score.lost), 6, "left")} `, lost ? "bad" : "plain"),
    span(pad(score.longestGapMs > 0 ? duration(score.longestGapMs) : "-", 12, "left"), lost ? "bad" : "quiet"),
    span(lost ? `  ${score.lastError}${between}` : "", "quiet"),
  ];
}

/** One line a path: what was sent, what was lost, and the longest time without an answer. */
export const trafficLines = (state: PanelState): readonly Line[] => paths.map((path) => row(state, path));

function cell(state: PanelState, path: PathScore["path"]): readonly Span[] {
  const { sent, lost } = scoreOf(state, path) ?? { sent: 0, lost: 0 };
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
  const unknown = sampled < paths.length ? `, ${paths.length - sampled} not sampled yet` : "";
  if (sampled === 0) return [span(` ${state.glyphs.todo} no path is sampled yet`, "quiet")];
  if (lossy.length === 0)
    return [
      span(` ${state.glyphs.done} `, "good"),
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
