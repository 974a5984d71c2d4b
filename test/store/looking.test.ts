import { expect, test } from "vitest";
import { attentionOf } from "../../src/store/views/attention.ts";
import { countNodes, progress, remainingMs } from "../../src/store/views/counts.ts";
import { pageOf, selectedNode, visibleNodes } from "../../src/store/views/rows.ts";
import { aStore, type } from "../support/panel/panel.tsx";
import { type StateName, states } from "../support/panel/states.ts";

const cursorAfter: readonly (readonly [keys: string, node: string])[] = [
  ["j", "worker-2"],
  ["down down", "worker-3"],
  ["j k k k", "worker-1"],
  ["G", "control-plane-1"],
  ["end home", "worker-1"],
  ["G g", "worker-1"],
  ["pagedown", "control-plane-1"],
  ["j right right left", "worker-3"],
  ["!", "worker-2"],
  ["G 2 !", "worker-2"],
];

for (const [keys, node] of cursorAfter) {
  test(`after ${keys} the cursor is on ${node}`, () => {
    const panel = aStore(states["draining-held"]());
    type(panel, ...keys.split(" "));
    expect(selectedNode(panel.state())?.name).toBe(node);
  });
}

test("from another node the way to the failed one comes before what to do about it, and what hides it is cleared", () => {
  const panel = aStore(states["failed-node"]());
  const { name } = Object.values(panel.state().run.nodes).find(({ state }) => state.phase === "failed") ?? { name: "" };
  type(panel, "/", ..."control".split(""), "enter");
  expect(attentionOf(panel.state()).remedy).toMatch(/^! goes there; /);
  type(panel, "!");
  expect([selectedNode(panel.state())?.name, panel.view().filter]).toEqual([name, ""]);
  expect(attentionOf(panel.state()).remedy).not.toContain("!");
});

const filters: readonly (readonly [filter: string, names: readonly string[]])[] = [
  ["worker-2", ["worker-2"]],
  ["!worker", ["control-plane-1"]],
  ["waiting", ["worker-2"]],
  ["migrated", ["worker-1"]],
  ["control-plane", ["control-plane-1"]],
  ["CILIUM", ["worker-1", "worker-2"]],
  ["flannel", ["worker-3", "worker-4", "worker-5", "control-plane-1"]],
  ["ctrl", ["control-plane-1"]],
  ["nowhere", []],
  ["!", ["worker-1", "worker-2", "worker-3", "worker-4", "worker-5", "control-plane-1"]],
];

for (const [filter, names] of filters) {
  test(`the filter ${filter} lets ${names.length} nodes through`, () => {
    const { state } = aStore(states["draining-held"]());
    const { view, ...rest } = state();
    expect(visibleNodes({ ...rest, view: { ...view, filter } })).toEqual(names);
  });
}

test("a filter is typed, kept with Enter, walked with n and N, and cleared with Esc", () => {
  const panel = aStore(states["draining-held"]());
  type(panel, "/", ..."worker-".split(""), "enter", "n", "n", "N");
  expect(panel.view()).toMatchObject({ filter: "worker-", filtering: false, cursor: "worker-2" });
  type(panel, "esc");
  expect(panel.view().filter).toBe("");
});

test("letters typed into a filter do nothing else", () => {
  const panel = aStore(states["draining-held"]());
  type(panel, "/", "p", "q", "u", "U");
  expect(panel.view().filter).toBe("pquU");
  expect(panel.heard).toEqual({ asked: [], terminal: [] });
});

test("v marks a range, a marks all or none, Esc clears", () => {
  const panel = aStore(states["draining-held"]());
  type(panel, "j", "v", "j", "j", "v");
  expect(Object.keys(panel.view().marks)).toEqual(["worker-2", "worker-3", "worker-4"]);
  type(panel, "a");
  expect(Object.keys(panel.view().marks)).toHaveLength(6);
  type(panel, "a");
  expect(panel.view().marks).toEqual({});
  type(panel, "space", "esc");
  expect(panel.view().marks).toEqual({});
});

