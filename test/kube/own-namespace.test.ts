import { expect, test } from "vitest";
import { defaultPlanInput } from "../../src/engine/plan/plan-input.ts";
import { makePlan } from "../../src/engine/plan.ts";
import { ensureNamespace, isMarked } from "../../src/kube/own-namespace.ts";
import { namespaceManifest } from "../../src/kube/probe-manifest.ts";
import { aChart } from "../support/a-chart.ts";
import { aFlannelCluster } from "../support/facts.ts";
import { clientOf } from "./support/client-of.ts";
import { FakeServer, json, status } from "./support/fake-server.ts";

const bare = { apiVersion: "v1", kind: "Namespace", metadata: { name: "crossfade" } };

test("a namespace bears our mark or does not", () => {
  expect(isMarked(namespaceManifest)).toBe(true);
  expect(isMarked(bare)).toBe(false);
  expect(
    isMarked({ ...bare, metadata: { ...bare.metadata, labels: { "app.kubernetes.io/managed-by": "Helm" } } }),
  ).toBe(false);
});

test.each([
  ["missing", "is made with our mark", 1],
  ["others'", "is used as it is, without a mark of ours", 0],
])("a namespace that is %s %s", async (which, _what, writes) => {
  await using server = await FakeServer.start((seen, response) => {
    if (seen.method === "GET" && which === "missing") return status(response, 404, "NotFound");
    return json(response, 200, bare);
  });
  const client = clientOf(server.url);
  await ensureNamespace(client);
  expect(server.seen.filter(({ method }) => method !== "GET").map(({ method }) => method)).toEqual(
    Array.from({ length: writes }, () => "POST"),
  );
  await client.close();
});

test.each(["missing", "ours", "others"] as const)(
  "the plan makes and gives back a namespace that is %s, or does not",
  (whose) => {
    const { facts } = aFlannelCluster().with({ ownNamespace: whose });
    const { touches } = makePlan(facts, defaultPlanInput, { chart: aChart, now: () => 0, hash: () => "" });
    expect(touches.some(({ kind, name }) => kind === "Namespace" && name === "crossfade")).toBe(whose !== "others");
    const record = touches.find(({ kind, name }) => kind === "ConfigMap" && name === "migration");
    expect(record?.undo).toContain(
      whose === "others" ? "kubectl delete -n crossfade configmap migration" : "kubectl delete namespace crossfade",
    );
  },
);
