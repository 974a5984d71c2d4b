import type { Glyphs } from "../store/glyphs.ts";
import { drawn, fitLine, type Line, span, type Tone, textOf } from "../store/line.ts";
import type { Dialog } from "../store/panel-state.ts";
import { cut, wrap } from "../store/width.ts";

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

/** Plain lines are wrapped; lines of several tones are lists and are cut. */
const folded = (line: Line, width: number): readonly Line[] =>
  line.length === 1 ? wrap(textOf(line), width).map((text) => [span(text, line[0]?.tone)]) : [line];

/** What stands below the body for a typed answer. */
export function answerLines({ answer }: Dialog): readonly Line[] {
  switch (answer.by) {
    case "typing":
      return [[span(answer.prompt)], [span("> ", "key"), span(answer.typed, "strong"), span("_", "key")]];
    case "y":
      return [[span("y", "key"), span(" does it, "), span("Enter", "key"), span(" does not")]];
    case "choice":
      return [];
    default:
      return answer satisfies never;
  }
}

/** The body in the rows there are; what does not fit is owned up to. */
function fitted(body: readonly Line[], rows: number): readonly Line[] {
  if (body.length <= rows) return body;
  const kept = body.slice(0, Math.max(0, rows - 1));
  return [...kept, [span(`${body.length - kept.length} more lines: make the terminal taller to read them`, "warn")]];
}

/** The dialog's text in the rows there are. */
export const bodyLines = (dialog: Dialog, inner: number, rows: number): readonly Line[] =>
  fitted(
    dialog.body.flatMap((line) => folded(line, inner)),
    rows,
  );
