import { type Line, lineWidth, type Span, textOf } from "./line.ts";
import { brokenWord, widthOf } from "./width.ts";

/** Where a folded line goes on: below its text, a little further in, and never so far that there is no room. */
function indentOf(line: Line, columns: number): number {
  const text = textOf(line);
  const own = text.length - text.trimStart().length;
  return Math.min(own + 2, Math.floor(columns / 3));
}

/** Builds rows of whole words; a word wider than a row is broken. */
class Rows {
  readonly rows: Span[][] = [[]];
  readonly #columns: number;
  readonly #indent: number;
  #used = 0;
  /** No word stands in the row yet. */
  #empty = true;

  constructor(columns: number, indent: number) {
    this.#columns = columns;
    this.#indent = indent;
  }

  get #room(): number {
    return this.#columns - this.#used;
  }

  #next(): void {
    this.rows.push([{ text: " ".repeat(this.#indent), tone: "plain" }]);
    this.#used = this.#indent;
    this.#empty = true;
  }

  #put(piece: Span, width: number): void {
    this.rows.at(-1)?.push(piece);
    this.#used += width;
    this.#empty = false;
  }

  /** A word with the spaces before it, which are left out where it begins a row. */
  add(blank: string, word: string, like: Span): void {
    const width = widthOf(word);
    if (blank.length + width <= this.#room) {
      this.#put({ ...like, text: blank + word }, blank.length + width);
      return;
    }
    const whole = this.#columns - this.#indent;
    if (!this.#empty) this.#next();
    else if (this.#used === 0)
      this.#put({ ...like, text: blank.slice(0, this.#indent) }, Math.min(blank.length, this.#indent));
    for (const part of width <= whole ? [word] : brokenWord(word, whole)) {
      if (widthOf(part) > this.#room) this.#next();
      this.#put({ ...like, text: part }, widthOf(part));
    }
  }
}

/** A line in as many rows as it needs: what is wider than the pane goes on below, each piece in its tone. */
export function foldLine(line: Line, columns: number): readonly Line[] {
  if (lineWidth(line) <= columns || columns < 4) return [line];
  const rows = new Rows(columns, indentOf(line, columns));
  for (const piece of line)
    for (const [, blank = "", word = ""] of piece.text.matchAll(/( *)([^ ]*)/g))
      if (blank !== "" || word !== "") rows.add(blank, word, piece);
  return rows.rows;
}

/** All of them, folded. */
export const foldLines = (lines: readonly Line[], columns: number): readonly Line[] =>
  lines.flatMap((line) => foldLine(line, columns));
