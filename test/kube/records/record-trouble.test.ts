import { describe, expect, test } from "vitest";
import { examineNode, examineRun } from "../../../src/kube/records/examined-record.ts";
import { readNode, writeNode } from "../../../src/kube/records/node-record.ts";
import { accepted, openRecord, readRecord, writeRecord } from "../../../src/kube/records/run-record.ts";
import { saidOf } from "../../support/said.ts";
import { aNodeRecord, aRecord, asMap } from "../support/a-record.ts";

type Data = Record<string, string>;
const good = writeRecord(aRecord).data;
const state = (change: object): Data => ({
  ...good,
  state: JSON.stringify({ ...JSON.parse(good["state"] ?? ""), ...change }),
});
const plan = (from: string, to: string): Data => ({ ...good, plan: (good["plan"] ?? "").replace(from, to) });
const without = (...keys: readonly string[]): Data =>
  Object.fromEntries(Object.entries(good).filter(([key]) => !keys.includes(key)));

const forget =
  "kubectl -n crossfade delete configmap migration forgets the run, and a new one is planned from what the cluster shows";
const inMap = "The record in ConfigMap crossfade/migration";
const putBack = `put it back as it was, or: ${forget}`;
const repair = "crossfade repair shows what is wrong; with --accept it makes the record valid as it is now";

const records: readonly [what: string, data: Data, code: string, message: string, remedy: string][] = [
  [
    "a version of the future",
    { ...good, version: "2" },
    "RECORD_NEWER",
    `${inMap} is of version 2, and this crossfade knows version 1.`,
    "use the newer crossfade that wrote it",
  ],
  [
    "a future version of which nothing else is known",
    { version: "12", anything: "else" },
    "RECORD_NEWER",
    `${inMap} is of version 12, and this crossfade knows version 1.`,
    "use the newer crossfade that wrote it",
  ],
  ["no version", without("version"), "RECORD_DAMAGED", `${inMap} is damaged: it has no version.`, putBack],
  [
    "a version that is none",
    { ...good, version: "1.0" },
    "RECORD_DAMAGED",
    `${inMap} is damaged: its version is "1.0".`,
    putBack,
  ],
  ["nothing at all", {}, "RECORD_DAMAGED", `${inMap} is damaged: it has no version.`, putBack],
  ["no plan", without("plan"), "RECORD_DAMAGED", `${inMap} is damaged: plan is missing.`, putBack],
  [
    "half a plan",
    { ...good, plan: (good["plan"] ?? "").slice(0, 200) },
    "RECORD_DAMAGED",
    `${inMap} is damaged: plan is not JSON.`,
    putBack,
  ],
  [
    "a state that is no JSON",
    { ...good, state: "{" },
    "RECORD_DAMAGED",
    `${inMap} is damaged: state is not JSON.`,
    putBack,
  ],
  [
    "a field of another kind",
    state({ paused: "no" }),
    "RECORD_DAMAGED",
    `${inMap} is damaged: state.paused is no yes or no.`,
    putBack,
  ],
  [
    "an unknown direction",
    state({ direction: "up" }),
    "RECORD_DAMAGED",
    `${inMap} is damaged: state.direction is "up", which is not known.`,
    putBack,
  ],
  [
    "a time that is none",
    state({ startedAt: 1e300 }),
    "RECORD_DAMAGED",
    `${inMap} is damaged: state.startedAt is no time.`,
    putBack,
  ],
  [
    "a seal that is no JSON",
    { ...good, seal: "…" },
    "RECORD_DAMAGED",
    `${inMap} is damaged: seal is not JSON.`,
    putBack,
  ],
  ["a pause by hand", state({ paused: true }), "RECORD_EDITED", `${inMap} was edited by hand: paused.`, repair],
  [
    "a consent by hand",
    state({ consents: { nodes: { by: "me", at: 2 }, "remove-source": { by: "x", at: 3 } } }),
    "RECORD_EDITED",
    `${inMap} was edited by hand: consents.`,
    repair,
  ],
  [
    "two edits",
    state({ direction: "rollback", stepsDone: {} }),
    "RECORD_EDITED",
    `${inMap} was edited by hand: direction, stepsDone.`,
    repair,
  ],
  ["a field that was added", state({ hurry: true }), "RECORD_EDITED", `${inMap} was edited by hand: hurry.`, repair],
  [
    "another soak",
    plan('"soakMs":10000', '"soakMs":1'),
    "RECORD_EDITED",
    `${inMap} was edited by hand: plan.options.`,
    repair,
  ],
  ["another range", plan("10.245", "10.246"), "RECORD_EDITED", `${inMap} was edited by hand: plan.cilium.`, repair],
  [
    "a seal of another record",
    { ...good, seal: writeRecord({ ...aRecord, startedAt: 2 }).data["seal"] ?? "" },
    "RECORD_EDITED",
    `${inMap} was edited by hand: startedAt.`,
    repair,
  ],
  [
    "no seal, as an early build left it",
    without("seal"),
    "RECORD_EDITED",
    `${inMap} has no seal: whether it was edited cannot be told.`,
    "crossfade repair shows what is wrong; with --accept it seals the record as it is now",
  ],
  [
    "a plan that its hash does not name, sealed all the same",
    writeRecord({ ...aRecord, plan: { ...aRecord.plan, hash: "abc" } }).data,
    "RECORD_DAMAGED",
    `${inMap} is damaged: its plan is not the one that its hash names.`,
    putBack,
  ],
];

