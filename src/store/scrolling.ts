import type { KeyActions } from "./keys/key-actions.ts";
import type { PanelState } from "./panel-state.ts";
import { detailsLines } from "./views/details-lines.ts";
import { helpLines } from "./views/help-lines.ts";
import { layoutOf, tableHeadRows } from "./views/layout.ts";
import { foldedLog } from "./views/log-lines.ts";
import { planLines } from "./views/plan-lines.ts";
import { cursorOf, selectedNode, visibleNodes } from "./views/rows.ts";

type Area = "list" | "details" | "plan" | "log" | "help";

/** What the movement keys move just now. */
function areaOf({ view }: PanelState): Area {
  if (view.help) return "help";
  return view.pane === "nodes" ? "list" : view.pane;
}

interface Extent {
  readonly rows: number;
  readonly lines: number;
}

function listExtent(state: PanelState): Extent {
  const height = layoutOf(state).list?.height ?? 3;
  return {
    rows: Math.max(1, height - tableHeadRows),
    lines: visibleNodes(state).length,
  };
}

function detailsExtent(state: PanelState): Extent {
  const { details } = layoutOf(state);
  const node = selectedNode(state);
  if (!details || !node) return { rows: 1, lines: 0 };
  return { rows: details.height - 1, lines: detailsLines(state, node, details.width).length };
}

function planExtent(state: PanelState): Extent {
  const { plan } = layoutOf(state);
  if (!plan || !state.run.plan) return { rows: 1, lines: 0 };
  return { rows: plan.height - 1, lines: planLines(state.run.plan, state.glyphs, plan.width).length };
}

function logExtent(state: PanelState): Extent {
  const { log } = layoutOf(state);
  return log ? { rows: log.height - 1, lines: foldedLog(state, log.width).length } : { rows: 1, lines: 0 };
}

const extents: Readonly<Record<Area, (state: PanelState) => Extent>> = {
  list: listExtent,
  details: detailsExtent,
  plan: planExtent,
  log: logExtent,
  help: (state) => ({ rows: layoutOf(state).bodyRows - 1, lines: helpLines(state).length }),
};

/** Rows of the area without its title, and how many lines there are to see. */
const extentOf = (state: PanelState, area: Area): Extent => extents[area](state);

/** The scroll position kept inside what there is to see. */
export function clampScroll(state: PanelState, area: "details" | "plan" | "help"): number {
  const { rows, lines } = extentOf(state, area);
  return Math.max(0, Math.min(state.view.scroll[area], lines - rows));
}

function moveCursor(actions: Pick<KeyActions, "state" | "setView">, by: number): void {
  const state = actions.state();
  const names = visibleNodes(state);
  const index = Math.max(0, Math.min(names.length - 1, cursorOf(state) + by));
  const name = names[index];
  if (name === undefined || name === state.view.cursor) return;
  actions.setView({ cursor: name, scroll: { ...state.view.scroll, details: 0 } });
}

function moveLog(actions: Pick<KeyActions, "state" | "setView">, by: number): void {
  const state = actions.state();
  const { rows, lines } = extentOf(state, "log");
  const logBack = Math.max(0, Math.min(Math.max(0, lines - rows), state.view.logBack - by));
  actions.setView({ logBack, follow: logBack === 0 });
}

/** Moves whatever has the focus by so many lines; Infinity goes to the end. */
export function moveBy(actions: Pick<KeyActions, "state" | "setView">, by: number): void {
  const state = actions.state();
  const area = areaOf(state);
  if (area === "list") {
    moveCursor(actions, by);
    return;
  }
  if (area === "log") {
    moveLog(actions, by);
    return;
  }
  const { rows, lines } = extentOf(state, area);
  const to = Math.max(0, Math.min(lines - rows, clampScroll(state, area) + by));
  actions.setView({ scroll: { ...state.view.scroll, [area]: to } });
}

/** Moves by a share of a page. */
export function movePage(actions: Pick<KeyActions, "state" | "setView">, share: number): void {
  const state = actions.state();
  const { rows } = extentOf(state, areaOf(state));
  moveBy(actions, Math.sign(share) * Math.max(1, Math.floor(rows * Math.abs(share))));
}

/** The node before or after, from within the details. */
export const moveNode = (actions: Pick<KeyActions, "state" | "setView">, by: number): void => moveCursor(actions, by);
