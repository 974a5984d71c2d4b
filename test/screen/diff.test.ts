import headless from "@xterm/headless";
import { expect, test } from "vitest";
import { cellsOf } from "../../src/screen/cells.ts";
import { diffFrames, type Frame } from "../../src/screen/diff.ts";

/** A small seeded generator (mulberry32): a failing seed is printed and can be run again. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const columns = 40;
const rows = 10;
const words = ["node", "worker-1", "日本", "漢", "é", "   ", "█▒░", "✓", "cilium", "한국어", "0/9/3", "─────"];
const styles = ["", "1", "2", "7", "31", "1;36", "38;5;208", "48;5;17", "38;2;10;20;30", "7;33", "4", "9;95", "100"];

function aLine(next: () => number): string {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T;
  let line = "";
  while (next() < 0.86) {
    const style = pick(styles);
    line += style === "" ? pick(words) : `\x1b[${style}m${pick(words)}\x1b[${pick(["0", "22;24;27;29;39;49"])}m`;
    if (next() < 0.4) line += " ".repeat(Math.floor(next() * 8));
  }
  return line;
}

function frames(seed: number, count: number): readonly (readonly string[])[] {
  const next = random(seed);
  let lines = Array.from({ length: rows }, () => aLine(next));
  return Array.from({ length: count }, () => {
    const kind = next();
    if (kind < 0.2) lines = [...lines.slice(1), aLine(next)];
    else if (kind < 0.3) lines = Array.from({ length: Math.floor(next() * rows) + 1 }, () => aLine(next));
    else lines = lines.map((line) => (next() < 0.3 ? aLine(next) : line));
    return lines;
  });
}

type Terminal = InstanceType<typeof headless.Terminal>;

const write = (terminal: Terminal, text: string): Promise<void> => new Promise((done) => terminal.write(text, done));

/** What the emulator shows: text and style of every cell. */
function shown(terminal: Terminal): readonly string[] {
  const buffer = terminal.buffer.active;
  return Array.from({ length: rows }, (_, row) => {
    const line = buffer.getLine(row);
    return Array.from({ length: columns }, (_, column) => {
      const cell = line?.getCell(column);
      if (!cell) return "?";
      const text = cell.getWidth() === 0 ? "" : cell.getChars() || " ";
      const flags = [cell.isBold(), cell.isDim(), cell.isInverse(), cell.isUnderline(), cell.isStrikethrough()];
      const colours = [cell.getFgColorMode(), cell.getFgColor(), cell.getBgColorMode(), cell.getBgColor()];
      return `${text}/${flags.map(Number).join("")}/${colours.join(",")}`;
    }).join(" ");
  });
}

const newTerminal = (): Terminal => new headless.Terminal({ cols: columns, rows, allowProposedApi: true });

for (const seed of [1, 7, 42, 1234, 99_991]) {
  test(`differences of 80 random frames draw what whole frames draw, seed ${seed}`, async () => {
    const terminal = newTerminal();
    await write(terminal, "\x1b[?7l");
    let before: Frame | null = null;
    for (const [index, lines] of frames(seed, 80).entries()) {
      const after = lines.map((line) => cellsOf(line, columns));
      await write(terminal, diffFrames(before, after, columns));
      before = after;
      const whole = newTerminal();
      await write(whole, `\x1b[?7l${diffFrames(null, after, columns)}`);
      expect(shown(terminal), `seed ${seed}, frame ${index}`).toEqual(shown(whole));
      whole.dispose();
    }
    terminal.dispose();
  });
}

test("a whole frame is the text itself", async () => {
  const terminal = newTerminal();
  await write(
    terminal,
    diffFrames(null, [cellsOf("\x1b[1mbold\x1b[0m 日本 end", columns), cellsOf("two", columns)], columns),
  );
  expect(terminal.buffer.active.getLine(0)?.translateToString(true)).toBe("bold 日本 end");
  expect(terminal.buffer.active.getLine(1)?.translateToString(true)).toBe("two");
  expect(terminal.buffer.active.getLine(0)?.getCell(0)?.isBold()).toBeTruthy();
  expect(terminal.buffer.active.getLine(0)?.getCell(5)?.isBold()).toBeFalsy();
  terminal.dispose();
});

const cases: readonly (readonly [what: string, before: string, after: string, bytes: string])[] = [
  ["nothing changed", "same", "same", ""],
  ["one cell", "abcdef", "abXdef", "\x1b[1;3HX"],
  ["a short gap is bridged", "abcdef", "XbcdeY", "\x1b[1HXbcdeY"],
  ["a long gap is jumped", `a${"-".repeat(20)}b`, `X${"-".repeat(20)}Y`, "\x1b[1HX\x1b[20CY"],
  ["a shorter line is erased", "abcdef", "ab", "\x1b[1;3H\x1b[K"],
  ["the style is set and put back", "abc", "a\x1b[31mb\x1b[0mc", "\x1b[1;2H\x1b[0;31mb\x1b[m"],
  ["a wide character goes as a whole", "a漢b", "axyb", "\x1b[1;2Hxy"],
];

for (const [what, before, after, bytes] of cases) {
  test(`${what} costs no more than it must`, () => {
    const change = diffFrames([cellsOf(before, columns)], [cellsOf(after, columns)], columns);
    expect(JSON.stringify(change)).toBe(JSON.stringify(bytes));
  });
}

test("control sequences other than style never reach the cells", () => {
  const cells = cellsOf("a\x1b[2Jb\x1b]0;title\x07c\x07d\x1b[31me", columns);
  expect(cells.map(({ text }) => text).join("")).toBe("abcde");
  expect(cells.at(-1)?.style).toBe("31");
});

test("a wide character that would hang over the edge is left out", () => {
  expect(cellsOf("abc漢", 4).map(({ text }) => text)).toEqual(["a", "b", "c"]);
});
