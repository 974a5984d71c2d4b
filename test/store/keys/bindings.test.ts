import { expect, test } from "vitest";
import type { EngineRequest } from "../../../src/engine/model/events.ts";
import { reason } from "../../../src/engine/model/reason.ts";
import { bindings, footerBindings } from "../../../src/store/keys/bindings.ts";
import { aStore, type } from "../../support/panel/panel.tsx";
import { type StateName, states } from "../../support/panel/states.ts";
import { aFailure } from "../../support/said.ts";

const by = "ada@bastion";

test("no key stands for two things", () => {
  const keys = bindings.flatMap((binding) => binding.keys);
  expect(keys.toSorted()).toEqual([...new Set(keys)].toSorted());
});

test("every binding can be told apart and explained", () => {
  for (const { id, help, shown, label } of bindings) {
    expect(id).toMatch(/^[a-z-]+$/);
    expect(help.length).toBeGreaterThan(5);
    expect(shown).not.toBe("");
    expect(label).not.toBe("");
  }
});

/** What is pressed on which state → what is asked of the run. */
const asks: readonly (readonly [what: string, state: StateName, keys: string, requests: readonly EngineRequest[]])[] = [
  ["p pauses", "draining-held", "p", [{ request: "pause", by }]],
  ["P resumes a paused run", "paused", "P", [{ request: "resume", by }]],
  ["P takes a pause back that has not taken hold", "pausing", "P", [{ request: "resume", by }]],
  ["P does nothing while the run goes on", "draining-held", "P", []],
  ["p does nothing while it is paused", "paused", "p", []],
  [
    "m, the second choice, Enter: the nodes may move",
    "consent-nodes",
    "m j enter",
    [{ request: "consent", consent: "nodes", by }],
  ],
  ["m, Enter: the safe choice asks nothing", "consent-nodes", "m enter", []],
  ["a number only chooses", "consent-nodes", "m 2", []],
  ["a number and Enter", "consent-nodes", "m 2 enter", [{ request: "consent", consent: "nodes", by }]],
  ["finalize", "finalize-asked", "m down enter", [{ request: "consent", consent: "finalize", by }]],
  ["Esc closes a consent", "finalize-asked", "m j esc enter", []],
  [
    "the point of no return wants the cluster's name",
    "remove-source-asked",
    "m p r o d - e u enter",
    [{ request: "consent", consent: "remove-source", by }],
  ],
  ["a wrong name does nothing", "remove-source-asked", "m p r o d enter", []],
  ["y does not answer a typed question", "remove-source-asked", "m y enter", []],
  [
    "a typed name can be mended",
    "remove-source-asked",
    "m p x backspace r o d - e u enter",
    [{ request: "consent", consent: "remove-source", by }],
  ],
  [
    "a queued node is excluded, once confirmed",
    "draining-held",
    "G m j enter",
    [{ request: "exclude", nodes: ["control-plane-1"], by }],
  ],
  ["m alone excludes nothing", "draining-held", "G m", []],
  ["m, Enter: the safe choice excludes nothing", "draining-held", "G m enter", []],
  [
    "marked nodes are excluded together, once confirmed",
    "draining-held",
    "G space k space m j enter",
    [{ request: "exclude", nodes: ["worker-5", "control-plane-1"], by }],
  ],
  [
    "an excluded node is included, once confirmed",
    "rolling-back",
    "j j j m j enter",
    [{ request: "include", nodes: ["worker-4"], by }],
  ],
  ["m alone includes nothing", "rolling-back", "j j j m", []],
  ["a and m of a paste exclude nothing", "draining-held", "a m", []],
  [
    "marked nodes are excluded before the first consent",
    "consent-nodes",
    "1 G space k space m j enter",
    [{ request: "exclude", nodes: ["worker-5", "control-plane-1"], by }],
  ],
  [
    "s leaves marked queued nodes out together",
    "draining-held",
    "G space k space g s j enter",
    [{ request: "exclude", nodes: ["worker-5", "control-plane-1"], by }],
  ],
  [
    "s is about the marked node, not the cursor's",
    "draining-held",
    "G space g s j enter",
    [{ request: "skip", node: "control-plane-1", by }],
  ],
  [
    "u is about the marked node, not the cursor's",
    "draining-held",
    "g space G u j enter",
    [{ request: "rollback", node: "worker-1", by }],
  ],
  ["u does not take several marked nodes back", "draining-held", "g space space u j enter", []],
  ["a moved node is neither", "draining-held", "m", []],
  [
    "u, the second choice, Enter: the node is rolled back",
    "draining-held",
    "u j enter",
    [{ request: "rollback", node: "worker-1", by }],
  ],
  ["u, Enter: the safe choice does not", "draining-held", "u enter", []],
  ["u and u do not: the opening key never confirms", "draining-held", "u u", []],
  ["a queued node has nothing to undo", "draining-held", "G u j enter", []],
  ["U wants the number of nodes", "paused", "U 2 enter", [{ request: "rollback-all", by }]],
  ["U and a wrong number", "paused", "U 3 enter", []],
  ["a node that is set aside is one of them", "node-deferred", "U 3 enter", [{ request: "rollback-all", by }]],
  ["u takes it back, once confirmed", "node-deferred", "j u j enter", [{ request: "rollback", node: "worker-2", by }]],
  ["r does not move it again", "node-deferred", "j r j enter", []],
  [
    "r retries the failed node, once confirmed",
    "failed-node",
    "j r j enter",
    [{ request: "retry", node: "worker-2", by }],
  ],
  ["r alone retries nothing", "failed-node", "j r", []],
  ["r, Enter: the safe choice retries nothing", "failed-node", "j r enter", []],
  [
    "r is about the marked node, not the cursor's",
    "failed-node",
    "j space g r j enter",
    [{ request: "retry", node: "worker-2", by }],
  ],
  [
    "o is about the marked node, not the cursor's",
    "failed-node",
    "j space g o j enter",
    [{ request: "retry", node: "worker-2", by }],
  ],
  ["r does not retry several marked nodes", "failed-node", "a r j enter", []],
  ["o is not about several marked nodes", "failed-node", "a o j enter", []],
  ["r on a node that has not failed", "failed-node", "r j enter", []],
  [
    "s leaves a queued node out, once confirmed",
    "draining-held",
    "G s j enter",
    [{ request: "skip", node: "control-plane-1", by }],
  ],
  ["s on a moved node", "draining-held", "s j enter", []],
  ["o retries the failed node", "failed-node", "j o j enter", [{ request: "retry", node: "worker-2", by }]],
  ["o undoes the failed node", "failed-node", "j o j j enter", [{ request: "rollback", node: "worker-2", by }]],
  ["o skips the failed node", "failed-node", "j o G j j j enter", [{ request: "skip", node: "worker-2", by }]],
  ["o undoes a held node", "draining-held", "j o j enter", [{ request: "rollback", node: "worker-2", by }]],
  ["o keeps waiting by default", "draining-held", "j o enter", []],
  ["b is only for reboots by hand", "draining-held", "j b j enter", []],
  ["nothing can be asked of a run that is over", "done", "p u j enter U r j enter s m", []],
  ["blockers leave nothing to consent to", "planning-with-blockers", "m enter", []],
];

