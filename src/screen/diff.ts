import { blankCell, type Cell } from "./cells.ts";

export type Frame = readonly (readonly Cell[])[];

/** Unchanged columns between two changes that are sent again: shorter than moving the cursor over them. */
const bridge = 4;

const cellAt = (row: readonly Cell[] | undefined, column: number): Cell => row?.[column] ?? blankCell;

const same = (a: Cell, b: Cell): boolean => a.text === b.text && a.style === b.style;

/** A row before and after. */
interface RowPair {
  readonly before: readonly Cell[] | undefined;
  readonly after: readonly Cell[];
  readonly columns: number;
}

/** The column is the second half of a wide character, on the screen or in the new row. */
const isHalf = ({ before, after }: RowPair, column: number): boolean =>
  cellAt(after, column).text === "" || cellAt(before, column).text === "";

/** The changed column with what belongs to it: no wide character may be cut in two. */
function whole(pair: RowPair, column: number): [number, number] {
  let from = column;
  while (from > 0 && isHalf(pair, from)) from--;
  let to = column + 1;
  while (to < pair.columns && isHalf(pair, to)) to++;
  return [from, to];
}

/** Runs of changed columns, [from, to). */
function changes(pair: RowPair): readonly [number, number][] {
  const runs: [number, number][] = [];
  for (let column = 0; column < pair.columns; column++) {
    if (same(cellAt(pair.before, column), cellAt(pair.after, column))) continue;
    const [from, to] = whole(pair, column);
    const last = runs.at(-1);
    if (last && from - last[1] <= bridge) last[1] = Math.max(last[1], to);
    else runs.push([from, to]);
    column = to - 1;
  }
  return runs;
}

const isBlank = ({ text, style }: Cell): boolean => text === " " && style === "";

/** The pen: where the cursor stands and in which style it writes. */
class Pen {
  #out = "";
  #row = -1;
  #column = -1;
  #style = "";
  readonly #columns: number;

  constructor(columns: number) {
    this.#columns = columns;
  }

  get text(): string {
    return this.#style === "" ? this.#out : `${this.#out}\x1b[m`;
  }

  #moveTo(row: number, column: number): void {
    if (row === this.#row && column === this.#column) return;
    if (row === this.#row && column > this.#column) this.#out += `\x1b[${column - this.#column}C`;
    else this.#out += column === 0 ? `\x1b[${row + 1}H` : `\x1b[${row + 1};${column + 1}H`;
    this.#row = row;
    this.#column = column;
  }

  #setStyle(style: string): void {
    if (style === this.#style) return;
    this.#out += style === "" ? "\x1b[m" : `\x1b[0;${style}m`;
    this.#style = style;
  }

  write(row: number, from: number, cells: readonly Cell[]): void {
    this.#moveTo(row, from);
    for (const { text, style } of cells) {
      if (text !== "") this.#setStyle(style);
      this.#out += text;
    }
    this.#column = from + cells.length;
    // After the last column terminals disagree on where the cursor is.
    if (this.#column >= this.#columns) this.#row = -1;
  }

  eraseToEnd(row: number, from: number): void {
    this.#moveTo(row, from);
    this.#setStyle("");
    this.#out += "\x1b[K";
  }
}

const cellsIn = (row: readonly Cell[], from: number, to: number): readonly Cell[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, index) => cellAt(row, from + index));

function drawRow(pen: Pen, row: number, pair: RowPair): void {
  let end = pair.columns;
  while (end > 0 && isBlank(cellAt(pair.after, end - 1))) end--;
  for (const [from, to] of changes(pair)) {
    // All behind `end` is blank: erasing costs three bytes, however much it is.
    if (to - Math.max(from, end) > 3) {
      if (from < end) pen.write(row, from, cellsIn(pair.after, from, end));
      pen.eraseToEnd(row, Math.max(from, end));
      return;
    }
    pen.write(row, from, cellsIn(pair.after, from, to));
  }
}

/** The bytes that turn the screen showing `before` into one showing `after`; "" when they are alike. */
export function diffFrames(before: Frame | null, after: Frame, columns: number): string {
  const pen = new Pen(columns);
  const rows = Math.max(before?.length ?? 0, after.length);
  for (let row = 0; row < rows; row++) {
    const pair = { before: before?.[row], after: after[row] ?? [], columns };
    if (pair.before !== pair.after) drawRow(pen, row, pair);
  }
  return before === null ? `\x1b[m\x1b[2J${pen.text}` : pen.text;
}
