import { expect, test } from "vitest";
import { parse } from "yaml";
import { documentsOf, toYaml } from "../../helm/yaml.ts";

const shared = { name: "a" };

test.each([["yes"], ["off"], ["0755"], ["1:30"], ["8473"], ["null"], ["~"], [""]])(
  "the text %j is text to a reader of YAML 1.1",
  (text) => {
    expect(parse(toYaml({ text }), { version: "1.1" })).toEqual({ text });
  },
);

test("what occurs twice is printed twice, and a long line is one line", () => {
  expect(toYaml({ one: shared, two: shared, long: "word ".repeat(60).trim() })).toBe(
    `one:\n  name: a\ntwo:\n  name: a\nlong: ${"word ".repeat(60).trim()}\n`,
  );
});

test("an empty stream has no documents, and a fault in any of them is thrown", () => {
  expect(documentsOf("")).toEqual([]);
  expect(() => documentsOf("a: 1\n---\nb: [\n")).toThrow();
});