function failureOf(read: () => unknown) {
  try {
    read();
  } catch (thrown) {
    return saidOf(thrown);
  }
  return null;
}

describe("the run's record", () => {
  test.each(records)("%s", (...[_what, data, code, message, remedy]) => {
    expect(failureOf(() => readRecord(asMap({ data })))).toEqual({ code, message, remedy });
  });

  test("one that is written with other blanks and in another order is the same", () => {
    const { paused, ...rest } = JSON.parse(good["state"] ?? "");
    const data = { ...good, state: JSON.stringify({ ...rest, paused }, null, 2) };
    expect(readRecord(asMap({ data }))).toEqual(aRecord);
  });

  test("what is packed is sealed too", () => {
    const many = { ...aRecord, plan: { ...aRecord.plan, rollbackUntil: "x".repeat(300_000) } };
    const packed = writeRecord(accepted(many));
    expect(packed.binaryData["plan.gz"]).toBeDefined();
    expect(failureOf(() => readRecord(asMap({ ...packed, binaryData: { "plan.gz": "AAAA" } })))?.message).toBe(
      `${inMap} is damaged: its packed plan cannot be unpacked.`,
    );
    const other = writeRecord(accepted({ ...many, plan: { ...many.plan, estimateMs: 7 } })).binaryData;
    expect(failureOf(() => readRecord(asMap({ ...packed, binaryData: other })))?.message).toBe(
      `${inMap} was edited by hand: plan.hash, plan.estimateMs.`,
    );
  });
});

describe("what an operator can accept", () => {
  test.each<readonly [string, Data, boolean, object]>([
    ["an edited state", state({ paused: true, consents: {} }), true, { paused: true, consents: {} }],
    [
      "other options",
      plan('"soakMs":10000', '"soakMs":1'),
      true,
      { "plan.options": expect.objectContaining({ soakMs: 1 }) },
    ],
    ["no seal", without("seal"), true, {}],
    ["another range, which is on the cluster already", plan("10.245", "10.246"), false, {}],
    ["a damaged one", state({ paused: "no" }), false, {}],
    ["a newer one", { ...good, version: "2" }, false, {}],
    ["a whole one", good, false, {}],
  ])("%s", (_what, data, acceptable, edited) => {
    const { said } = examineRun(asMap({ data }));
    expect({ acceptable: said.acceptable, edited: said.edited }).toEqual({ acceptable, edited });
  });

  test("values of Helm are not shown, for there may be secrets in them", () => {
    const { said } = examineRun(asMap({ data: plan('"initialYaml":""', '"initialYaml":"password: s3cret"') }));
    expect(saidOf(said.failure).message).toContain("edited by hand: plan.values");
    expect(saidOf(said.failure).remedy).toBe("put plan.values back as it was: that cannot be changed under a run");
    expect(JSON.stringify(said)).not.toContain("s3cret");
  });

  test("a record that was accepted is read like any other, and a plan with other options bears another hash", () => {
    const opened = openRecord(asMap({ data: plan('"soakMs":10000', '"soakMs":1') }));
    const record = readRecord(asMap(writeRecord(accepted(opened.record))));
    expect(record.plan.options.soakMs).toBe(1);
    expect(record.plan.hash).not.toBe(aRecord.plan.hash);
  });
});

