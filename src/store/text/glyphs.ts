import type { NodeWord } from "./node-word.ts";

/** Every sign the panel draws; all one column wide, none of them an emoji. */
export interface Glyphs {
  readonly ascii: boolean;
  readonly nodes: Readonly<Record<NodeWord, string>>;
  readonly done: string;
  readonly doing: string;
  readonly todo: string;
  readonly failed: string;
  readonly warning: string;
  readonly cursor: string;
  readonly mark: string;
  readonly rule: string;
  readonly bar: string;
  readonly ellipsis: string;
  readonly arrow: string;
  readonly live: string;
  readonly stale: string;
  readonly full: string;
  readonly empty: string;
  /** Eighths of a column, thinnest first. */
  readonly parts: readonly string[];
  readonly old: string;
  readonly new: string;
  readonly host: string;
  readonly corners: readonly [string, string, string, string];
  readonly dash: string;
  readonly dot: string;
  readonly spinner: readonly string[];
}

export const unicodeGlyphs: Glyphs = {
  ascii: false,
  nodes: {
    queued: "·",
    excluded: "–",
    migrating: "►",
    waiting: "‖",
    failed: "✗",
    "rolling back": "◄",
    deferred: "◌",
    "rolled back": "↺",
    migrated: "✓",
  },
  done: "✓",
  doing: "►",
  todo: "·",
  failed: "✗",
  warning: "!",
  cursor: "❯",
  mark: "◆",
  rule: "─",
  bar: "│",
  ellipsis: "…",
  arrow: "→",
  live: "●",
  stale: "○",
  full: "█",
  empty: "░",
  parts: ["▏", "▎", "▍", "▌", "▋", "▊", "▉"],
  old: "▒",
  new: "█",
  host: "░",
  corners: ["╭", "╮", "╰", "╯"],
  dash: "—",
  dot: "·",
  spinner: ["⠋", "⠙", "⠸", "⠴", "⠦", "⠇"],
};

export const asciiGlyphs: Glyphs = {
  ascii: true,
  nodes: {
    queued: ".",
    excluded: "-",
    migrating: ">",
    waiting: "=",
    failed: "x",
    "rolling back": "<",
    deferred: "~",
    "rolled back": "o",
    migrated: "+",
  },
  done: "+",
  doing: ">",
  todo: ".",
  failed: "x",
  warning: "!",
  cursor: ">",
  mark: "*",
  rule: "-",
  bar: "|",
  ellipsis: "~",
  arrow: "->",
  live: "*",
  stale: "?",
  full: "#",
  empty: ".",
  parts: [],
  old: "o",
  new: "#",
  host: ".",
  corners: ["+", "+", "+", "+"],
  dash: "--",
  dot: ".",
  spinner: ["|", "/", "-", "\\"],
};

/** The terminal's locale speaks UTF-8 and it is not the kernel's console, whose font lacks most signs. */
export function speaksUnicode(env: Readonly<Record<string, string | undefined>>): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || "";
  return /utf-?8/i.test(locale) && env.TERM !== "linux";
}

/** A bar of so many columns, filled to `fraction`. */
export function progressBar(fraction: number, columns: number, glyphs: Glyphs): { full: string; empty: string } {
  const exact = Math.max(0, Math.min(1, fraction)) * columns;
  const whole = Math.floor(exact);
  const part = glyphs.parts[Math.floor((exact - whole) * (glyphs.parts.length + 1)) - 1] ?? "";
  const full = glyphs.full.repeat(whole) + part;
  return { full, empty: glyphs.empty.repeat(columns - whole - part.length) };
}
