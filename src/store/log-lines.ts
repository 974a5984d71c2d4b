import type { LogLine } from "../engine/state.ts";
import { type Line, span, type Tone } from "./line.ts";
import type { PanelState } from "./panel-state.ts";
import { shortName } from "./short-name.ts";
import { timeOfDay } from "./times.ts";
import { cutMiddle, pad, wrap } from "./width.ts";

const tones: Readonly<Record<LogLine["level"], Tone>> = { info: "plain", warning: "warn", error: "bad" };

const timeColumns = 10;

const nodeColumns = (width: number): number => (width < 60 ? 10 : 16);

function prefix(state: PanelState, { at, node }: LogLine, columns: number): Line {
  const name = node === null ? "run" : cutMiddle(span(shortName(state.run.order, node)).text, columns);
  return [span(` ${timeOfDay(at, state.zone)} `, "quiet"), span(`${pad(name, columns)} `, "quiet")];
}

function folded(state: PanelState, entry: LogLine, width: number): readonly Line[] {
  const columns = nodeColumns(width);
  const indent = timeColumns + columns + 1;
  return wrap(span(entry.text).text, Math.max(10, width - indent)).map(
    (text, index): Line => [
      ...(index === 0 ? prefix(state, entry, columns) : [span(" ".repeat(indent))]),
      span(text, tones[entry.level]),
    ],
  );
}

/** The whole log, folded to the width. */
export const foldedLog = (state: PanelState, width: number): readonly Line[] =>
  state.news.flatMap((entry) => folded(state, entry, width));

/** The newest entries, one row each where they fit. */
export const newestLog = (state: PanelState, width: number, rows: number): readonly Line[] =>
  state.news
    .slice(-rows)
    .flatMap((entry) => folded(state, entry, width))
    .slice(-rows);
