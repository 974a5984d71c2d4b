import { expect, test } from "vitest";
import { markOf, restartMark, turnOf } from "../../../src/engine/rounds/restart-mark.ts";
import { aNode } from "../../support/facts.ts";

const marked = (mark: object | string, over: Partial<ReturnType<typeof aNode>> = {}) =>
  aNode("a", {
    bootId: "one",
    annotations: { [restartMark]: typeof mark === "string" ? mark : JSON.stringify(mark) },
    ...over,
  });
const first = { bootId: "one", cordoned: false, askedAt: null };
const earlier = { ...first, bootId: "zero" };

test.each([
  ["nothing was begun", aNode("a", { bootId: "one" }), 4, "mark"],
  ["a mark that another wrote", marked("yes"), 4, "mark"],
  ["a mark without a boot", marked({ cordoned: false }), 4, "mark"],
  ["marked", marked(first), 4, "cordon"],
  ["cordoned", marked(first, { cordoned: true }), 4, "drain"],
  ["drained", marked(first, { cordoned: true }), 0, "restart"],
  ["on its way down", marked(first, { cordoned: true, ready: false }), 0, "restart"],
  ["another boot, not Ready yet", marked(earlier, { cordoned: true, ready: false }), 0, "return"],
  ["back", marked(earlier, { cordoned: true }), 0, "uncordon"],
  ["back, and others had cordoned it", marked({ ...earlier, cordoned: true }, { cordoned: true }), 0, "over"],
  ["back and open, with pods again", marked(earlier), 7, "over"],
])("%s", (_what, node, pods, turn) => {
  expect(turnOf(node, pods)).toBe(turn);
});

test("when a restart was asked for is read back, and null where it was not", () => {
  expect(markOf(marked({ ...first, askedAt: 7 }))?.askedAt).toBe(7);
  expect(markOf(marked(first))?.askedAt).toBeNull();
});
