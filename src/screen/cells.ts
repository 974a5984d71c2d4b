import stringWidth from "string-width";
import { anySequence } from "./sequences.ts";

/** One column of the terminal; the second column of a wide character has the text "". */
export interface Cell {
  readonly text: string;
  /** Canonical SGR parameters, such as "1;31"; "" is the terminal's own style. */
  readonly style: string;
}

export const blankCell: Cell = { text: " ", style: "" };

interface Style {
  readonly on: ReadonlySet<string>;
  readonly foreground: string;
  readonly background: string;
}

const unstyled: Style = { on: new Set(), foreground: "", background: "" };

/** SGR code → what it turns off. */
const offs: Readonly<Record<string, readonly string[]>> = {
  "22": ["1", "2"],
  "23": ["3"],
  "24": ["4"],
  "27": ["7"],
  "28": ["8"],
  "29": ["9"],
  "53": [],
};

/** Which part of the style a code sets: 30 to 37 and 90 to 97 the text, 40 to 47 and 100 to 107 what is behind it. */
function partOf(number: number): "on" | "foreground" | "background" | null {
  if (number < 10) return "on";
  const tens = Math.floor(number / 10);
  if (tens === 3 || tens === 9) return "foreground";
  return tens === 4 || tens === 10 ? "background" : null;
}

function withCode(style: Style, code: string): Style {
  const number = Number(code || "0");
  if (number === 0) return unstyled;
  const off = offs[code];
  if (off) return { ...style, on: new Set([...style.on].filter((name) => !off.includes(name))) };
  const part = partOf(number);
  if (part === null) return style;
  if (part === "on") return { ...style, on: new Set([...style.on, code]) };
  return { ...style, [part]: number === 39 || number === 49 ? "" : code };
}

/** How many parameters an extended colour takes: 38;5;n or 38;2;r;g;b. */
const extended = (kind: string | undefined): number => (kind === "5" ? 3 : kind === "2" ? 5 : 1);

function withParameters(style: Style, parameters: string): Style {
  const codes = parameters.split(/[;:]/);
  let next = style;
  for (let index = 0; index < codes.length; index++) {
    const code = codes[index] ?? "0";
    if (code !== "38" && code !== "48") {
      next = withCode(next, code);
      continue;
    }
    const taken = extended(codes[index + 1]);
    const whole = codes.slice(index, index + taken).join(";");
    next = code === "38" ? { ...next, foreground: whole } : { ...next, background: whole };
    index += taken - 1;
  }
  return next;
}

const canonical = ({ on, foreground, background }: Style): string =>
  [...[...on].sort(), foreground, background].filter((part) => part !== "").join(";");

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const plain = /^[\x20-\x7e]*$/;

function put(cells: Cell[], text: string, style: string): void {
  if (plain.test(text)) {
    for (const character of text) cells.push({ text: character, style });
    return;
  }
  for (const { segment } of graphemes.segment(text)) {
    const width = stringWidth(segment);
    if (width === 0) continue;
    cells.push({ text: segment, style });
    for (let column = 1; column < width; column++) cells.push({ text: "", style });
  }
}

/**
 * Cells of one line of text with SGR sequences, cut at the screen's right edge. Sequences other than SGR are dropped:
 * only the writer moves the cursor.
 */
export function cellsOf(line: string, columns: number): readonly Cell[] {
  const cells: Cell[] = [];
  let style = unstyled;
  let from = 0;
  for (const match of line.matchAll(anySequence)) {
    put(cells, line.slice(from, match.index), canonical(style));
    if (match[1] !== undefined) style = withParameters(style, match[1]);
    from = match.index + match[0].length;
  }
  put(cells, line.slice(from), canonical(style));
  return cutAt(cells, columns);
}

/** A wide character that would hang over the edge is left out. */
function cutAt(cells: readonly Cell[], columns: number): readonly Cell[] {
  if (cells[columns]?.text !== "") return cells.slice(0, columns);
  let end = columns;
  while (end > 0 && cells[end]?.text === "") end--;
  return cells.slice(0, end);
}
