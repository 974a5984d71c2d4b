import type { Dialog, PanelState } from "../panel-state.ts";
import { foldLines } from "../text/fold-line.ts";
import { type Line, span } from "../text/line.ts";
import { layoutOf } from "../views/layout.ts";

/** Columns between the borders of the box. */
export const dialogColumns = (columns: number): number => Math.min(columns - 8, 84);

/** Both edges, and the empty row between body and answer. */
const fixedRows = 3;

/** What stands below the body for a typed answer. */
export function answerLines({ answer }: Dialog): readonly Line[] {
  if (answer.by === "choice") return [];
  return [[span(answer.prompt)], [span("> ", "key"), span(answer.typed, "strong"), span("_", "key")]];
}

/** The part of the body that is shown, of all its rows. */
export interface DialogWindow {
  readonly lines: readonly Line[];
  readonly first: number;
  readonly rows: number;
}

/** A body that does not fit is read with PgDn and PgUp, and one row says so. */
export function dialogWindow(state: PanelState, dialog: Dialog): DialogWindow {
  const inner = dialogColumns(state.view.size.columns);
  const lines = foldLines(dialog.body, inner);
  const answers =
    dialog.answer.by === "choice" ? dialog.answer.choices.length : foldLines(answerLines(dialog), inner).length;
  const room = Math.max(1, layoutOf(state).bodyRows - fixedRows - answers);
  const rows = lines.length > room ? Math.max(1, room - 1) : room;
  return { lines, rows, first: Math.max(0, Math.min(dialog.first, lines.length - rows)) };
}

/** The body has been on the screen to its end. */
export function isRead(state: PanelState, dialog: Dialog): boolean {
  if (layoutOf(state).tooSmall) return true;
  const { lines, first, rows } = dialogWindow(state, dialog);
  return Math.max(dialog.seen, first + rows) >= lines.length;
}

/** The body some rows further on, or back. */
export function turned(state: PanelState, dialog: Dialog, pages: number): Dialog {
  const { first, rows, lines } = dialogWindow(state, dialog);
  const to = Math.max(0, Math.min(lines.length - rows, first + pages * rows));
  return { ...dialog, first: to, seen: Math.max(dialog.seen, first + rows, to + rows) };
}

/** The rows of the body as they are drawn. */
export function bodyRows(state: PanelState, dialog: Dialog): readonly Line[] {
  const { lines, first, rows } = dialogWindow(state, dialog);
  const shown = lines.slice(first, first + rows);
  if (lines.length <= rows) return shown;
  const where = `${first + 1}–${first + shown.length} of ${lines.length} lines`;
  return [
    ...shown,
    [span(first + rows < lines.length ? `${where}: PgDn reads on` : `${where}: PgUp goes back`, "warn")],
  ];
}

/** The keys of a dialog: the same words in the same place for every one. */
export function dialogKeys(state: PanelState, dialog: Dialog): readonly (readonly [key: string, label: string])[] {
  const { lines, rows } = dialogWindow(state, dialog);
  return [
    dialog.answer.by === "choice" ? ["j k", "choose"] : ["Ctrl-u", "clear"],
    ...(lines.length > rows ? ([["PgDn PgUp", "read"]] as const) : []),
    ["Enter", "confirm"],
    ["Esc", "leave"],
  ];
}
