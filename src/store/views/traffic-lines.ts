import { type PathScore, probePaths } from "../../engine/model/events.ts";
import type { PanelState, Size } from "../panel-state.ts";
import { duration } from "../text/durations.ts";
import { foldLine } from "../text/fold-line.ts";
import { type Line, lineWidth, type Span, span } from "../text/line.ts";
import { pad } from "../text/width.ts";
import { pathWords } from "../text/words.ts";

/** 1234 as 1234, 56,789 as 56k: five columns at most. */
export function shortCount(count: number): string {
  if (count < 10_000) return String(count);
  return count < 1_000_000 ? `${Math.floor(count / 1000)}k` : `${(count / 1_000_000).toFixed(1)}M`;
}

const scoreOf = (state: PanelState, path: PathScore["path"]): PathScore | undefined =>
  state.run.scores.find((score) => score.path === path);

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

/**
 * A line for each path: what was sent, what was lost, and the longest time without an answer. Where there are more rows than
 * paths, what is wider than the pane goes on below.
 */
export function trafficLines(state: PanelState, { columns, rows }: Size): readonly Line[] {
  let spare = rows - probePaths.length;
  return probePaths.flatMap((path) => {
    const line = row(state, path);
    const folded = foldLine(line, columns);
    if (folded.length - 1 > spare) return [line];
    spare -= folded.length - 1;
    return folded;
  });
}

/** Rows that the table takes when nothing of it is cut, with its title. */
export const trafficTableRows = (state: PanelState, columns: number): number =>
  trafficLines(state, { columns, rows: Number.POSITIVE_INFINITY }).length + 1;

/** What a narrow table may have cut, in whole sentences: of each path that is not simply good. */
export function lossWords({ run }: PanelState): readonly { readonly text: string; readonly lost: boolean }[] {
  return probePaths.flatMap((path) => {
    const score = run.scores.find((one) => one.path === path);
    const told = score ? remarks(score).trim() : "";
    if (!score || told === "") return [];
    const { sent, lost, longestGapMs } = score;
    const losses = lost > 0 ? `${lost} of ${sent} lost, longest gap ${duration(longestGapMs)}, last ` : "";
    return [{ text: `${pathWords[path]}: ${losses}${told}`, lost: lost > 0 }];
  });
}

function cell(state: PanelState, path: PathScore["path"]): readonly Span[] {
  const { glyphs } = state;
  const { sent, lost, notMeasured } = scoreOf(state, path) ?? { sent: 0, lost: 0, notMeasured: "" };
  if (sent > 0 && lost === 0 && notMeasured !== "") return [span(`  ${glyphs.todo} ${pathWords[path]} ?`, "quiet")];
  if (sent === 0) return [span(`  ${glyphs.todo} ${pathWords[path]} -`, "quiet")];
  const tone = lost > 0 ? "bad" : "good";
  const mark = lost > 0 ? glyphs.failed : glyphs.done;
  return [span(`  ${mark} `, tone), span(pathWords[path]), span(` ${shortCount(lost)}`, tone)];
}

function lossesOnly(state: PanelState): Line {
  const lossy = probePaths.filter((path) => (scoreOf(state, path)?.lost ?? 0) > 0);
  const sampled = probePaths.filter((path) => (scoreOf(state, path)?.sent ?? 0) > 0).length;
  const missed = probePaths.filter((path) => (scoreOf(state, path)?.notMeasured ?? "") !== "").length;
  const open = sampled < probePaths.length ? `, ${probePaths.length - sampled} not sampled yet` : "";
  const unknown = missed > 0 ? `${open}, ${missed} not measured now` : open;
  if (sampled === 0) return [span(` ${state.glyphs.todo} no path is sampled yet`, "quiet")];
  if (lossy.length === 0)
    return [
      missed > 0 ? span(` ${state.glyphs.todo} `, "quiet") : span(` ${state.glyphs.done} `, "good"),
      span(`nothing lost on ${sampled} of ${probePaths.length} paths${unknown}`, "quiet"),
    ];
  return [
    span(" lost", "quiet"),
    ...lossy.flatMap((path) => cell(state, path)),
    span(`${sampled > lossy.length ? "  others none" : ""}${unknown}`, "quiet"),
  ];
}

/** For a screen that has no room for those that lost. */
function sumOfLosses({ run, glyphs }: PanelState): Line {
  const lossy = run.scores.filter(({ lost }) => lost > 0);
  const sum = lossy.reduce((all, { lost }) => all + lost, 0);
  return [span(` ${glyphs.failed} ${shortCount(sum)} lost, on ${lossy.length} of ${probePaths.length} paths`, "bad")];
}

/** All six in one line, for screens without room; the fullest that is not cut. */
export function trafficLine(state: PanelState, width: number): Line {
  const all: Line = [span(" lost", "quiet"), ...probePaths.flatMap((path) => cell(state, path))];
  return [all, lossesOnly(state)].find((line) => lineWidth(line) <= width) ?? sumOfLosses(state);
}
