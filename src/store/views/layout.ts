import type { PanelState, Size } from "../panel-state.ts";
import { attentionRows } from "./attention-rows.ts";
import { trafficTableRows } from "./traffic-lines.ts";

export interface Region {
  readonly width: number;
  /** Rows with the title row. */
  readonly height: number;
}

/** What is drawn where; null is not drawn. Pages and scrolling in the store follow the same figures as the components. */
export interface Layout {
  readonly tooSmall: boolean;
  readonly headerRows: number;
  /** Rows of the header for the sentence that says why it waits. */
  readonly attentionRows: number;
  /** The header has a row for elapsed time, estimate and runner. */
  readonly facts: boolean;
  readonly bodyRows: number;
  readonly list: Region | null;
  readonly details: Region | null;
  readonly plan: Region | null;
  readonly traffic: (Region & { readonly form: "table" | "line" }) | null;
  readonly log: Region | null;
  /** Traffic and log stand in a column of their own. */
  readonly sideColumn: boolean;
}

export const leastSize: Size = { columns: 60, rows: 15 };
const titleRows = 2;
const footerRows = 2;
const trafficRows = 7;
/** Title and column heads above the rows of the node table. */
export const tableHeadRows = 2;
export const separatorColumns = 3;

const nothing = { list: null, details: null, plan: null, traffic: null, log: null, sideColumn: false };

/** Rows below which a log says nothing. */
const leastLog = 3;
/** Rows of a pane in which traffic and log have a table each, however many nodes there are. */
const tallRows = 28;

interface Wanted {
  readonly nodes: number;
  /** Of the traffic table, so that nothing of it is cut. */
  readonly traffic: number;
}

/** Heights of list, traffic and log in one column: all nodes first, then the traffic table, then the log. */
function stack(height: number, { nodes, traffic: wanted }: Wanted): { list: number; traffic: number; log: number } {
  const needed = nodes + tableHeadRows;
  const tall = height >= tallRows;
  const fewest = height - needed >= trafficRows || tall ? trafficRows : 1;
  const list = Math.min(needed, height - fewest - (tall ? trafficRows : 0));
  const left = height - list - fewest;
  const forLog = tall ? trafficRows : left >= leastLog ? leastLog : 0;
  const traffic = fewest === 1 ? 1 : Math.max(fewest, Math.min(wanted, height - list - forLog));
  const log = height - traffic - list;
  return log < leastLog ? { list: list + log, traffic, log: 0 } : { list, traffic, log };
}

function listWithStack(state: PanelState, columns: number, height: number): Partial<Layout> {
  const wanted = { nodes: state.run.order.length, traffic: trafficTableRows(state, columns) };
  const { list, traffic, log } = stack(height, wanted);
  return {
    list: { width: columns, height: list },
    traffic: { width: columns, height: traffic, form: traffic === 1 ? "line" : "table" },
    log: log > 0 ? { width: columns, height: log } : null,
  };
}

function beside(state: PanelState, columns: number, height: number): Partial<Layout> {
  if (columns < 160) {
    const details = Math.floor((columns - separatorColumns) * 0.42);
    return {
      ...listWithStack(state, columns - details - separatorColumns, height),
      details: { width: details, height },
    };
  }
  const room = columns - 2 * separatorColumns;
  const side = Math.floor(room * 0.29);
  const details = Math.floor(room * 0.29);
  // A blank row stands below it.
  const traffic = 1 + Math.max(trafficRows, Math.min(trafficTableRows(state, side), height - trafficRows - 1));
  return {
    list: { width: room - side - details, height },
    details: { width: details, height },
    traffic: { width: side, height: traffic, form: "table" },
    log: { width: side, height: height - traffic },
    sideColumn: true,
  };
}

/** Where everything goes at this size. */
export function layoutOf(state: PanelState): Layout {
  const { view } = state;
  const { columns, rows } = view.size;
  const facts = rows >= 24;
  const forAttention = attentionRows(state, facts);
  const headerRows = titleRows + (facts ? 1 : 0) + forAttention;
  const bodyRows = rows - headerRows - footerRows;
  const base = { ...nothing, headerRows, attentionRows: forAttention, facts, bodyRows, tooSmall: false } as const;
  if (columns < leastSize.columns || rows < leastSize.rows) return { ...base, tooSmall: true };
  const whole = { width: columns, height: bodyRows };
  if (view.pane === "plan") return { ...base, plan: whole };
  if (view.pane === "log") return { ...base, log: whole };
  if (columns >= 120) return { ...base, ...beside(state, columns, bodyRows) };
  if (view.pane === "details") return { ...base, details: whole };
  return { ...base, ...listWithStack(state, columns, bodyRows) };
}
