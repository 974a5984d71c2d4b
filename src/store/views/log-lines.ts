import type { NewsLine } from "../news-line.ts";
import type { PanelState } from "../panel-state.ts";
import { foldLines } from "../text/fold-line.ts";
import { type Line, span, type Tone } from "../text/line.ts";
import { timeOfDay } from "../text/times.ts";
import { pad, widthOf, wrap } from "../text/width.ts";

const tones: Readonly<Record<NewsLine["level"], Tone>> = { info: "plain", warning: "warn", error: "bad" };

const timeColumns = 10;
const fewestNameColumns = 4;

/** As wide as the longest name, but no wider than a third of the pane: a longer one stands in full before its text. */
function nameColumns({ run }: PanelState, width: number): number {
  const most = Math.floor((width - timeColumns) / 3);
  return Math.max(fewestNameColumns, Math.min(longestName(run.order), most));
}

const longest = new WeakMap<readonly string[], number>();

function longestName(names: readonly string[]): number {
  const known = longest.get(names);
  if (known !== undefined) return known;
  const width = names.reduce((most, name) => Math.max(most, widthOf(span(name).text)), 0);
  longest.set(names, width);
  return width;
}

/** Names are never cut: they are what is handed to kubectl. */
function folded(state: PanelState, { at, node, text, level }: NewsLine, width: number): readonly Line[] {
  const columns = nameColumns(state, width);
  const name = pad(span(node ?? "run").text, columns);
  const indent = timeColumns + columns + 1;
  const room = Math.max(10, width - indent);
  const over = widthOf(name) - columns;
  const words = span(text).text;
  const [head = ""] = wrap(words, Math.max(1, room - over));
  // A first word that has no room beside a long name goes on below.
  const first = widthOf(head) <= room - over ? head : "";
  const rest = words.slice(first.length).trimStart();
  const more = rest === "" ? [] : wrap(rest, room);
  const lines: readonly Line[] = [
    [span(` ${timeOfDay(at, state.zone)} `, "quiet"), span(`${name} `, "quiet"), span(first, tones[level])],
    ...more.map((part): Line => [span(" ".repeat(indent)), span(part, tones[level])]),
  ];
  return foldLines(lines, width);
}

/** What a filter is held against: what the line shows. */
function fits({ view, zone }: PanelState, { at, node, text }: NewsLine): boolean {
  const { log } = view.finds;
  const inverted = log.startsWith("!");
  const wanted = (inverted ? log.slice(1) : log).toLowerCase();
  if (wanted === "") return true;
  return `${timeOfDay(at, zone)} ${node ?? "run"} ${text}`.toLowerCase().includes(wanted) !== inverted;
}

/** The entries that the log's filter lets through. */
export const fittingLog = (state: PanelState): readonly NewsLine[] => state.news.filter((entry) => fits(state, entry));

/** The whole log, filtered, and folded to the width. */
export const foldedLog = (state: PanelState, width: number): readonly Line[] =>
  fittingLog(state).flatMap((entry) => folded(state, entry, width));

/** The newest entries, one row each where they fit. */
export const newestLog = (state: PanelState, width: number, rows: number): readonly Line[] =>
  state.news
    .slice(-rows)
    .flatMap((entry) => folded(state, entry, width))
    .slice(-rows);
