import { expect, test } from "vitest";
import type { EngineEvent } from "../../src/engine/model/events.ts";
import { publishEveryMs } from "../../src/store/panel-store.ts";
import { seen } from "../support/a-node.ts";
import { logEvent } from "../support/log-line.ts";
import { aStore, type } from "../support/panel/panel.tsx";
import { now, states } from "../support/panel/states.ts";

const looked = (node: string, change = {}): EngineEvent => ({
  type: "node-seen",
  at: now,
  node,
  snapshot: seen("source", 1, change),
});

test("a thousand events in a second are shown at most five times", () => {
  const panel = aStore(states["draining-held"]());
  let published = 0;
  panel.store.subscribe((state, before) => {
    if (state.run !== before.run) published += 1;
  });
  for (let index = 0; index < 1_000; index++) {
    panel.store.receive(looked("worker-3", { bootId: `boot-${index}` }));
    panel.clock.forward(1);
  }
  expect(published).toBeGreaterThan(3);
  expect(published).toBeLessThanOrEqual(5);
});

test("the newest look at a node is the one that is shown", () => {
  const panel = aStore(states["draining-held"]());
  for (let index = 0; index < 10; index++) panel.store.receive(looked("worker-3", { bootId: `boot-${index}` }));
  panel.clock.forward(publishEveryMs);
  expect(panel.state().run.nodes["worker-3"]?.snapshot?.bootId).toBe("boot-9");
});

test("a node that vanished and was looked at again is there, in that order", () => {
  const panel = aStore(states["draining-held"]());
  panel.store.receive(looked("worker-3"));
  panel.store.receive(looked("worker-3"));
  panel.store.receive({ type: "node-vanished", at: now, node: "worker-3" });
  panel.clock.forward(publishEveryMs);
  expect(panel.state().run.order).not.toContain("worker-3");
});

test("a key is applied at once, to the newest state", () => {
  const panel = aStore(states["draining-held"]());
  panel.store.receive(looked("worker-2"));
  panel.store.receive({ type: "pace-changed", at: now, pace: "paused", by: "bob", takesHoldAt: "" });
  panel.store.press("p");
  expect(panel.heard.asked).toEqual([]);
  expect(panel.view().message?.text).toContain("paused already");
});

test("nothing ticks once the run is over, and seldom while it is paused", () => {
  const over = aStore(states.done());
  expect(over.clock.pending).toBe(0);
  const paused = aStore(states.paused());
  let changes = 0;
  paused.store.subscribe(() => {
    changes += 1;
  });
  paused.clock.forward(59_000);
  expect(changes).toBe(0);
  const moving = aStore(states.pausing());
  const before = moving.state().now;
  moving.clock.forward(3_000);
  expect(moving.state().now - before).toBeGreaterThanOrEqual(2_000);
});

test("the plan makes room for the nodes when the move begins", () => {
  const panel = aStore(states["consent-nodes"]());
  expect(panel.view().pane).toBe("plan");
  panel.store.receive({ type: "consent-given", at: now, consent: "nodes", by: "ada" });
  panel.clock.forward(publishEveryMs);
  expect(panel.view().pane).toBe("nodes");
});

test("when the engine is gone nothing can be asked any more", () => {
  const panel = aStore(states["draining-held"]());
  panel.store.closed("the socket was closed");
  type(panel, "p");
  expect(panel.heard.asked).toEqual([]);
  expect(panel.state().closed).toBe("the socket was closed");
});

test("the log stays where it was scrolled to while it grows, until f follows", () => {
  const panel = aStore(states["draining-held"]());
  for (let index = 0; index < 60; index++) {
    panel.store.receive(logEvent(`line ${index}`, { at: now }));
  }
  type(panel, "l", "k", "k");
  expect(panel.view()).toMatchObject({ follow: false, logBack: 2 });
  panel.store.receive(logEvent("one more", { at: now }));
  panel.clock.forward(publishEveryMs);
  expect(panel.view().logBack).toBe(3);
  type(panel, "f");
  expect(panel.view()).toMatchObject({ follow: true, logBack: 0 });
});
