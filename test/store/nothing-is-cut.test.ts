import { expect, test } from "vitest";
import type { PathScore } from "../../src/engine/model/events.ts";
import type { RunNode } from "../../src/engine/model/state.ts";
import { lineWidth, textOf } from "../../src/store/text/line.ts";
import { detailsLines } from "../../src/store/views/details-lines.ts";
import { layoutOf } from "../../src/store/views/layout.ts";
import { nodeColumns } from "../../src/store/views/node-columns.ts";
import { nodeLine } from "../../src/store/views/node-row.ts";
import { lossWords, trafficLine, trafficLines } from "../../src/store/views/traffic-lines.ts";
import { panel } from "../../src/words/audience.ts";
import { explainFailure } from "../../src/words/explain.ts";
import { longName } from "../support/panel/long-names.ts";
import { aStore } from "../support/panel/panel.tsx";
import { scores } from "../support/panel/scores.ts";
import { type StateName, states } from "../support/panel/states.ts";
import { said } from "../support/said.ts";

/** Text without its line breaks and blanks: a long word is broken where the pane ends. */
const close = (text: string): string => text.replaceAll(/\s+/g, "");
const all = (lines: Parameters<typeof textOf>[0][]): string => close(lines.map(textOf).join(""));

const sizes = [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
] as const;

const small = (Object.keys(states) as StateName[]).filter((name) => name !== "5000-nodes");

function reasonsOf({ name, state, hold }: RunNode): readonly string[] {
  if (state.phase === "failed") {
    const { message, remedy } = explainFailure(state.failure, panel, name);
    return [message, remedy];
  }
  if (state.phase === "excluded") return [state.because];
  return hold === null ? [] : [said(hold).because];
}

test.each(small)("what a row or the traffic table cuts is whole in the details: %s", (name) => {
  for (const size of sizes) {
    const state = aStore(states[name](), size).state();
    const { details } = layoutOf({ ...state, view: { ...state.view, pane: "details" } });
    for (const node of Object.values(state.run.nodes)) {
      const shown = all([...detailsLines(state, node, details?.width ?? 0)]);
      const reasons = [node.name, ...reasonsOf(node), ...lossWords(state).map(({ text }) => text)];
      for (const reason of reasons) expect(shown).toContain(close(reason));
    }
  }
});

test("where the log has rows to give, the traffic table cuts nothing", () => {
  const state = aStore(states["long-names"](), { columns: 120, rows: 40 }).state();
  const { traffic, log } = layoutOf(state);
  const lines = trafficLines(state, { columns: traffic?.width ?? 0, rows: (traffic?.height ?? 0) - 1 });
  expect(lines.length).toBeGreaterThan(6);
  for (const line of lines) expect(lineWidth(line)).toBeLessThanOrEqual(traffic?.width ?? 0);
  expect(all([...lines])).toContain(close(`${longName("worker-2")} → ${longName("worker-5")} dial tcp`));
  expect(log?.height).toBeGreaterThanOrEqual(7);
});

test("where it has none, each path keeps its line", () => {
  const state = aStore(states["long-names"](), { columns: 80, rows: 24 }).state();
  expect(trafficLines(state, { columns: 80, rows: 6 })).toHaveLength(6);
});

test("a row does not repeat its node's name, and that of another node stays", () => {
  const state = aStore(states["failed-node"]()).state();
  const row = (name: string) => {
    const node = state.run.nodes[name];
    return node ? textOf(nodeLine(state, node, nodeColumns(state.run, 200), false)) : "";
  };
  expect(row("worker-2")).toMatch(/worker-2 .* does not reach the old side: 12 of 12 probes to worker-5 were lost$/);
  expect(row("worker-2").match(/worker-2/g)).toHaveLength(1);
});

const each = (change: (path: PathScore["path"]) => Partial<PathScore>): readonly PathScore[] =>
  scores.map((score) => ({ ...score, lost: 0, ...change(score.path) }));

test.each<[string, readonly PathScore[]]>([
  ["nothing lost", each(() => ({}))],
  ["all lost", each(() => ({ lost: 12_345 }))],
  ["some lost, some not measured", each((path) => (path === "dns" ? { notMeasured: "why" } : { lost: 123_456 }))],
  ["nothing sampled", each(() => ({ sent: 0 }))],
])("the line that stands for the table is never cut: %s", (_what, given) => {
  const state = aStore({ ...states["draining-held"](), scores: given }).state();
  for (let width = 60; width <= 120; width++)
    expect(lineWidth(trafficLine(state, width)), `${width} columns`).toBeLessThanOrEqual(width);
});
