import type { Glyphs } from "../store/text/glyphs.ts";
import { drawn, fitLine, type Line, span, type Tone } from "../store/text/line.ts";
import { cut } from "../store/text/width.ts";

/** Where the box stands and how it is drawn. */
export interface Frame {
  /** Columns between the borders. */
  readonly inner: number;
  readonly margin: number;
  readonly columns: number;
  readonly tone: Tone;
  readonly glyphs: Glyphs;
}

/** A row inside the box; the row goes over the whole screen, so that nothing shines through beside it. */
export const framed = (line: Line, { inner, margin, tone, glyphs }: Frame): Line => [
  span(" ".repeat(margin)),
  drawn(`${glyphs.bar} `, tone),
  ...fitLine(line, inner),
  drawn(` ${glyphs.bar}`, tone),
];

/** The upper edge with the title, or the lower one. */
export function edge({ inner, margin, tone, glyphs }: Frame, title: string): Line {
  const before = span(" ".repeat(margin));
  const [topLeft, topRight, bottomLeft, bottomRight] = glyphs.corners;
  const text = title === "" ? "" : ` ${cut(span(title).text, inner - 2)} `;
  const rest = glyphs.rule.repeat(Math.max(0, inner + 1 - span(text).text.length));
  return title === ""
    ? [before, drawn(bottomLeft + glyphs.rule + rest + bottomRight, tone)]
    : [before, drawn(topLeft + glyphs.rule, tone), span(text, "strong"), drawn(rest + topRight, tone)];
}
