import { stripVTControlCharacters } from "node:util";
import { cleanup, render } from "ink-testing-library";
import { afterEach, expect, test } from "vitest";
import { AttentionLines } from "../../src/components/attention-lines.tsx";
import { lookFor } from "../../src/components/look.ts";
import type { Attention } from "../../src/store/views/attention.ts";

const look = lookFor({ NO_COLOR: "1" }, false);
const waits: Attention = {
  tone: "key",
  text: "worker-1 waits for web-1 to leave: budget web allows 0 of 1",
  remedy: "cleared by another pod of web becoming Ready",
  spins: false,
};

/** As the terminal shows it, without weight and inversion, and without the dots that come and go. */
const shown = (attention: Attention, columns: number, rows: number): readonly string[] => {
  const frame = render(<AttentionLines attention={attention} columns={columns} rows={rows} look={look} />).lastFrame();
  return stripVTControlCharacters(frame ?? "")
    .split("\n")
    .map((row) => row.replace(/[ .]+$/, ""));
};

afterEach(cleanup);

test("where there is room it is one row, remedy and all", () => {
  expect(shown({ ...waits, text: "paused", remedy: "P resumes" }, 80, 1)).toEqual([
    expect.stringMatching(/^ paused.*P resumes$/),
  ]);
});

test("a long reason takes the rows that it has, and its remedy stays in sight", () => {
  const rows = shown(waits, 60, 3);
  expect(rows).toHaveLength(3);
  expect(rows.join(" ")).toContain("cleared by");
  expect(rows.every((row) => row.length <= 60)).toBe(true);
});

test("what the cluster brings about leaves room for the dots, and says the same", () => {
  const still = shown({ ...waits, text: "worker-1: drain", remedy: "" }, 40, 1);
  const spinning = shown({ ...waits, text: "worker-1: drain", remedy: "", spins: true }, 40, 1);
  expect(spinning).toEqual(still);
});

test.each([30, 80])("no row is wider than %d columns, spinning or not", (columns) => {
  for (const spins of [false, true])
    for (const row of shown({ ...waits, spins }, columns, 2)) expect(row.length).toBeLessThanOrEqual(columns);
});