test("the cursor walks inside a fixed page", () => {
  const panel = aStore(states["5000-nodes"]());
  const first = () => pageOf(panel.state(), 14).first;
  type(panel, "j", "j", "j");
  expect(first()).toBe(0);
  type(panel, "pagedown");
  expect(first()).toBe(14);
  type(panel, "G");
  expect(pageOf(panel.state(), 14)).toMatchObject({ first: 4998, cursorIndex: 4999, total: 5000 });
});

test("panes turn with Tab and back, by number, and Esc goes back to the nodes", () => {
  const panel = aStore(states["draining-held"]());
  const pane = (...keys: readonly string[]) => {
    type(panel, ...keys);
    return panel.view().pane;
  };
  expect(pane("tab")).toBe("details");
  expect(pane("tab")).toBe("plan");
  expect(pane("shift-tab")).toBe("details");
  expect(pane("esc")).toBe("nodes");
  expect(pane("4")).toBe("log");
  expect(pane("l")).toBe("nodes");
  expect(pane("enter")).toBe("details");
  expect(pane("esc", "esc", "esc")).toBe("nodes");
});

test("keys about the terminal reach it", async () => {
  const panel = aStore(states["draining-held"]());
  type(panel, "y", "ctrl-l", "ctrl-z", "ctrl-s");
  await Promise.resolve();
  expect(panel.heard.terminal).toEqual(["copy worker-1", "repaint", "suspend"]);
  expect(panel.view().message?.text).toBe("screen written to /tmp/screen.txt");
});

const sentences: readonly (readonly [state: StateName, words: string, spins: boolean])[] = [
  ["looking", "Looking at the cluster", true],
  ["planning-with-blockers", "Waits for preflight: 1 pod has no controller: shop/debug", false],
  ["consent-nodes", "press m", false],
  [
    "draining-held",
    "worker-2 waits for default/db-0: PodDisruptionBudget db allows 0 of 1 (needs 1 healthy, has 1), 1m36s",
    true,
  ],
  ["pausing", "Pausing after worker-2 is moved and uncordoned", true],
  ["paused", "Paused: nothing is started", false],
  ["failed-node", "Failed: worker-2 does not reach the old side", false],
  ["rolling-back", "worker-2: Drain, 21s", true],
  ["finalize-asked", "Press m to finalize", false],
  ["remove-source-asked", "Point of no return", false],
  ["done", "every node is on Cilium", false],
  ["stale-link", "What is shown may be 34s old", true],
];

for (const [state, words, spins] of sentences) {
  test(`why it waits, when ${state}: ${words}`, () => {
    const attention = attentionOf(aStore(states[state]()).state());
    expect(attention.text).toContain(words);
    expect(attention.spins).toBe(spins);
  });
}

test("progress counts moved nodes, and the one in hand by its steps", () => {
  const run = states["draining-held"]();
  expect(countNodes(run)).toEqual({ total: 6, done: 1, failed: 0, excluded: 0, inHand: 1 });
  expect(progress(run)).toBeCloseTo(0.217, 2);
  const everyMoved = progress(states["finalize-asked"]());
  expect(everyMoved).toBeGreaterThan(0.75);
  expect(everyMoved).toBeLessThan(1);
  expect(progress(states.done())).toBe(1);
});

test("the estimate learns from the nodes that were moved", () => {
  const run = states.paused();
  const left = remainingMs(run) ?? 0;
  const slower = Object.fromEntries(
    Object.entries(run.nodes).map(([name, node]) => [
      name,
      node.state.phase === "migrated" ? { ...node, state: { ...node.state, tookMs: node.state.tookMs * 3 } } : node,
    ]),
  );
  expect(remainingMs({ ...run, nodes: slower }) ?? 0).toBeGreaterThan(left * 1.5);
  expect(remainingMs(states.done())).toBeNull();
});
