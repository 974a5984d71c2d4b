import type { PanelState, View } from "./panel-state.ts";
import { type Line, type Span, textOf } from "./text/line.ts";
import { detailsLines } from "./views/details-lines.ts";
import { layoutOf } from "./views/layout.ts";
import { planLines } from "./views/plan-lines.ts";
import { selectedNode } from "./views/rows.ts";

type Page = "details" | "plan";

/** What `/` holds for the pane that is open: a filter of nodes or of the log, or what is looked for on a page. */
export const typedIn = ({ view }: Pick<PanelState, "view">): string =>
  view.pane === "nodes" ? view.filter : view.finds[view.pane];

/** All lines of a page as they are drawn. */
function linesOf(state: PanelState, page: Page): readonly Line[] {
  const layout = layoutOf(state);
  if (page === "plan") {
    const { plan } = state.run;
    return plan && layout.plan ? planLines(plan, state.glyphs, layout.plan.width) : [];
  }
  const node = selectedNode(state);
  return node && layout.details ? detailsLines(state, node, layout.details.width) : [];
}

const holds = (line: Line, wanted: string): boolean => textOf(line).toLowerCase().includes(wanted.toLowerCase());

/** The lines of the page in which it is found. */
export function foundLines(state: PanelState, page: Page): readonly number[] {
  const wanted = state.view.finds[page];
  if (wanted === "") return [];
  return linesOf(state, page).flatMap((line, at) => (holds(line, wanted) ? [at] : []));
}

/** How the view changes with the text after `/`: a page goes to the first place from here on, the log to its end. */
export function withTyped(state: PanelState, text: string): Partial<View> {
  const { view } = state;
  const { pane } = view;
  if (pane === "nodes") return { filter: text };
  const finds = { ...view.finds, [pane]: text };
  if (pane === "log") return { finds, logBack: 0, follow: true };
  const found = foundLines({ ...state, view: { ...view, finds } }, pane);
  const to = found.find((at) => at >= view.scroll[pane]) ?? found[0] ?? view.scroll[pane];
  return { finds, scroll: { ...view.scroll, [pane]: to } };
}

/** The page at the next place, or the one before; round its ends. */
export function atNext(state: PanelState, page: Page, by: number): Partial<View> | null {
  const found = foundLines(state, page);
  const here = state.view.scroll[page];
  const to = by > 0 ? (found.find((at) => at > here) ?? found[0]) : (found.findLast((at) => at < here) ?? found.at(-1));
  return to === undefined ? null : { scroll: { ...state.view.scroll, [page]: to } };
}

function shownIn(piece: Span, wanted: string): readonly Span[] {
  const at = piece.text.toLowerCase().indexOf(wanted);
  if (at < 0) return [piece];
  const end = at + wanted.length;
  const rest = piece.text.slice(end);
  return [
    { ...piece, text: piece.text.slice(0, at) },
    { ...piece, text: piece.text.slice(at, end), inverse: true },
    ...(rest === "" ? [] : shownIn({ ...piece, text: rest }, wanted)),
  ];
}

/** The lines of a page with what is looked for turned round. */
export function withFound(lines: readonly Line[], wanted: string): readonly Line[] {
  if (wanted === "") return lines;
  return lines.map((line) => line.flatMap((piece) => shownIn(piece, wanted.toLowerCase())));
}
