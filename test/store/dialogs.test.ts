import { expect, test } from "vitest";
import { dialogGuardMs } from "../../src/store/answer.ts";
import { textOf } from "../../src/store/line.ts";
import { aStore, type } from "../support/panel.tsx";
import { states } from "../support/states.ts";

test("keys sooner than the guard after the opening do not answer", () => {
  const panel = aStore(states["draining-held"]());
  type(panel, "u");
  panel.clock.forward(dialogGuardMs - 1);
  panel.store.comingFrom({ chunk: 900, printable: 1 });
  panel.store.press("y");
  expect(panel.heard.asked).toEqual([]);
  expect(panel.view().dialog).not.toBeNull();
  panel.clock.forward(1);
  panel.store.press("y");
  expect(panel.heard.asked).toMatchObject([{ request: "undo" }]);
});

test("keys of the chunk that opened a dialog never answer it, however late", () => {
  const panel = aStore(states["draining-held"]());
  panel.store.comingFrom({ chunk: 5, printable: 2 });
  panel.store.press("u");
  panel.clock.forward(60_000);
  panel.store.press("y");
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

test("a paste answers nothing, and says so", () => {
  const panel = aStore(states["remove-source-asked"]());
  type(panel, "m");
  panel.clock.forward(5_000);
  panel.store.paste("prod-eu\n");
  expect(panel.view().dialog?.answer).toMatchObject({ typed: "" });
  expect(panel.view().message?.text).toContain("pasted text does not answer");
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

test("the point of no return lists everything that cannot be undone", () => {
  const state = states["remove-source-asked"]();
  const panel = aStore(state);
  type(panel, "m");
  const body = panel.view().dialog?.body.map(textOf).join("\n") ?? "";
  const lost = state.plan?.touches.filter(({ undo }) => undo === null) ?? [];
  expect(lost.length).toBeGreaterThan(0);
  for (const { name } of lost) expect(body).toContain(name);
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
