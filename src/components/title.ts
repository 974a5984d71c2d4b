import type { Glyphs } from "../store/text/glyphs.ts";
import { drawn, type Line, lineWidth, type Span, span } from "../store/text/line.ts";

export interface Title {
  readonly text: string;
  readonly note?: string;
  readonly focused?: boolean;
}

/** A pane's first row: its name on a rule, and on the right what of it is shown. */
export function titleLine({ text, note = "", focused = false }: Title, width: number, glyphs: Glyphs): Line {
  const left: readonly Span[] = [drawn(`${glyphs.rule} `, "quiet"), span(text, focused ? "key" : "title"), span(" ")];
  const right: readonly Span[] = note === "" ? [] : [span(` ${note} `, "quiet"), drawn(glyphs.rule, "quiet")];
  const rule = Math.max(0, width - lineWidth(left) - lineWidth(right));
  return [...left, drawn(glyphs.rule.repeat(rule), "quiet"), ...right];
}

/** "12–24 of 80", or nothing when all is in sight. */
export function windowNote(first: number, shown: number, total: number): string {
  return total > shown ? `${first + 1}–${Math.min(total, first + shown)} of ${total}` : "";
}
