import { expect } from "vitest";
import type { Terminal } from "../panel/terminal.ts";

const lastOf = (raw: string, off: string, on: string): boolean => raw.lastIndexOf(off) > raw.lastIndexOf(on);

/** The terminal is as a shell wants it: main screen, cursor, line wrap, no bracketed paste. */
export function expectTerminalRestored(terminal: Terminal): void {
  expect(terminal.alternate).toBe(false);
  expect(lastOf(terminal.raw, "\x1b[?25h", "\x1b[?25l")).toBe(true);
  expect(lastOf(terminal.raw, "\x1b[?7h", "\x1b[?7l")).toBe(true);
  expect(lastOf(terminal.raw, "\x1b[?2004l", "\x1b[?2004h")).toBe(true);
}
