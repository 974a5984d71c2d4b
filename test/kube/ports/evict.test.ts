import { expect, test } from "vitest";
import { Unavailable } from "../../../src/engine/model/errors.ts";
import { Evictions } from "../../../src/kube/ports/evict.ts";
import { clientOf } from "../support/client-of.ts";
import { FakeServer, json, status } from "../support/fake-server.ts";

const pod = { namespace: "default", name: "db-0", uid: "u1" };
const budget = [
  { reason: "DisruptionBudget", message: "The disruption budget db needs 1 healthy pods and has 1 currently" },
];

const denied = 'admission webhook "drain-cleaner.example" denied the request: The pod will be rolled by the operator';

type Case = [what: string, code: number, more: Parameters<typeof status>[3], answer: object];

/** The eviction handler's answers and what each means for a drain. */
const table: readonly Case[] = [
  ["404: the pod is gone", 404, {}, { kind: "gone" }],
  ["409: another pod bears the name", 409, {}, { kind: "gone" }],
  [
    "429 with a budget: blocked, in the budget's words",
    429,
    { causes: budget },
    { kind: "blocked", message: budget[0]?.message, retryAfterMs: null },
  ],
  [
    "429 with a budget not yet observed: blocked, hint kept",
    429,
    { causes: budget, retryAfter: 10 },
    { kind: "blocked", retryAfterMs: 10_000 },
  ],
  ["429 of priority and fairness: throttled", 429, { retryAfter: 1 }, { kind: "throttled", retryAfterMs: 1_000 }],
  ["429 without a hint: throttled for a second", 429, {}, { kind: "throttled", retryAfterMs: 1_000 }],
  [
    "500 with two budgets: refused",
    500,
    { message: "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support." },
    { kind: "refused" },
  ],
  [
    "403 of a namespace that ends: blocked",
    403,
    { causes: [{ reason: "NamespaceTerminating", message: "" }] },
    { kind: "blocked" },
  ],
  [
    "403 of a lagging budget controller: blocked",
    403,
    { message: "pdb disruptions allowed is negative" },
    { kind: "blocked", retryAfterMs: 10_000 },
  ],
  [
    "403 of a full DisruptedPods map: blocked",
    403,
    { message: "DisruptedPods map too big - too many evictions not confirmed by PDB controller" },
    { kind: "blocked" },
  ],
  [
    "403 of RBAC: refused",
    403,
    { message: "pods is forbidden" },
    { kind: "refused", remedy: expect.stringContaining("right to create pods/eviction") },
  ],
  ...[400, 403, 429, 500, 503].map(
    (code): Case => [
      `${code} of a webhook that denies: its answer, in its words`,
      code,
      { message: denied },
      { kind: "admission", by: 'admission webhook "drain-cleaner.example"', unavailable: false, message: denied },
    ],
  ),
  ...[
    'Post "https://x.y.svc:443/?timeout=10s": no endpoints available for service "x"',
    'Post "https://x.y.svc:443/?timeout=10s": EOF',
    'Post "https://x.y.svc:443/?timeout=10s": context deadline exceeded',
    'Post "https://x.y.svc:443/?timeout=10s": dial tcp 10.0.0.1:443: connect: connection refused',
  ].map(
    (why): Case => [
      `500 of a webhook that is down (${why.slice(-20)}): not an outage of the API server`,
      500,
      { message: `Internal error occurred: failed calling webhook "policy.example": failed to call webhook: ${why}` },
      { kind: "admission", by: 'admission webhook "policy.example"', unavailable: true },
    ],
  ),
  [
    "422 of a ValidatingAdmissionPolicy",
    422,
    { message: `pods "db-0" is forbidden: ValidatingAdmissionPolicy 'keep' with binding 'all' denied request: no` },
    { kind: "admission", by: "ValidatingAdmissionPolicy keep", unavailable: false },
  ],
  ["422: refused", 422, { message: "bad options" }, { kind: "refused", message: "bad options" }],
  ["400: refused", 400, { message: "name mismatch" }, { kind: "refused" }],
  ["504: try again", 504, { retryAfter: 10 }, { kind: "throttled", retryAfterMs: 10_000 }],
];

test.each(table)("%s", async (_what, code, more, answer) => {
  await using server = await FakeServer.start((_seen, response) => status(response, code, "Reason", more));
  const client = clientOf(server.url);
  expect(await new Evictions(client).evict(pod)).toMatchObject(answer);
  expect(server.seen.length).toBe(1);
  await client.close();
});

test("an eviction names the pod's uid, so that a successor of the same name is safe", async () => {
  await using server = await FakeServer.start((_seen, response) =>
    json(response, 201, { kind: "Status", status: "Success" }),
  );
  const client = clientOf(server.url);
  expect(await new Evictions(client).evict(pod)).toEqual({ kind: "accepted" });
  expect(server.seen[0]?.path).toBe("/api/v1/namespaces/default/pods/db-0/eviction");
  expect(JSON.parse(server.seen[0]?.body ?? "")).toMatchObject({
    apiVersion: "policy/v1",
    deleteOptions: { preconditions: { uid: "u1" } },
  });
  await client.close();
});

test.each([500, 502, 503, 401])("status %i without a meaning of its own is Unavailable", async (code) => {
  await using server = await FakeServer.start((_seen, response) => status(response, code, "InternalError"));
  const client = clientOf(server.url);
  await expect(new Evictions(client).evict(pod)).rejects.toBeInstanceOf(Unavailable);
  await client.close();
});

const lost: readonly [what: string, now: object | null, answer: object, posts: number][] = [
  [
    "a pod that is leaving was evicted: it is not asked for again",
    { deletionTimestamp: "2026-11-25T00:00:00Z" },
    { kind: "accepted" },
    1,
  ],
  ["a pod that is gone is gone", null, { kind: "gone" }, 1],
  ["another pod of its name is not it", { uid: "u2" }, { kind: "gone" }, 1],
  ["a pod that is there as it was is asked for again", {}, { kind: "accepted" }, 2],
];

test.each(lost)("of an eviction whose answer was lost the pod tells: %s", async (_what, now, answer, posts) => {
  await using server = await FakeServer.start((seen, response) => {
    const first = server.seen.filter(({ method }) => method === "POST").length === 1;
    if (seen.method === "POST") {
      if (first) response.socket?.destroy();
      else json(response, 201, { kind: "Status", status: "Success" });
      return;
    }
    if (now === null) return status(response, 404, "NotFound");
    return json(response, 200, { metadata: { name: pod.name, uid: pod.uid, ...now } });
  });
  const client = clientOf(server.url);
  const evictions = new Evictions(client);
  await expect(evictions.evict(pod)).rejects.toBeInstanceOf(Unavailable);
  expect(await evictions.evict(pod)).toEqual(answer);
  expect(server.seen.filter(({ method }) => method === "POST").length).toBe(posts);
  await client.close();
});
