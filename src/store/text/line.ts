import { cut, visible, widthOf } from "./width.ts";

/** What a piece of text means; the look turns it into a colour, or into none. */
export type Tone =
  | "plain"
  | "quiet"
  | "strong"
  | "title"
  | "good"
  | "bad"
  | "warn"
  | "busy"
  | "source"
  | "cilium"
  | "key"
  | "alarm";

export interface Span {
  readonly text: string;
  readonly tone: Tone;
  /** Dark on bright: badges and the cursor. */
  readonly inverse?: boolean;
}

/** One row of text. Rows are drawn as one element each: nine boxes a row cost twice the time. */
export type Line = readonly Span[];

/** Our own frames, rules and bars, which foreign text may not draw. */
export function drawn(text: string, tone: Tone = "plain"): Span {
  return { text, tone };
}

/** Foreign text enters a line only through here. */
export function span(text: string, tone: Tone = "plain"): Span {
  return { text: visible(text), tone };
}

export const badge = (text: string, tone: Tone): Span => ({ text: ` ${visible(text)} `, tone, inverse: true });

/** The row under the cursor: one colour throughout, since many inverted ones hide where it begins and ends. */
export const inverse = (line: Line): Line =>
  line.map(({ text, tone }) => ({ text, tone: tone === "strong" ? "strong" : "plain", inverse: true }));

export const textOf = (line: Line): string => line.map(({ text }) => text).join("");

export const lineWidth = (line: Line): number => line.reduce((sum, { text }) => sum + widthOf(text), 0);

/** Cuts or fills the line to exactly so many columns. */
export function fitLine(line: Line, columns: number, ellipsis = "…"): Line {
  const fitted: Span[] = [];
  let left = columns;
  for (const piece of line) {
    const width = widthOf(piece.text);
    if (width <= left) {
      fitted.push(piece);
      left -= width;
      continue;
    }
    const text = cut(piece.text, left, ellipsis);
    fitted.push({ ...piece, text });
    left -= widthOf(text);
    break;
  }
  return left > 0 ? [...fitted, { text: " ".repeat(left), tone: "plain" }] : fitted;
}

/** Left and right part on one line; the right part wins when there is not room for both. */
export function spread(left: Line, right: Line, columns: number): Line {
  const rightWidth = lineWidth(right);
  if (rightWidth >= columns) return fitLine(right, columns);
  const gap = lineWidth(left) > columns - rightWidth - 1 ? 1 : 0;
  return [...fitLine(left, columns - rightWidth - gap), ...(gap === 1 ? [span(" ")] : []), ...right];
}
