import { expect, test } from "vitest";
import { asTerms, matches, parseSelector } from "../../../../../src/engine/sources/calico/policies/selector.ts";

const friend = { role: "friend", tier: "front end" };

test.each([
  ["", true],
  ["all()", true],
  ["role == 'friend'", true],
  ['role == "foe"', false],
  ["role != 'foe'", true],
  ["missing != 'foe'", true],
  ["role in {'foe', 'friend'}", true],
  ["role not in {'foe'}", true],
  ["missing not in { 'foe' }", true],
  ["has(role) && !has(missing)", true],
  ["!(has(role) && has(tier))", false],
  ["role == 'foe' || (has(tier) && role starts with 'fr')", true],
  ["tier contains 'end' && tier ends with 'end'", true],
  ["global()", false],
])("%s selects a friend: %s", (text, selected) => {
  const read = parseSelector(text);
  expect(read && matches(read, friend)).toBe(selected);
});

test.each([
  "role ==",
  "role == friend",
  "role ~ 'x'",
  "(has(role)",
  "has(role) has(tier)",
  "in {'a'}",
  "role in {'a'",
  "some()",
])("%s is no selector", (text) => expect(parseSelector(text)).toBeNull());

test("what Kubernetes can say becomes alternatives of conditions", () => {
  const terms = (text: string) => {
    const read = parseSelector(text);
    return read && asTerms(read);
  };
  expect(terms("role == 'friend' && !has(old)")).toEqual([
    [
      { key: "role", operator: "In", values: ["friend"] },
      { key: "old", operator: "DoesNotExist" },
    ],
  ]);
  expect(terms("!(has(a) && b == 'c')")).toEqual([
    [{ key: "a", operator: "DoesNotExist" }],
    [{ key: "b", operator: "NotIn", values: ["c"] }],
  ]);
  expect(terms("all()")).toEqual([[]]);
  for (const text of ["!all()", "global()", "a starts with 'b'", "a in {}"]) expect(terms(text)).toBeNull();
});
