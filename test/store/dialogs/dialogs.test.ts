import { expect, test } from "vitest";
import { makePlan } from "../../../src/engine/plan/plan.ts";
import { defaultPlanInput } from "../../../src/engine/plan/plan-input.ts";
import { dialogGuardMs } from "../../../src/store/dialogs/answer.ts";
import { textOf } from "../../../src/store/text/line.ts";
import { aChart } from "../../support/a-chart.ts";
import { aFlannelCluster } from "../../support/facts.ts";
import { aStore, type } from "../../support/panel/panel.tsx";
import { states } from "../../support/panel/states.ts";

test("keys sooner than the guard after the opening do not answer", () => {
  const panel = aStore(states["draining-held"]());
  type(panel, "u");
  panel.clock.forward(dialogGuardMs - 1);
  panel.store.comingFrom({ chunk: 900, printable: 1 });
  panel.store.press("j");
  panel.store.press("enter");
  expect(panel.heard.asked).toEqual([]);
  expect(panel.view().dialog).not.toBeNull();
  panel.clock.forward(1);
  panel.store.press("j");
  panel.store.press("enter");
  expect(panel.heard.asked).toMatchObject([{ request: "rollback" }]);
});

test("keys of the chunk that opened a dialog never answer it, however late", () => {
  const panel = aStore(states["draining-held"]());
  panel.store.comingFrom({ chunk: 5, printable: 2 });
  panel.store.press("u");
  panel.clock.forward(60_000);
  panel.store.press("j");
  panel.store.press("enter");
  expect(panel.heard.asked).toEqual([]);
});

test("Esc closes at once", () => {
  const panel = aStore(states["draining-held"]());
  panel.store.comingFrom({ chunk: 5, printable: 1 });
  panel.store.press("u");
  panel.store.press("esc");
  expect(panel.view().dialog).toBeNull();
});

test("a chunk too long to be typed does not fill in a name", () => {
  const panel = aStore(states["remove-source-asked"]());
  type(panel, "m");
  panel.clock.forward(5_000);
  panel.store.comingFrom({ chunk: 77, printable: 9 });
  for (const key of "prod-eu") panel.store.press(key);
  panel.store.press("enter");
  expect(panel.heard.asked).toEqual([]);
});

test("a pasted name is filled in, and only an Enter of its own confirms it", () => {
  const panel = aStore(states["remove-source-asked"]());
  type(panel, "m");
  panel.clock.forward(5_000);
  panel.store.paste("prod-eu\n");
  panel.store.press("enter");
  expect(panel.heard.asked).toEqual([]);
  expect(panel.view().dialog?.answer).toMatchObject({ typed: "prod-eu" });
  type(panel, "enter");
  expect(panel.heard.asked).toMatchObject([{ request: "consent", consent: "remove-source" }]);
});

test("a paste with the key that opened the dialog fills in nothing", () => {
  const panel = aStore(states["remove-source-asked"]());
  panel.store.press("m");
  panel.store.paste("prod-eu");
  expect(panel.view().dialog?.answer).toMatchObject({ typed: "" });
});

test("a paste chooses nothing from a list, and says so", () => {
  const panel = aStore(states["consent-nodes"]());
  type(panel, "m");
  panel.clock.forward(5_000);
  panel.store.paste("j\n");
  expect(panel.heard.asked).toEqual([]);
  expect(panel.view().message?.text).toBe(
    "nothing was done: pasted text chooses nothing, j and k choose, Enter confirms, Esc leaves",
  );
});

test("excluding and including name every node, and what becomes of the marks that are neither", () => {
  const panel = aStore(states["draining-held"]());
  type(panel, "a", "m");
  const dialog = panel.view().dialog;
  const body = dialog?.body.map(textOf).join("\n") ?? "";
  for (const name of panel.state().run.order) expect(body).toContain(name);
  expect(body).toContain("Neither queued nor excluded, so not changed: worker-1");
  expect(Object.keys(panel.view().marks)).toHaveLength(panel.state().run.order.length);
  type(panel, "j", "enter");
  expect(panel.view().marks).toEqual({});
});

