import { expect, test } from "vitest";
import { closingLine } from "../../../src/store/views/closing-line.ts";
import { aStore } from "../../support/panel/panel.tsx";
import { type StateName, states } from "../../support/panel/states.ts";

test.each<[StateName, RegExp | null]>([
  ["looking", null],
  ["consent-nodes", /^nothing was changed yet$/],
  ["draining-held", /^the run (pauses|goes on)/],
  ["paused", /^the run stays paused$/],
  ["failed-node", /^the run (pauses|goes on)/],
  ["done", /^the run ended: every node runs on Cilium; /],
])("left at %s the shell keeps a line that says how it stands", (name, words) => {
  const line = closingLine(aStore(states[name]()).state());
  if (words === null) expect(line).toBeNull();
  else expect(line).toMatch(words);
});

test("of a run of somebody else's, and of the demo's, it says whose it is", () => {
  const watched = closingLine(aStore(states["draining-held"](), { watching: true }).state());
  expect(watched).toMatch(/runs the run, and goes on with it$|no engine runs it/);
  const demo = closingLine(aStore(states["draining-held"](), { ownCluster: true }).state());
  expect(demo).toBe("the demo's cluster ends with this panel");
});

test("an engine that died is no run that goes on", () => {
  const { store, state } = aStore(states["draining-held"]());
  store.closed("it ended by SIGKILL");
  expect(closingLine(state())).toContain("the engine is gone (it ended by SIGKILL)");
});