const written = writeNode("n1", aNodeRecord);
const nodeState = (change: (value: Record<string, unknown>) => object): string =>
  JSON.stringify(change(JSON.parse(written) as Record<string, unknown>));
const onNode = "The record in annotation cni-crossfade/node of node n1";
const afresh =
  "kubectl annotate node n1 cni-crossfade/node- has it moved from its first step again (uncordon it first if crossfade cordoned it)";
const damage = `put it back as it was, or: ${afresh}`;

const nodeRecords: readonly [what: string, annotation: string, code: string, message: string, remedy: string][] = [
  ["no JSON", "x", "RECORD_DAMAGED", `${onNode} is damaged: it is not JSON.`, damage],
  ["half of it", written.slice(0, 90), "RECORD_DAMAGED", `${onNode} is damaged: it is not JSON.`, damage],
  ["no object", "null", "RECORD_DAMAGED", `${onNode} is damaged: it is not JSON.`, damage],
  [
    "a version of the future",
    nodeState((value) => ({ ...value, version: 9 })),
    "RECORD_NEWER",
    `${onNode} is of version 9, and this crossfade knows version 1.`,
    "use the newer crossfade that wrote it",
  ],
  [
    "no version",
    nodeState(({ version: _version, ...value }) => value),
    "RECORD_DAMAGED",
    `${onNode} is damaged: it has no version.`,
    damage,
  ],
  [
    "an unknown phase",
    nodeState((value) => ({ ...value, state: { phase: "flying" } })),
    "RECORD_DAMAGED",
    `${onNode} is damaged: record.state.phase is "flying", which is not known.`,
    damage,
  ],
  [
    "an unknown step",
    nodeState((value) => ({ ...value, state: { ...aNodeRecord.state, step: "jump" } })),
    "RECORD_DAMAGED",
    `${onNode} is damaged: record.state.step is "jump", which is not known.`,
    damage,
  ],
  [
    "another step",
    nodeState((value) => ({ ...value, state: { ...aNodeRecord.state, step: "verify" } })),
    "RECORD_EDITED",
    `${onNode} was edited by hand: state.step.`,
    repair,
  ],
  [
    "another phase",
    nodeState((value) => ({ ...value, state: { phase: "queued" } })),
    "RECORD_EDITED",
    `${onNode} was edited by hand: state.phase, state.step, state.since, state.stepSince, state.before.`,
    repair,
  ],
  [
    "of another run",
    writeNode("n1", { ...aNodeRecord, run: 86_400_000 }),
    "RECORD_FOREIGN",
    `${onNode} is of another run, begun 1970-01-02T00:00:00.000Z.`,
    afresh,
  ],
  ["of another node", writeNode("n2", aNodeRecord), "RECORD_FOREIGN", `${onNode} is that of another node, n2.`, afresh],
  [
    "no seal, as an early build left it",
    JSON.stringify({ version: 1, state: aNodeRecord.state, timings: {} }),
    "RECORD_EDITED",
    `${onNode} has no seal: whether it was edited cannot be told.`,
    "crossfade repair shows what is wrong; with --accept it seals the record as it is now",
  ],
];

describe("a node's record", () => {
  test("is read as it was written", () => {
    expect(readNode("n1", written, { ...aRecord, startedAt: aNodeRecord.run })).toEqual(aNodeRecord);
  });

  test.each(nodeRecords)("%s", (...[_what, annotation, code, message, remedy]) => {
    expect(failureOf(() => readNode("n1", annotation, aRecord))).toEqual({ code, message, remedy });
  });

  test.each<readonly [string, string, boolean]>([
    ["edited", nodeState((value) => ({ ...value, state: { phase: "queued" } })), true],
    ["unsealed", JSON.stringify({ version: 1, state: aNodeRecord.state, timings: {} }), true],
    ["another run's", writeNode("n1", { ...aNodeRecord, run: 7 }), false],
    ["damaged", "x", false],
  ])("%s", (_what, annotation, acceptable) => {
    expect(examineNode("n1", annotation, aRecord).said.acceptable).toBe(acceptable);
  });
});
