import { expect, test } from "vitest";
import { parseLabelSelector } from "../../api/label-selector.ts";

const pod = { app: "web", tier: "front", "example.com/rank": "7" };

test.for([
  ["app=web", true],
  ["app==web", true],
  ["app=db", false],
  ["app!=db", true],
  ["missing!=x", true],
  ["app in (web, db)", true],
  ["app in (db)", false],
  ["missing in (a)", false],
  ["app notin (db)", true],
  ["app notin (web)", false],
  ["missing notin (a)", true],
  ["app", true],
  ["missing", false],
  ["!missing", true],
  ["! app", false],
  ["app=web,tier in (front,back),!missing", true],
  ["app=web,tier=back", false],
  ["example.com/rank>6", true],
  ["example.com/rank<7", false],
  ["missing=", false],
  ["toString", false],
] as const)("%s holds the pod: %s", ([selector, held]) => {
  expect(parseLabelSelector(selector)?.(pod)).toBe(held);
});

test("nothing to select is no selector", () => {
  expect(parseLabelSelector("")).toBeNull();
});

test.for(["a in", "a in (b", "a b", "=x", "a=b,,c", "in (x)"])("%s is refused", (selector) => {
  expect(() => parseLabelSelector(selector)).toThrow(expect.objectContaining({ code: 400 }));
});
