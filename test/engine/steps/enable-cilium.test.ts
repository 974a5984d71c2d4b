import { expect, test } from "vitest";
import type { Code } from "../../../src/engine/model/reason.ts";
import { enableCilium } from "../../../src/engine/steps/enable-cilium.ts";
import { codeOf, nodeScope, type Situation } from "../../support/node-scope.ts";

const unlabelled = { node: { labels: {} } } satisfies Situation;
const label = "label worker-1 io.cilium.migration/cilium-default=true";

test.each<[string, Situation, Code | null, readonly string[]]>([
  ["is labelled, with the CiliumNodeConfig there", {}, null, [label]],
  ["is not labelled", unlabelled, "label-missing", [label]],
  [
    "would be selected by a CiliumNodeConfig that is gone",
    { ...unlabelled, nodeConfig: false },
    "node-config-changed",
    ["write cilium-default", label],
  ],
  [
    "is labelled, and the CiliumNodeConfig is gone",
    { nodeConfig: false },
    "node-config-changed",
    ["write cilium-default", label],
  ],
])("a node that %s", async (_what, given, code, acts) => {
  const { scope, did } = nodeScope(given);
  const observed = await enableCilium.observe(scope);
  expect(codeOf(observed)).toBe(code);
  await enableCilium.apply(scope);
  expect(did).toEqual(acts);
});

test("a CiliumNodeConfig that is deleted again and again fails the node, unlabelled", async () => {
  const { scope, did } = nodeScope({ ...unlabelled, nodeConfig: false });
  for (let time = 0; time < 3; time++) await enableCilium.apply(scope);
  did.length = 0;
  await expect(enableCilium.apply(scope)).rejects.toMatchObject({ code: "FOUGHT_OVER" });
  expect(did).toEqual([]);
});
