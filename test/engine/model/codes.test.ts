import { expect, test } from "vitest";
import { failures } from "../../../src/engine/model/reasons/failures.ts";
import { byCheck, findings } from "../../../src/engine/model/reasons/findings.ts";
import { waits } from "../../../src/engine/model/reasons/waits.ts";

const twice = (codes: readonly string[]) => codes.filter((code, index) => codes.indexOf(code) !== index);

test("no list of codes has one that another has: its facts would be taken for the other's", () => {
  expect(twice([waits, failures, findings].flatMap((list) => Object.keys(list)))).toEqual([]);
});

test("no two checks find by one code", () => {
  expect(twice(Object.values(byCheck).flatMap((codes) => Object.keys(codes)))).toEqual([]);
});
