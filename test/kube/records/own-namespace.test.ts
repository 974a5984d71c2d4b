import { expect, test } from "vitest";
import { makePlan } from "../../../src/engine/plan/plan.ts";
import { defaultPlanInput } from "../../../src/engine/plan/plan-input.ts";
import { LeaseLock } from "../../../src/kube/lease/lock.ts";
import { namespaceManifest } from "../../../src/kube/nodes/own-namespace-manifest.ts";
import { isMarked } from "../../../src/kube/records/own-namespace.ts";
import { aChart } from "../../support/a-chart.ts";
import { aFlannelCluster } from "../../support/facts.ts";
import { inWords } from "../../support/said.ts";
import { clientOf } from "../support/client-of.ts";
import { FakeServer, json, status } from "../support/fake-server.ts";

const bare = { apiVersion: "v1", kind: "Namespace", metadata: { name: "crossfade" } };

test("a namespace bears our mark or does not", () => {
  expect(isMarked(namespaceManifest)).toBe(true);
  expect(isMarked(bare)).toBe(false);
  expect(
    isMarked({ ...bare, metadata: { ...bare.metadata, labels: { "app.kubernetes.io/managed-by": "Helm" } } }),
  ).toBe(false);
});

/** A server with this namespace, or with none until somebody else makes one just before us. */
async function serverWith(namespace: object | null, raced: object | null = null) {
  let found = namespace;
  return FakeServer.start((seen, response) => {
    if (seen.path.startsWith("/apis/")) {
      return seen.method === "GET"
        ? status(response, 404, "NotFound")
        : json(response, 201, { metadata: { resourceVersion: "1" } });
    }
    if (seen.method === "GET") return found === null ? status(response, 404, "NotFound") : json(response, 200, found);
    if (raced === null) return json(response, 201, namespaceManifest);
    found = raced;
    return status(response, 409, "AlreadyExists");
  });
}

interface Case {
  readonly there: object | null;
  /** What somebody makes between our look and our own. */
  readonly raced?: object;
  readonly agreed?: boolean;
  readonly writes: readonly string[];
}

test.each<[which: string, one: Case]>([
  ["missing, and is made with our mark", { there: null, writes: ["POST namespaces", "POST leases"] }],
  ["ours", { there: namespaceManifest, writes: ["POST leases"] }],
  ["others', as the plan says", { there: bare, agreed: true, writes: ["POST leases"] }],
  ["others', made since the plan", { there: bare, writes: [] }],
  ["others', made between our look and our own", { there: null, raced: bare, writes: ["POST namespaces"] }],
  [
    "another Crossfade's, made between our look and our own",
    { there: null, raced: namespaceManifest, writes: ["POST namespaces", "POST leases"] },
  ],
])("the run begins in a namespace that is %s, or does not", async (_which, { there, raced, agreed, writes }) => {
  await using server = await serverWith(there, raced ?? null);
  const client = clientOf(server.url);
  const lock = new LeaseLock(client);
  const acquiring = lock.acquire("me", agreed === undefined ? {} : { namespaceOfOthers: agreed });
  if (writes.includes("POST leases")) expect(await acquiring).toBe(true);
  else
    await expect(inWords(acquiring)).rejects.toMatchObject({
      code: "PLAN_DRIFTED",
      message: expect.stringMatching(/^namespace crossfade was made by another user.*: nothing was written$/),
      remedy: expect.stringContaining(
        "kubectl label --overwrite namespace crossfade app.kubernetes.io/managed-by=crossfade",
      ),
    });
  const changed = server.seen.filter(({ method }) => method !== "GET");
  expect(changed.map(({ method, path }) => `${method} ${path.split("/").at(-1)}`)).toEqual(writes);
  await lock.release();
  await client.close();
});

test.each(["missing", "ours", "others"] as const)(
  "the plan makes and gives back a namespace that is %s, or does not",
  (whose) => {
    const { facts } = aFlannelCluster().with({ ownNamespace: whose });
    const plan = makePlan(facts, defaultPlanInput, { chart: aChart, now: () => 0, hash: () => "" });
    const { changes } = plan;
    expect(plan.namespaceOfOthers).toBe(whose === "others" ? true : undefined);
    expect(changes.some(({ kind, name }) => kind === "Namespace" && name === "crossfade")).toBe(whose !== "others");
    const record = changes.find(({ kind, name }) => kind === "ConfigMap" && name === "migration");
    expect(record?.rollback).toContain(
      whose === "others" ? "kubectl delete -n crossfade configmap migration" : "kubectl delete namespace crossfade",
    );
  },
);
