import { expect, test } from "vitest";
import { canonicalJson } from "../../../src/engine/model/plan/canonical-json.ts";

test("the order in which keys were set does not show", () => {
  expect(canonicalJson({ b: { d: 1, c: [2, { z: 1, y: null }] }, a: "x" })).toBe(
    '{"a":"x","b":{"c":[2,{"y":null,"z":1}],"d":1}}',
  );
  expect(canonicalJson({ a: "x", b: { c: [2, { y: null, z: 1 }], d: 1 } })).toBe(
    canonicalJson({ b: { d: 1, c: [2, { z: 1, y: null }] }, a: "x" }),
  );
});

test("what JSON leaves out is left out, and what it cannot say is null", () => {
  expect(canonicalJson({ a: undefined, b: [undefined, Number.NaN] })).toBe('{"b":[null,null]}');
});

test.each([[{ a: 1 }], [[1, "é", { k: '\u2028"' }]], ["text"], [null], [0.5], [true]])(
  "JSON reads %j back",
  (value) => {
    expect(JSON.parse(canonicalJson(value))).toEqual(value);
  },
);
