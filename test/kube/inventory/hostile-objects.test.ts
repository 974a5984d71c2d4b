import { gzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { deepMerge } from "../../../src/engine/values/merge.ts";
import { nodeFacts } from "../../../src/kube/inventory/node-facts.ts";
import { podFacts } from "../../../src/kube/inventory/pod-facts.ts";
import { workloadFacts } from "../../../src/kube/inventory/workload-facts.ts";
import { at, fields, textMap } from "../../../src/kube/objects/read.ts";
import { readNode } from "../../../src/kube/records/node-record.ts";
import { readRecord } from "../../../src/kube/records/run-record.ts";

/** JSON.parse makes an own property of it, as a label, a ConfigMap's key or a record may have. */
const poison = JSON.parse(
  '{"__proto__":{"polluted":"yes","allowed":true},"constructor":{"prototype":{"polluted":"yes"}},"metadata":{"name":"a","uid":"u","labels":{"__proto__":"x","constructor":"y"},"annotations":{"__proto__":"x"}},"spec":{"__proto__":{"polluted":"yes"}},"status":{"__proto__":{"polluted":"yes"}},"data":{"__proto__":"{}"}}',
);

/** 200 MB of zeros: ConfigMaps have room for five times as much. */
const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024)).toString("base64");

afterEach(() => {
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect("polluted" in {}).toBe(false);
  expect("polluted" in []).toBe(false);
});

test.each([
  ["a node", () => nodeFacts(poison)],
  ["a pod", () => podFacts(poison)],
  ["a DaemonSet", () => workloadFacts("DaemonSet", poison)],
  ["a map of texts", () => textMap(poison.metadata.labels)],
  ["fields", () => ({ ...fields(poison) })],
  ["a step into it", () => at(poison, "__proto__", "polluted")],
  ["values that are merged", () => deepMerge({ a: { b: 1 } }, poison)],
  ["values that are merged twice", () => deepMerge(deepMerge({}, poison), poison)],
])("%s with __proto__ in it changes no other object", (_what, read) => {
  const found = read();
  expect(found === null || typeof found !== "object" || !("polluted" in { ...found })).toBe(true);
});

test.each([
  ["a record", () => readRecord(poison)],
  [
    "a record whose plan unpacks to a gigabyte",
    () => readRecord({ data: { version: "1" }, binaryData: { "plan.gz": bomb } }),
  ],
  ["a node's record", () => readNode("a", JSON.stringify(poison), null)],
  ["a node's record that is a book", () => readNode("a", `{"x":"${"y".repeat(1_000_000)}"}`, null)],
  ["a node's record that is deep", () => readNode("a", `${"[".repeat(5_000)}${"]".repeat(5_000)}`, null)],
])("%s that is none is refused in one sentence", (_what, read) => {
  expect(read).toThrow(expect.objectContaining({ code: "RECORD_DAMAGED" }));
  try {
    read();
  } catch (thrown) {
    expect((thrown as Error).message.length).toBeLessThan(1_000);
  }
});