test("the consent to move the nodes counts only those that are not excluded, and names the others", () => {
  const state = states["consent-nodes"]();
  const node = state.nodes["worker-5"];
  if (!node) throw new Error("the fixture changed");
  const excluded = { phase: "excluded", because: "excluded by ada@bastion" } as const;
  const panel = aStore({ ...state, nodes: { ...state.nodes, "worker-5": { ...node, state: excluded } } });
  type(panel, "m");
  const body = panel.view().dialog?.body.map(textOf).join("\n") ?? "";
  expect(body).toContain(`${state.order.length - 1} nodes, one at a time`);
  expect(body).toContain("Excluded, so not moved: worker-5");
});

test("a paste fills in the filter, as one line without control characters", () => {
  const panel = aStore(states["draining-held"]());
  type(panel, "/");
  panel.store.paste("worker\x1b[2J-2\n");
  expect(panel.view().filter).toBe("worker^[[2J-2");
});

test("the name at the point of no return is shown but not filled in", () => {
  const panel = aStore(states["remove-source-asked"]());
  type(panel, "m");
  expect(panel.view().dialog?.answer).toMatchObject({ by: "typing", typed: "", expected: "prod-eu" });
});

test("the point of no return lists everything that cannot be undone, and is agreed to by nobody who has not seen it", () => {
  const state = states["remove-source-asked"]();
  const options = { chart: aChart, now: () => 1, hash: () => "0".repeat(64) };
  const { changes } = makePlan(aFlannelCluster().facts, defaultPlanInput, options);
  const lost = changes.filter(({ rollback }) => rollback === null);
  const panel = aStore({ ...state, plan: state.plan === null ? null : { ...state.plan, changes } });
  type(panel, "m");
  const body = panel.view().dialog?.body.map(textOf) ?? [];
  expect(lost.length).toBeGreaterThan(7);
  for (const { kind, name } of lost) expect(body.some((row) => row.includes(kind) && row.includes(name))).toBe(true);
  type(panel, ...Array.from("prod-eu"), "enter");
  expect(panel.heard.asked).toEqual([]);
  for (let page = 0; page < lost.length; page++) type(panel, "pagedown");
  type(panel, "enter");
  expect(panel.heard.asked).toMatchObject([{ request: "consent", consent: "remove-source" }]);
});

test("leaving asks, stays by default, and tells the run what is to become of it", async () => {
  const staying = aStore(states["draining-held"]());
  type(staying, "q", "enter");
  await new Promise(setImmediate);
  expect(staying.heard).toEqual({ asked: [], terminal: [] });

  const pausing = aStore(states["draining-held"]());
  type(pausing, "q", "j", "enter");
  await new Promise(setImmediate);
  expect(pausing.heard.asked.map(({ request }) => request)).toEqual(["when-left", "pause"]);
  expect(pausing.heard.terminal).toEqual(["leave"]);

  const going = aStore(states["draining-held"]());
  type(going, "q", "j", "j", "enter");
  await new Promise(setImmediate);
  expect(going.heard.asked).toMatchObject([{ request: "when-left", whenLeft: "continue" }]);
  expect(going.heard.terminal).toEqual(["leave"]);
});

test("a run that is over is left without a question", async () => {
  const panel = aStore(states.done());
  type(panel, "q");
  await new Promise(setImmediate);
  expect(panel.heard.terminal).toEqual(["leave"]);
});

test("Ctrl-c leaves only when pressed twice within two seconds", async () => {
  const panel = aStore(states["draining-held"]());
  panel.store.press("ctrl-c");
  panel.clock.forward(2_500);
  panel.store.press("ctrl-c");
  await new Promise(setImmediate);
  expect(panel.heard.terminal).toEqual([]);
  panel.clock.forward(500);
  panel.store.press("ctrl-c");
  await new Promise(setImmediate);
  expect(panel.heard.terminal).toEqual(["leave"]);
});
