import { describe, expect, test } from "vitest";
import { newsSchema } from "../../../src/kube/records/observer-schemas.ts";
import { planSchema } from "../../../src/kube/records/plan-schema.ts";
import { runStateSchema } from "../../../src/kube/records/run-schema.ts";
import {
  aBoolean,
  agreeing,
  aNumber,
  aText,
  byField,
  listOf,
  mapBy,
  mapOf,
  objectOf,
  oneOf,
  only,
  orAbsent,
  orNull,
  wrongIn,
} from "../../../src/kube/records/schema-parts.ts";
import { aRecord } from "../support/a-record.ts";

const person = objectOf({
  name: aText,
  age: orAbsent(aNumber),
  is: byField("kind", [objectOf({ kind: only("guest") }), objectOf({ kind: only("host"), rooms: listOf(aText) })]),
  marks: mapOf(orNull(aNumber)),
  by: mapBy(["me", "you"], aBoolean),
});
const ann = { name: "ann", is: { kind: "host", rooms: ["one"] }, marks: {}, by: {} };

const deep: unknown = JSON.parse(`${"[".repeat(20_000)}${"]".repeat(20_000)}`);

describe("what is wrong is said by its place and in words", () => {
  test.each<readonly [string, unknown, string | null]>([
    ["nothing", ann, null],
    ["a field that a newer version added", { ...ann, hurry: true }, null],
    ["no object", 3, "who is no object"],
    ["a list for an object", [ann], "who.name is missing"],
    ["null", null, "who is no object"],
    ["a field that is missing", { ...ann, name: undefined }, "who.name is no text"],
    ["a number for a text", { ...ann, name: 3 }, "who.name is no text"],
    ["an endless number", { ...ann, age: Number.POSITIVE_INFINITY }, "who.age is no number"],
    ["null for what may be absent", { ...ann, age: null }, "who.age is no number"],
    ["one of a list", { ...ann, is: { kind: "host", rooms: ["one", 2] } }, "who.is.rooms[1] is no text"],
    ["no list", { ...ann, is: { kind: "host", rooms: {} } }, "who.is.rooms is no list"],
    ["an unknown kind", { ...ann, is: { kind: "cook" } }, 'who.is.kind is "cook", which is not known'],
    ["no kind", { ...ann, is: {} }, "who.is.kind is missing"],
    ["an object for a kind", { ...ann, is: { kind: ann } }, "who.is.kind is an object, which is not known"],
    [
      "a kind nested deeper than the stack",
      { ...ann, is: { kind: deep } },
      "who.is.kind is a list, which is not known",
    ],
    [
      "a kind as long as a book",
      { ...ann, is: { kind: "x".repeat(1_000_000) } },
      `who.is.kind is "${"x".repeat(79)}…, which is not known`,
    ],
    ["one of a map", { ...ann, marks: { a: 1, b: "2" } }, "who.marks.b is no number"],
    ["an entry called constructor", { ...ann, marks: { constructor: "2" } }, "who.marks.constructor is no number"],
    [
      "an entry called __proto__",
      { ...ann, marks: JSON.parse('{"__proto__":"2"}') as unknown },
      "who.marks.__proto__ is no number",
    ],
    ["a key that is not of the list", { ...ann, by: { us: true } }, "who.by.us is not known"],
    [
      "a key as long as a book",
      { ...ann, marks: { ["k".repeat(9_000)]: "2" } },
      `who.marks.${"k".repeat(80)} is no number`,
    ],
  ])("%s", (_what, value, wrong) => {
    expect(wrongIn(person, value, "who")).toBe(wrong);
  });

  test("of a flood of faults the first is told, and the rest not looked for", () => {
    expect(
      wrongIn(
        listOf(aText),
        Array.from({ length: 500_000 }, () => 1),
        "list",
      ),
    ).toBe("list[0] is no text");
  });
});

const { plan, ...state } = aRecord;

describe("what reaches the program is what its types promise", () => {
  test.each<readonly [string, object, string]>([
    [
      "a warning without its objects",
      { checkResults: [{ ...plan.checkResults[0], objects: null }] },
      "plan.checkResults[0].objects is no list",
    ],
    [
      "a change in no known phase",
      { changes: [{ ...plan.changes[0], phase: "lunch" }] },
      'plan.changes[0].phase is "lunch", which is not known',
    ],
    [
      "an encapsulation that is none",
      { cilium: { ...plan.cilium, tunnelProtocol: "gre" } },
      'plan.cilium.tunnelProtocol is "gre", which is not known',
    ],
    [
      "a command that is an option",
      { options: { ...plan.options, reboot: { method: "command", argv: ["--x"] } } },
      "plan.options.reboot.argv[0] could be read as an option",
    ],
    [
      "no command at all",
      { options: { ...plan.options, reboot: { method: "command", argv: [] } } },
      "plan.options.reboot.argv[0] is missing",
    ],
    [
      "a chart that is an option",
      { cilium: { ...plan.cilium, chart: { path: "-x" } } },
      "plan.cilium.chart.path is no whole path of a chart",
    ],
  ])("%s", (_what, change, wrong) => {
    expect(wrongIn(planSchema, { ...plan, ...change }, "plan")).toBe(wrong);
  });

  test("a consent of no kind that we know", () => {
    const consents = { lunch: { by: "me", at: 1 } };
    expect(wrongIn(runStateSchema, { ...state, consents }, "state")).toBe("state.consents.lunch is not known");
  });

  test("a step of the run that nobody knows is no news", () => {
    expect(wrongIn(newsSchema, { version: 1 }, "news")).toBe("news.at is missing");
  });

  test("a schema that forgets a field, or knows a word too many, does not compile", () => {
    interface Seat {
      readonly row: number;
      readonly side?: "left" | "right";
    }
    agreeing<Seat>()(objectOf({ row: aNumber, side: orAbsent(oneOf(["left", "right"])) }));
    // @ts-expect-error It forgets what may be absent.
    agreeing<Seat>()(objectOf({ row: aNumber }));
    // @ts-expect-error There is no middle.
    agreeing<Seat>()(objectOf({ row: aNumber, side: orAbsent(oneOf(["left", "middle", "right"])) }));
  });
});
