import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { readValues } from "../../../src/commands/flags/read-values.ts";

const folder = mkdtempSync(path.join(tmpdir(), "values-"));
afterAll(() => rmSync(folder, { recursive: true }));

function read(source: string) {
  const file = path.join(folder, "values.yaml");
  writeFileSync(file, source);
  return readValues(file);
}

// What helm 3.19 and 4.1 themselves made of each, by `helm template` with a chart that prints its values.
test.each([
  ["yes", true],
  ["off", false],
  ["n", false],
  ["~", null],
  ["'yes'", "yes"],
  ["0755", 493],
  ["0o755", 493],
  ["0x1f", 31],
  ["0b11", 3],
  ["08", 8],
  ["1_000", 1000],
  ["1e3", 1000],
  ["12:30:45", "12:30:45"],
  ["1:30", "1:30"],
  ["2001-01-01", "2001-01-01"],
  ["2001-01-01T10:00:00Z", "2001-01-01T10:00:00Z"],
  ["!!binary aGk=", "hi"],
])("%s is read as helm reads it", (written, value) => {
  expect(read(`key: ${written}\n`)).toEqual({ key: value });
});

test("anchors and merge keys are resolved, and Windows line ends do no harm", () => {
  const source = "x: &r\r\n  replicas: 1\r\noperator:\r\n  <<: *r\r\nrelay: *r\r\n";
  expect(read(source)).toEqual({ x: { replicas: 1 }, operator: { replicas: 1 }, relay: { replicas: 1 } });
});

test("an empty file gives no values", () => {
  expect(read("")).toEqual({});
  expect(read("# nothing yet\n")).toEqual({});
});

/** Each line ten times the one before. */
const growing = ["a: &a [x,x,x,x,x,x,x,x,x,x]"]
  .concat(
    "bcdefgh".split("").map((key, index) => `${key}: &${key} [${Array(10).fill(`*${"abcdefg"[index]}`).join(",")}]`),
  )
  .join("\n");

test.each([
  ["a tab as indentation", "operator:\n\treplicas: 1\n", /is not YAML \(line 2: Tabs/],
  ["a key that comes twice", "a: 1\na: 2\n", /line 2: Map keys must be unique/],
  ["a second document", "a: 1\n---\nb: 2\n", /second document \(line 2\)/],
  ["a list", "- a\n", /not a map of values/],
  ["a mere word", "hello\n", /not a map of values/],
  ["an alias to nothing", "a: *gone\n", /cannot be read: Unresolved alias/],
  ["aliases that grow to a hundred million values", growing, /cannot be read: Excessive alias count/],
  ["a number without an end", "a: .inf\n", /a is Infinity/],
  ["a name of JavaScript's own", "a: {constructor: {b: 1}}\n", /constructor is no value of the chart/],
  ["a prototype", "__proto__: {b: 1}\n", /__proto__ is no value of the chart/],
  ["more than helm can keep", `a: ${"x".repeat(1024 * 1024)}\n`, /longer than the 1 MiB that are read of it/],
])("%s is refused in one sentence", (_what, source, message) => {
  expect(() => read(source)).toThrow(
    expect.objectContaining({
      code: "VALUES_REFUSED",
      message: expect.stringMatching(message),
      remedy: expect.stringMatching(/\w/),
    }),
  );
});

test("a folder and a file that is not there are told apart", () => {
  expect(() => readValues(folder)).toThrow(/cannot be read: it is a folder and not a file/);
  expect(() => readValues(path.join(folder, "gone.yaml"))).toThrow(/there is no values file/);
});
