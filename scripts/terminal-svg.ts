import type headless from "@xterm/headless";

const cellWidth = 8.4;
const cellHeight = 18;
const margin = 12;
const fontSize = 14;

/** The sixteen colours of the pictures; on a terminal they are the operator's own. */
const palette = [
  "#1c2027",
  "#e06c75",
  "#8fbf6f",
  "#e0b457",
  "#61a0e0",
  "#c586d9",
  "#4fb8c4",
  "#c8ccd4",
  "#5c6370",
  "#f07178",
  "#a6d189",
  "#f0c674",
  "#7cb4f0",
  "#d7a1e8",
  "#6fd3df",
  "#ffffff",
] as const;
const background = "#14171c";
const foreground = "#d5d9e0";

interface Style {
  readonly colour: string;
  readonly behind: string | null;
  readonly bold: boolean;
  readonly dim: boolean;
}

type Cell = NonNullable<
  ReturnType<NonNullable<ReturnType<headless.Terminal["buffer"]["active"]["getLine"]>>["getCell"]>
>;

function styleOf(cell: Cell): Style {
  const front = cell.isFgPalette() ? (palette[cell.getFgColor()] ?? foreground) : foreground;
  const back = cell.isBgPalette() ? (palette[cell.getBgColor()] ?? background) : null;
  const inverse = cell.isInverse() !== 0;
  return {
    colour: inverse ? (back ?? background) : front,
    behind: inverse ? front : back,
    bold: cell.isBold() !== 0,
    dim: cell.isDim() !== 0,
  };
}

const n = (value: number): string => String(Math.round(value * 100) / 100);

/** Signs that fonts draw with gaps, as shapes: x, y, width and height in shares of a cell, and how dense. */
const blocks: Readonly<Record<string, readonly [number, number]>> = {
  "█": [1, 1],
  "▓": [1, 0.75],
  "▒": [1, 0.55],
  "░": [1, 0.28],
  "▏": [1 / 8, 1],
  "▎": [2 / 8, 1],
  "▍": [3 / 8, 1],
  "▌": [4 / 8, 1],
  "▋": [5 / 8, 1],
  "▊": [6 / 8, 1],
  "▉": [7 / 8, 1],
};

const strokes: Readonly<Record<string, (x: number, y: number) => string>> = {
  "─": (x, y) => `M${n(x)} ${n(y + 9)}h${cellWidth}`,
  "│": (x, y) => `M${n(x + 4.2)} ${n(y)}v${cellHeight}`,
  "╭": (x, y) => `M${n(x + 4.2)} ${n(y + 18)}v-5q0-4 4.2-4`,
  "╮": (x, y) => `M${n(x)} ${n(y + 9)}q4.2 0 4.2 4v5`,
  "╰": (x, y) => `M${n(x + 4.2)} ${n(y)}v5q0 4 4.2 4`,
  "╯": (x, y) => `M${n(x)} ${n(y + 9)}q4.2 0 4.2-4v-5`,
};

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const opacity = ({ dim }: Style, share = 1): string =>
  dim || share < 1 ? ` opacity="${n(share * (dim ? 0.6 : 1))}"` : "";

function sign(text: string, x: number, y: number, style: Style): string {
  const block = blocks[text];
  if (block) {
    const [width, dense] = block;
    return `<rect x="${n(x)}" y="${n(y + 2)}" width="${n(cellWidth * width)}" height="${cellHeight - 4}" fill="${style.colour}"${opacity(style, dense)}/>`;
  }
  const stroke = strokes[text];
  if (stroke) return `<path d="${stroke(x, y)}" stroke="${style.colour}" fill="none"${opacity(style)}/>`;
  return words(text, x, y, style);
}

function words(text: string, x: number, y: number, style: Style): string {
  const weight = style.bold ? ' font-weight="700"' : "";
  return `<text x="${n(x)}" y="${n(y + 13.5)}" fill="${style.colour}"${weight}${opacity(style)} textLength="${n(Array.from(text).length * cellWidth)}">${escaped(text)}</text>`;
}

const sameStyle = (a: Style, b: Style): boolean =>
  a.colour === b.colour && a.behind === b.behind && a.bold === b.bold && a.dim === b.dim;

interface Run {
  readonly at: number;
  readonly style: Style;
  text: string;
}

/** Neighbouring cells of one style as one text; signs outside ASCII stand alone, since fonts disagree on their width. */
function runsOf(terminal: headless.Terminal, row: number): readonly Run[] {
  const line = terminal.buffer.active.getLine(row);
  const runs: Run[] = [];
  for (let column = 0; column < terminal.cols; column++) {
    const cell = line?.getCell(column);
    if (!cell || cell.getWidth() === 0) continue;
    const text = cell.getChars() || " ";
    const style = styleOf(cell);
    const last = runs.at(-1);
    // Two spaces in a row would be drawn as one by some viewers: they part the texts.
    const parted = last?.text.endsWith("  ") === true && text !== " " && style.behind === null;
    const joins = last && !parted && /^[\x20-\x7e]+$/.test(last.text + text) && sameStyle(last.style, style);
    if (joins) last.text += text;
    else runs.push({ at: column, style, text });
  }
  return runs;
}

function drawn({ at, style, text }: Run, row: number): string {
  const x = margin + at * cellWidth;
  const y = margin + row * cellHeight;
  const behind = style.behind
    ? `<rect x="${n(x)}" y="${n(y)}" width="${n(text.length * cellWidth)}" height="${cellHeight}" fill="${style.behind}"/>`
    : "";
  if (text.trim() === "") return behind;
  if (!/^[\x20-\x7e]+$/.test(text)) return behind + sign(text, x, y, style);
  const start = text.length - text.trimStart().length;
  const inner = text.trim();
  return behind + words(inner, x + start * cellWidth, y, style);
}

/** What a terminal shows as an SVG in which text stays text. */
export function terminalSvg(terminal: headless.Terminal, title: string): string {
  const width = n(terminal.cols * cellWidth + 2 * margin);
  const height = n(terminal.rows * cellHeight + 2 * margin);
  const rows = Array.from({ length: terminal.rows }, (_, row) =>
    runsOf(terminal, row)
      .map((run) => drawn(run, row))
      .join(""),
  ).filter((row) => row !== "");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="${fontSize}" xml:space="preserve" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>text{white-space:pre}</style>`,
    `<rect width="100%" height="100%" rx="8" fill="${background}"/>`,
    ...rows,
    "</svg>",
    "",
  ].join("\n");
}
