import { expect, test } from "vitest";
import type { Node, PodSpec, Taint, Toleration } from "../../controllers/kinds.ts";
import { quantity } from "../../controllers/quantity.ts";
import { fitsNode, pinnedNode } from "../../controllers/scheduling/node-affinity.ts";
import { staysMs, tolerates } from "../../controllers/scheduling/tolerations.ts";
import { scaledValue } from "../../controllers/workloads/int-or-percent.ts";
import { templateHash } from "../../controllers/workloads/template-hash.ts";
import { type LabelSelector, selects } from "../../label-selector.ts";

const labels = { app: "web", tier: "front", rank: "3" };
const row = (key: string, operator: string, ...values: string[]): LabelSelector => ({
  matchExpressions: [{ key, operator, values }],
});

test.each<[string, LabelSelector | undefined, boolean]>([
  ["no selector selects nothing", undefined, false],
  ["an empty selector selects everything", {}, true],
  ["a pair that is there", { matchLabels: { app: "web" } }, true],
  ["one pair of two missing", { matchLabels: { app: "web", tier: "back" } }, false],
  ["In with the value", row("app", "In", "db", "web"), true],
  ["In without the key", row("zone", "In", "a"), false],
  ["NotIn without the key", row("zone", "NotIn", "a"), true],
  ["NotIn with the value", row("app", "NotIn", "web"), false],
  ["Exists", row("tier", "Exists"), true],
  ["DoesNotExist of one that does", row("tier", "DoesNotExist"), false],
  ["Gt of a smaller number", row("rank", "Gt", "2"), true],
  ["Lt without the key", row("zone", "Lt", "2"), false],
  ["an unknown operator selects nothing", row("app", "Like", "w"), false],
])("label selector: %s", (_, selector, expected) => {
  expect(selects(selector, labels)).toBe(expected);
});

const taint: Taint = { key: "k", value: "v", effect: "NoExecute" };
test.each<[string, Toleration, boolean]>([
  ["the same key, value and effect", { key: "k", value: "v", effect: "NoExecute" }, true],
  ["Equal is the default", { key: "k", value: "v" }, true],
  ["another value", { key: "k", value: "w" }, false],
  ["Exists whatever the value", { key: "k", operator: "Exists" }, true],
  ["another effect", { key: "k", operator: "Exists", effect: "NoSchedule" }, false],
  ["Exists without a key tolerates all", { operator: "Exists" }, true],
  ["nothing said tolerates nothing", {}, false],
])("toleration: %s", (_, toleration, expected) => {
  expect(tolerates(toleration, taint)).toBe(expected);
});

const unreachable: Taint = { key: "node.kubernetes.io/unreachable", effect: "NoExecute" };
test.each<[string, Toleration[] | undefined, Taint, number | null]>([
  ["untolerated goes at once", [], taint, 0],
  ["tolerated without seconds stays for ever", [{ key: "k", operator: "Exists" }], taint, null],
  [
    "the shortest of its seconds counts",
    [
      { operator: "Exists", tolerationSeconds: 9 },
      { key: "k", value: "v" },
    ],
    taint,
    9_000,
  ],
  ["unreachable has 300 s where nothing is said", undefined, unreachable, 300_000],
])("beside a NoExecute taint: %s", (_, tolerations, beside, expected) => {
  expect(staysMs(tolerations, beside)).toBe(expected);
});

const node: Node = { apiVersion: "v1", kind: "Node", metadata: { name: "n1", labels: { zone: "a", cores: "8" } } };
const required = (...nodeSelectorTerms: object[]): Partial<PodSpec> => ({
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
});
const inZone = (...values: string[]) => ({ matchExpressions: [{ key: "zone", operator: "In", values }] });
const onNode = (...values: string[]) => ({ matchFields: [{ key: "metadata.name", operator: "In", values }] });

test.each<[string, Partial<PodSpec>, boolean]>([
  ["a pod that asks nothing", {}, true],
  ["a nodeSelector that is met", { nodeSelector: { zone: "a" } }, true],
  ["a nodeSelector that is not", { nodeSelector: { zone: "b" } }, false],
  ["one of two terms is enough", required(inZone("b"), inZone("a")), true],
  ["both halves of one term are needed", required({ ...inZone("b"), ...onNode("n1") }), false],
  ["the node's own name", required(onNode("n1")), true],
  ["another node's name", required(onNode("n2")), false],
  ["an empty term fits nothing", required({}), false],
  ["nodeSelector and affinity are joined by AND", { nodeSelector: { zone: "b" }, ...required(inZone("a")) }, false],
])("node affinity: %s", (_, spec, expected) => {
  expect(fitsNode({ containers: [], ...spec }, node)).toBe(expected);
});

test("only one term with one name pins a pod", () => {
  expect(pinnedNode({ containers: [], ...required(onNode("n1")) })).toBe("n1");
  expect(pinnedNode({ containers: [], ...required(onNode("n1"), inZone("a")) })).toBeUndefined();
  expect(pinnedNode({ containers: [] })).toBeUndefined();
});

test.each<[string | number | undefined, number]>([
  ["250m", 0.25],
  ["1Gi", 1_073_741_824],
  ["128974848", 128_974_848],
  ["12e6", 12e6],
  [2, 2],
  [undefined, 0],
  ["a lot", 0],
])("quantity %s is %d", (text, expected) => {
  expect(quantity(text)).toBeCloseTo(expected, 9);
});

test.each<[number | string, number, "up" | "down", number]>([
  [3, 10, "up", 3],
  ["25%", 10, "up", 3],
  ["25%", 10, "down", 2],
  ["100%", 7, "up", 7],
  ["0%", 7, "up", 0],
])("%s of %d rounded %s is %d", (value, total, round, expected) => {
  expect(scaledValue(value, total, round)).toBe(expected);
});

test("equal templates have equal hashes whatever the order of their fields", () => {
  expect(templateHash({ a: 1, b: [2, { c: 3, d: 4 }] })).toBe(templateHash({ b: [2, { d: 4, c: 3 }], a: 1 }));
  expect(templateHash({ a: 1 })).not.toBe(templateHash({ a: 2 }));
  expect(templateHash({ a: 1 }, 1)).not.toBe(templateHash({ a: 1 }));
});
