import { describe, expect, test } from "vitest";
import { longestLine, parseLine } from "../../../src/kube/prober/parse-line.ts";
import { lineSplitter } from "../../../src/kube/prober/split-lines.ts";
import { randomFrom } from "../../truth/random.ts";

const whole = {
  crossfade: 1,
  me: "worker-1",
  boot: "1a-2b",
  line: 7,
  at: 1_796_098_513_131,
  gen: "g1",
  stall: 12,
  bad: 1,
  problems: ["udp 8080 0.0.0.0 in-use"],
  to: [
    { id: "a", good: 5, lost: 0, ms: [0.4, 0.5, 0.9] },
    {
      id: "b",
      good: 3,
      lost: 2,
      ms: [1, 2, 3],
      gap: [400, 1_796_098_512_839],
      run: 2,
      heard: [25, 23],
      error: "timeout",
    },
  ],
  from: [["worker-2", 21]],
  events: [{ what: "broken", id: "c", at: 1_796_098_512_606, held: 4_272, why: "closed" }],
  more: 3,
};
const said = (changes: object = {}) => JSON.stringify({ ...whole, ...changes });

test("a whole line is read field by field", () => {
  expect(parseLine(said())).toEqual({
    kind: "line",
    line: {
      me: "worker-1",
      boot: "1a-2b",
      number: 7,
      at: 1_796_098_513_131,
      generation: "g1",
      stallMs: 12,
      badTargets: 1,
      problems: ["udp 8080 0.0.0.0 in-use"],
      flows: [
        {
          id: "a",
          good: 5,
          lost: 0,
          delayMs: { least: 0.4, mean: 0.5, most: 0.9 },
          gap: null,
          lostInARow: 0,
          reordered: 0,
          late: 0,
          peerStallMs: 0,
          heard: null,
          error: "",
        },
        {
          id: "b",
          good: 3,
          lost: 2,
          delayMs: { least: 1, mean: 2, most: 3 },
          gap: { ms: 400, since: 1_796_098_512_839 },
          lostInARow: 2,
          reordered: 0,
          late: 0,
          peerStallMs: 0,
          heard: { sent: 25, received: 23 },
          error: "timeout",
        },
      ],
      heardFrom: { "worker-2": 21 },
      events: [{ what: "broken", id: "c", at: 1_796_098_512_606, heldMs: 4_272, why: "closed" }],
      moreEvents: 3,
    },
  });
});

describe("what is no line", () => {
  test.each([
    ["", "foreign"],
    ["ports tcp 8080 udp 8080", "foreign"],
    ['{"level":"info"}', "foreign"],
    ["null", "foreign"],
    [said().slice(0, 100), "malformed"],
    [said({ crossfade: 2 }), "malformed"],
    [said({ me: "" }), "malformed"],
    [said({ line: -1 }), "malformed"],
    [said({ at: "today" }), "malformed"],
    [said({ to: {} }), "malformed"],
    [said({ me: "x".repeat(longestLine) }), "malformed"],
  ] as const)("%.40s is %s", (raw, kind) => {
    expect(parseLine(raw).kind).toBe(kind);
  });
});

test("one odd entry costs itself alone", () => {
  const odd = [null, 7, { id: "x" }, { id: "y", good: "5", lost: 0 }, { id: "\u001b[2J", good: 1, lost: -1 }];
  const read = parseLine(
    said({ to: [...odd, { id: "\u001bz", good: 1, lost: 0, ms: ["a"], gap: [0, 0], heard: [1, 2] }] }),
  );
  expect(read.kind === "line" && read.line.flows).toEqual([
    expect.objectContaining({ id: "z", good: 1, lost: 0, delayMs: null, gap: null, heard: null }),
  ]);
});

test("a flood is cut to what a prober can say", () => {
  const many = Array.from({ length: 1_000 }, (_, index) => index);
  const read = parseLine(
    said({
      to: many.map((index) => ({ id: `t${index}`, good: 1, lost: 0 })),
      from: many.map((index) => [`n${index}`, 1]),
      events: many.map(() => whole.events[0]),
      problems: many.map(String),
    }),
  );
  const { flows = [], heardFrom = {}, events = [], problems = [] } = read.kind === "line" ? read.line : {};
  expect([flows.length, Object.keys(heardFrom).length, events.length, problems.length]).toEqual([256, 256, 32, 8]);
});

test("a name cannot reach a prototype", () => {
  const read = parseLine(
    said({
      from: [
        ["__proto__", 5],
        ["constructor", 3],
      ],
    }),
  );
  const heard = read.kind === "line" ? read.line.heardFrom : {};
  expect(Object.entries(heard)).toEqual([
    ["__proto__", 5],
    ["constructor", 3],
  ]);
  expect(({} as Record<string, unknown>)["5"]).toBeUndefined();
});

test.each([1, 2, 3, 4, 5])("whatever 2,000 damaged lines say, nothing is thrown (seed %i)", (seed) => {
  const random = randomFrom(seed);
  const raw = said();
  for (let round = 0; round < 2_000; round++) {
    const at = random.between(0, raw.length);
    const to = at + random.between(0, 20);
    const other = random.pick(['"', "}", "[", "null", "1e999", "-5", "\\u0000", ""]);
    const read = parseLine(raw.slice(0, at) + other + raw.slice(to));
    if (read.kind !== "line") continue;
    for (const { good, lost } of read.line.flows)
      expect(good >= 0 && lost >= 0 && Number.isFinite(good + lost)).toBe(true);
  }
});

describe("lines out of chunks", () => {
  test("whatever the cuts, also inside a letter", () => {
    const bytes = Buffer.from("eins\nzwölf\n\nrest");
    for (let size = 1; size <= bytes.length; size++) {
      const split = lineSplitter();
      const found = [];
      for (let from = 0; from < bytes.length; from += size) found.push(...split(bytes.subarray(from, from + size)));
      expect(found).toEqual(["eins", "zwölf", ""]);
    }
  });

  test("a line without an end is dropped when it is too long, and what follows is read", () => {
    const split = lineSplitter();
    const flood = Buffer.alloc(100_000, 120);
    for (let round = 0; round < 50; round++) expect(split(flood)).toEqual([]);
    expect(split(Buffer.from("x\ngood\n"))).toEqual(["good"]);
  });
});
