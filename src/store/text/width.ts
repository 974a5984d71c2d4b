import stringWidth from "string-width";
import { actingOnTerminals } from "./foreign.ts";

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const plain = /^[\x20-\x7e]*$/;
/** One column and one code unit each: measuring by grapheme costs fifty times as much, and this is nearly all we draw. */
const narrow = /^[\x20-\x7e\u2500-\u259f\u2018-\u201d…→✓✗·►◄↺‖–—❯◆●○]*$/;

function shown(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return `^${String.fromCharCode(code + 64)}`;
  if (code === 0x7f) return "^?";
  return `<${code.toString(16).padStart(4, "0")}>`;
}

/** Makes control and invisible characters of foreign text visible, so that none of it can act on the terminal, or pass for ours. */
export function visible(text: string): string {
  return plain.test(text) ? text : text.replace(actingOnTerminals, shown);
}

/** Columns that the text takes. */
export function widthOf(text: string): number {
  return narrow.test(text) ? text.length : stringWidth(text);
}

function firstColumns(text: string, columns: number): string {
  if (narrow.test(text)) return text.slice(0, Math.max(0, columns));
  let taken = "";
  let width = 0;
  for (const { segment } of graphemes.segment(text)) {
    width += stringWidth(segment);
    if (width > columns) break;
    taken += segment;
  }
  return taken;
}

function lastColumns(text: string, columns: number): string {
  if (narrow.test(text)) return columns <= 0 ? "" : text.slice(-columns);
  let taken = "";
  let width = 0;
  for (const { segment } of [...graphemes.segment(text)].reverse()) {
    width += stringWidth(segment);
    if (width > columns) break;
    taken = segment + taken;
  }
  return taken;
}

/** No visible character has as many code units: of a text that is longer only its ends need be measured. */
const mostUnits = (columns: number) => 16 * Math.max(0, columns) + 64;

/** Cuts at the end. */
export function cut(text: string, columns: number, ellipsis = "…"): string {
  const most = mostUnits(columns);
  if (text.length <= most && widthOf(text) <= columns) return text;
  return columns <= 0 ? "" : `${firstColumns(text.slice(0, most), columns - widthOf(ellipsis))}${ellipsis}`;
}

/** Cuts in the middle: names of nodes and pods differ at their end. */
export function cutMiddle(text: string, columns: number, ellipsis = "…"): string {
  const most = mostUnits(columns);
  if (text.length <= most && widthOf(text) <= columns) return text;
  const [begin, end] = [text.slice(0, most), text.slice(-most)];
  const rest = columns - widthOf(ellipsis);
  if (rest <= 0) return firstColumns(begin, columns);
  const head = Math.floor(rest / 2);
  return `${firstColumns(begin, head)}${ellipsis}${lastColumns(end, rest - head)}`;
}

/** Fills up with spaces; never cuts. */
export function pad(text: string, columns: number, side: "left" | "right" = "right"): string {
  const gap = " ".repeat(Math.max(0, columns - widthOf(text)));
  return side === "right" ? text + gap : gap + text;
}

/** A word in pieces of so many columns, measured once: a long one from outside must not hold the panel up. */
export function brokenWord(word: string, columns: number): readonly string[] {
  const pieces: string[] = [];
  let piece = "";
  let width = 0;
  for (const { segment } of graphemes.segment(word)) {
    const wide = stringWidth(segment);
    if (piece !== "" && width + wide > columns) {
      pieces.push(piece);
      piece = "";
      width = 0;
    }
    piece += segment;
    width += wide;
  }
  return [...pieces, piece];
}

/** Breaks at spaces, and inside words only where a word is wider than the line. */
export function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const joined = line === "" ? word : `${line} ${word}`;
    if (widthOf(joined) <= columns) {
      line = joined;
      continue;
    }
    if (line !== "") lines.push(line);
    const pieces = columns > 0 && widthOf(word) > columns ? brokenWord(word, columns) : [word];
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? "";
  }
  return [...lines, line];
}