for (const [what, state, keys, requests] of asks) {
  test(`${what} (${state}: ${keys})`, () => {
    const panel = aStore(states[state]());
    type(panel, ...keys.split(" "));
    expect(panel.heard.asked).toEqual(requests);
    panel.store.end();
  });
}

const manual = () => {
  const state = states["draining-held"]();
  const { plan } = state;
  const node = state.nodes["worker-2"];
  if (!plan || node?.state.phase !== "migrating") throw new Error("the fixture changed");
  return {
    ...state,
    plan: { ...plan, options: { ...plan.options, reboot: { method: "manual" as const } } },
    nodes: { ...state.nodes, "worker-2": { ...node, state: { ...node.state, step: "reboot" as const } } },
  };
};

test("b says that a node was rebooted by hand", () => {
  const panel = aStore(manual());
  type(panel, "j", "b");
  expect(panel.heard.asked).toEqual([]);
  expect(panel.view().dialog?.title).toBe("worker-2 was rebooted");
  type(panel, "j", "enter");
  expect(panel.heard.asked).toEqual([{ request: "rebooted", node: "worker-2", by }]);
});

test("b is about the marked node, not the cursor's", () => {
  const panel = aStore(manual());
  type(panel, "j", "space", "g", "b", "j", "enter");
  expect(panel.heard.asked).toEqual([{ request: "rebooted", node: "worker-2", by }]);
});

