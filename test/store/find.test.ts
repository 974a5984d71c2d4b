import { expect, test } from "vitest";
import { styleSequence } from "../../src/screen/sequences.ts";
import { withFound } from "../../src/store/find.ts";
import { lineWidth, span, textOf } from "../../src/store/text/line.ts";
import { detailsLines } from "../../src/store/views/details-lines.ts";
import { helpLines } from "../../src/store/views/help-lines.ts";
import { layoutOf } from "../../src/store/views/layout.ts";
import { foldedLog } from "../../src/store/views/log-lines.ts";
import { nodeColumns } from "../../src/store/views/node-columns.ts";
import { nodeLine } from "../../src/store/views/node-row.ts";
import { planLines } from "../../src/store/views/plan-lines.ts";
import { visibleNodes } from "../../src/store/views/rows.ts";
import { aStore, drawn, type } from "../support/panel/panel.tsx";
import { type StateName, states } from "../support/panel/states.ts";
import { aFailure } from "../support/said.ts";

test.each(["draining-held", "failed-node", "rolling-back", "node-deferred"] as const)(
  "every word that a row of %s shows finds the row",
  (name) => {
    const panel = aStore(states[name](), { columns: 200 });
    const state = panel.state();
    for (const node of Object.values(state.run.nodes)) {
      const row = textOf(nodeLine(state, node, nodeColumns(state.run, 300), false));
      for (const word of row.split(/\s+/).filter((one) => /[a-z]{3}/i.test(one))) {
        const view = { ...state.view, filter: word.replace(/^!/, "") };
        expect(visibleNodes({ ...state, view }), word).toContain(node.name);
      }
    }
  },
);

test("a node that is not Ready, or that somebody cordoned, is seen to be so in its row", () => {
  const run = states["draining-held"]();
  const [queued, other] = ["worker-4", "worker-5"].map((name) => run.nodes[name]);
  if (!queued?.snapshot || !other?.snapshot) throw new Error("the fixture changed");
  const nodes = {
    ...run.nodes,
    "worker-4": { ...queued, snapshot: { ...queued.snapshot, ready: false } },
    "worker-5": { ...other, snapshot: { ...other.snapshot, cordoned: true } },
  };
  const { state } = aStore({ ...run, nodes });
  const row = (name: "worker-4" | "worker-5") => textOf(nodeLine(state(), nodes[name], nodeColumns(run, 120), false));
  expect(row("worker-4")).toContain("NotReady");
  expect(row("worker-5")).toContain("cordoned");
});

test("/ in the log lets only the lines through that hold the text, and Esc all again", () => {
  const panel = aStore(states["draining-held"]());
  type(panel, "l");
  const lines = () => foldedLog(panel.state(), 200).map(textOf);
  const all = lines().length;
  const [first = ""] = lines();
  const word = first.trim().split(/\s+/).at(-1) ?? "";
  type(panel, "/", ...word.split(""), "enter");
  expect(panel.view()).toMatchObject({ pane: "log", filter: "", filtering: false });
  expect(lines().length).toBeLessThan(all);
  for (const line of lines()) expect(line.toLowerCase()).toContain(word.toLowerCase());
  type(panel, "esc");
  expect(lines()).toHaveLength(all);
  expect(panel.view().pane).toBe("log");
});

test("/ in the plan goes to what is looked for, n and N to the next and the one before", () => {
  const panel = aStore(states["consent-nodes"]());
  const { plan } = panel.state().run;
  if (!plan) throw new Error("the fixture changed");
  const lines = planLines(plan, panel.state().glyphs, 80).map(textOf);
  const places = lines.flatMap((line, at) => (line.includes("rollback") ? [at] : []));
  expect(places.length).toBeGreaterThan(1);
  type(panel, "/", ..."rollback".split(""), "enter");
  expect(panel.view()).toMatchObject({ pane: "plan", scroll: { plan: places[0] } });
  type(panel, "n");
  expect(panel.view().scroll.plan).toBe(places[1]);
  type(panel, "N", "N");
  expect(panel.view().scroll.plan).toBe(places.at(-1));
});

test("/ in the details finds, and what is found is turned round", () => {
  const panel = aStore(states["draining-held"]());
  type(panel, "enter", "/", ..."verify".split(""), "enter");
  expect(panel.view()).toMatchObject({ pane: "details", filter: "" });
  const found = withFound([[span("Verify")]], panel.view().finds.details);
  expect(found.flat().filter(({ inverse }) => inverse)).toEqual([{ text: "Verify", tone: "plain", inverse: true }]);
});

const long = "ip-10-11-12-13.a-rather-long-region-name-1.compute.internal.example.com";

function withLongNames(name: StateName) {
  const text = JSON.stringify(states[name]()).replaceAll("worker-2", long);
  return JSON.parse(text) as ReturnType<(typeof states)[StateName]>;
}

test.each([34, 49, 80, 120])("in %i columns neither log nor details nor help nor plan cut anything", (columns) => {
  const panel = aStore(withLongNames("failed-node"), { columns, rows: 40 });
  const state = panel.state();
  const node = state.run.nodes[long];
  if (!node || !state.run.plan) throw new Error("the fixture changed");
  const pages = {
    log: foldedLog(state, columns),
    details: detailsLines(state, node, columns),
    plan: planLines(state.run.plan, state.glyphs, columns),
    help: helpLines(state),
  };
  for (const [page, lines] of Object.entries(pages)) {
    for (const line of lines) expect(lineWidth(line), `${page}: ${textOf(line)}`).toBeLessThanOrEqual(columns);
    expect(lines.map(textOf).join("\n"), page).not.toContain("…");
  }
  const whole = (lines: typeof pages.log) => lines.map((line) => textOf(line).trim()).join("");
  expect(whole(pages.details)).toContain(long);
  expect(whole(pages.plan)).toContain(long);
});

test("a line of the log names its node in full wherever there is room for the name", () => {
  const { state } = aStore(withLongNames("draining-held"));
  const lines = foldedLog(state(), 120).map(textOf);
  expect(lines.some((line) => line.includes(`${long} `))).toBe(true);
});

test("what a person must do is shown whole in 80x24 and in 60x15", () => {
  const state = states["failed-node"]();
  const node = state.nodes["worker-2"];
  if (node?.state.phase !== "failed") throw new Error("the fixture changed");
  const remedy = `power worker-2 on and press r, or press s to move the others meanwhile; once it is gone for good: kubectl delete node worker-2, and the run lets it go`;
  const nodeState = { ...node.state, failure: aFailure("STEP_TIMED_OUT", "it was not back in time", remedy) };
  for (const [columns, rows] of [[80, 24] as const, [60, 15] as const]) {
    const panel = aStore(
      { ...state, nodes: { ...state.nodes, "worker-2": { ...node, state: nodeState } } },
      { columns, rows },
    );
    type(panel, "j");
    const screen = drawn(panel.store, { colour: false, ascii: false });
    expect(screen.styled().replaceAll(styleSequence, "").replaceAll(/\s+/g, " ")).toContain(
      "kubectl delete node worker-2, and the run lets it go",
    );
    expect(layoutOf(panel.state()).bodyRows).toBeGreaterThan(5);
    screen.end();
  }
});

test("an answer to a key that is too long for one row takes both", () => {
  const panel = aStore(states["draining-held"](), { columns: 60, rows: 15 });
  panel.store.tell("the engine says that this cannot be done now, because another node is in hand: wait for it");
  const screen = drawn(panel.store, { colour: false, ascii: false });
  expect(screen.styled().replaceAll(styleSequence, "")).toContain("wait for it");
  screen.end();
});