test("the run's failed step is retried whatever node is selected", () => {
  const failure = aFailure("HELM_FAILED", "helm failed", "r retries");
  const state = states.paused();
  const panel = aStore({ ...state, steps: { ...state.steps, upgrade: { state: "failed", failure } } });
  type(panel, "r");
  expect(panel.heard.asked).toEqual([]);
  type(panel, "j", "enter");
  expect(panel.heard.asked).toEqual([{ request: "retry", node: null, by }]);
});

test("past the point of no return nothing offers to undo", () => {
  const state = states["remove-source-asked"]();
  const panel = aStore({ ...state, asking: null, consents: { ...state.consents, "remove-source": { by, at: 0 } } });
  type(panel, "u", "j", "enter", "U", "6", "enter");
  expect(panel.heard.asked).toEqual([]);
  expect(footerBindings(panel.state()).map(({ id }) => id)).not.toContain("rollback");
});

test("a key that does nothing now says why", () => {
  const panel = aStore(states["draining-held"]());
  type(panel, "r");
  expect(panel.view().message?.text).toBe("r: worker-1 has not failed");
});

test("what the engine refuses is said in its words", async () => {
  const panel = aStore(states["draining-held"](), { answer: () => reason("paused-already", {}) });
  type(panel, "p");
  await new Promise(setImmediate);
  expect(panel.view().message).toMatchObject({ text: "the run is paused already", bad: true });
});

test("the footer offers only keys that work", () => {
  for (const build of Object.values(states)) {
    const panel = aStore(build());
    for (const binding of footerBindings(panel.state())) expect(binding.blocked(panel.state())).toBeNull();
    panel.store.end();
  }
});

/** What one who watches presses → what is asked of the runner; everything else is refused with the reason. */
const observers: readonly (readonly [keys: string, requests: readonly EngineRequest[], said: string])[] = [
  ["p", [{ request: "pause", by }], ""],
  ["j u", [], "you watch; ada@bastion/4121 runs it: T asks for it"],
  ["m", [], "you watch; ada@bastion/4121 runs it: T asks for it"],
  ["U", [], "you watch; ada@bastion/4121 runs it: T asks for it"],
  ["r", [], "you watch; ada@bastion/4121 runs it: T asks for it"],
  ["R", [], "you watch"],
];

test.each(observers)("an observer presses %s", (keys, requests, said) => {
  const panel = aStore(states.watched(), { watching: true });
  type(panel, ...keys.split(" "));
  expect(panel.heard.asked).toEqual(requests);
  expect(panel.view().message?.text ?? "").toContain(said);
  expect(panel.view().dialog).toBeNull();
});

test.each(["watched-expired", "watched-free"] as const)(
  "of %s nothing can be asked, but it can be taken over",
  (state) => {
    const panel = aStore(states[state](), { watching: true });
    type(panel, "p");
    expect(panel.heard.asked).toEqual([]);
    expect(panel.view().message?.text).toContain("no engine runs it: T takes it over");
    type(panel, "T", "j", "enter");
    expect(panel.heard.terminal).toEqual(["take over"]);
  },
);

test("T, Enter: the safe choice keeps watching; T is nothing for whose engine runs it", () => {
  const panel = aStore(states.watched(), { watching: true });
  type(panel, "T", "enter");
  expect(panel.heard.terminal).toEqual([]);
  const own = aStore(states["draining-held"]());
  type(own, "T");
  expect(own.view().message?.text).toContain("this panel's engine");
});

test("an observer leaves without a question", () => {
  const panel = aStore(states.watched(), { watching: true });
  type(panel, "q");
  expect(panel.view().dialog).toBeNull();
});

test("a key that is no key says so", () => {
  const panel = aStore(states["draining-held"]());
  type(panel, "x");
  expect(panel.view().message?.text).toBe("x: no such key, ? lists them");
});
