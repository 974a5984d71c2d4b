import { expect, test } from "vitest";
import { Unavailable } from "../../../src/engine/model/errors.ts";
import { ApiError } from "../../../src/kube/client/api-error.ts";
import { clientOf } from "../support/client-of.ts";
import { FakeServer, json, status } from "../support/fake-server.ts";
import { closedFence, TestFence } from "../support/test-fence.ts";

const pod = { metadata: { name: "a" } };

test("a list is read page by page, all over one connection", async () => {
  const ports = new Set<string>();
  await using server = await FakeServer.start((seen, response) => {
    const token = seen.query.get("continue") ?? "0";
    const next = Number(token) + 1;
    json(response, 200, {
      metadata: next < 4 ? { continue: String(next) } : {},
      items: [{ metadata: { name: `n${token}` } }],
    });
    ports.add(String(response.req.socket.remotePort));
  });
  const client = clientOf(server.url);
  const names = (await client.list("/api/v1/nodes")).map(({ metadata }) => metadata.name);
  expect(names).toEqual(["n0", "n1", "n2", "n3"]);
  expect(server.seen.every(({ query }) => query.get("limit") === "500")).toBe(true);
  expect(ports.size).toBe(1);
  expect(client.requests).toEqual({ GET: 4 });
  await client.close();
});

test("a list whose continue token expired starts over and names nothing twice", async () => {
  let expired = false;
  await using server = await FakeServer.start((seen, response) => {
    if (!seen.query.has("continue"))
      return json(response, 200, { metadata: { continue: "x" }, items: [{ metadata: { name: "one" } }] });
    if (expired) return json(response, 200, { metadata: {}, items: [{ metadata: { name: "two" } }] });
    expired = true;
    return status(response, 410, "Expired");
  });
  const client = clientOf(server.url);
  const names = (await client.list("/api/v1/nodes")).map(({ metadata }) => metadata.name);
  expect(names).toEqual(["one", "two"]);
  await client.close();
});

const retried: readonly [what: string, method: "get" | "post" | "delete", code: number, tries: number][] = [
  ["a read that met 503 is repeated", "get", 503, 2],
  ["a read that met 504 is repeated", "get", 504, 2],
  ["a read that met 429 waits for Retry-After and is repeated", "get", 429, 2],
  ["a write that met 429 was not carried out and is repeated", "post", 429, 2],
  ["a deletion that met 503 is repeated", "delete", 503, 2],
  ["a creation that met 503 is not repeated", "post", 503, 1],
  ["a read that met 404 is not repeated", "get", 404, 1],
  ["a read that met 403 is not repeated", "get", 403, 1],
];

test.each(retried)("%s", async (_what, method, code, tries) => {
  await using server = await FakeServer.start((_seen, response) => {
    if (server.seen.length === 1) return status(response, code, "Trouble", { retryAfter: 0 });
    return json(response, 200, pod);
  });
  const client = clientOf(server.url);
  const call = { get: () => client.get("/x"), post: () => client.create("/x", pod), delete: () => client.delete("/x") };
  const outcome = await call[method]().then(
    () => "answered",
    (error: unknown) => (error instanceof ApiError ? error.status : error),
  );
  expect(server.seen.length).toBe(tries);
  expect(outcome).toBe(tries === 2 ? "answered" : code);
  await client.close();
});

test("a read whose connection broke before the answer is repeated, a creation is not", async () => {
  await using server = await FakeServer.start((seen, response) => {
    if (server.seen.filter(({ method }) => method === seen.method).length === 1) response.socket?.destroy();
    else json(response, 200, pod);
  });
  const client = clientOf(server.url);
  expect((await client.get("/x")).metadata.name).toBe("a");
  await expect(client.create("/x", pod)).rejects.toBeInstanceOf(Unavailable);
  expect(server.seen.map(({ method }) => method)).toEqual(["GET", "GET", "POST"]);
  await client.close();
});

test("a server that never answers is Unavailable with the time that was waited", async () => {
  await using server = await FakeServer.start(() => undefined);
  const client = clientOf(server.url);
  await expect(client.get("/x", { timeoutMs: 40, retry: false })).rejects.toThrow(/did not answer within/);
  await client.close();
});

test("the caller's signal ends a call at once with its own reason", async () => {
  await using server = await FakeServer.start(() => undefined);
  const client = clientOf(server.url);
  const leaving = new AbortController();
  const call = client.get("/x", { signal: leaving.signal });
  leaving.abort(new Error("we leave"));
  await expect(call).rejects.toThrow("we leave");
  await client.close();
});

test("after a 401 the credentials are refreshed once, and the call repeated with the new ones", async () => {
  await using server = await FakeServer.start((seen, response) => {
    if (seen.headers.authorization === "Bearer new") return json(response, 200, pod);
    return status(response, 401, "Unauthorized");
  });
  let token = "old";
  const client = clientOf(server.url, {
    current: () =>
      Promise.resolve({ server: server.url, tls: {}, proxy: null, headers: { Authorization: `Bearer ${token}` } }),
    refresh: () => {
      token = "new";
      return Promise.resolve(true);
    },
  });
  await client.get("/x");
  expect(server.seen.map(({ headers }) => headers.authorization)).toEqual(["Bearer old", "Bearer new"]);
  await client.close();
});

test("a refusal keeps the Status' reason, causes and Retry-After", async () => {
  await using server = await FakeServer.start((_seen, response) =>
    status(response, 429, "TooManyRequests", {
      causes: [{ reason: "DisruptionBudget", message: "needs 1" }],
      retryAfter: 10,
    }),
  );
  const client = clientOf(server.url);
  const error = await client.create("/x", {}, { retry: false }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    status: 429,
    reason: "TooManyRequests",
    retryAfterMs: 10_000,
    causes: [{ reason: "DisruptionBudget" }],
  });
  await client.close();
});

test("the fence is asked before each write and before no read", async () => {
  await using server = await FakeServer.start((_seen, response) => json(response, 200, pod));
  const client = clientOf(server.url);
  client.fence = closedFence;
  await client.get("/x");
  await expect(client.create("/x", pod)).rejects.toThrow("not ours");
  await expect(client.replace("/x", pod)).rejects.toThrow("not ours");
  await expect(client.patch("/x", {}, { kind: "merge" })).rejects.toThrow("not ours");
  await expect(client.delete("/x")).rejects.toThrow("not ours");
  expect(server.seen.map(({ method }) => method)).toEqual(["GET"]);
  await client.close();
});

test("a write that is tried again asks the fence again, and is not sent once it is closed", async () => {
  const fence = new TestFence();
  await using server = await FakeServer.start((_seen, response) => {
    fence.closed = true;
    status(response, 503, "ServiceUnavailable");
  });
  const client = clientOf(server.url);
  client.fence = fence;
  await expect(client.patch("/x", {}, { kind: "merge" })).rejects.toThrow("not ours");
  expect(server.seen).toHaveLength(1);
  await client.close();
});

test("a fence that closes while credentials or a connection are waited for lets nothing out", async () => {
  await using server = await FakeServer.start((_seen, response) => json(response, 200, pod));
  for (const closesAtCheck of [2, 3]) {
    const client = clientOf(server.url);
    const fence = new TestFence();
    fence.onCheck = () => {
      fence.closed = fence.checks >= closesAtCheck;
    };
    client.fence = fence;
    await expect(client.create("/x", pod)).rejects.toThrow("not ours");
    expect(fence.checks).toBe(closesAtCheck);
    await client.close();
  }
  expect(server.seen).toEqual([]);
});

test("a write that is not answered is broken off before the lease may be taken", async () => {
  const ended = Promise.withResolvers<void>();
  await using server = await FakeServer.start((_seen, response) => void response.on("close", () => ended.resolve()));
  const client = clientOf(server.url);
  const fence = new TestFence();
  fence.leftMs = () => 50;
  client.fence = fence;
  await expect(client.create("/x", pod)).rejects.toThrow(/did not answer/);
  await ended.promise;
  await client.close();
});

test("patches say their kind and who makes them", async () => {
  await using server = await FakeServer.start((_seen, response) => json(response, 200, pod));
  const client = clientOf(server.url);
  await client.patch("/x", {}, { kind: "apply", force: true });
  await client.patch("/x", [], { kind: "json" });
  expect(server.seen.map(({ headers }) => headers["content-type"])).toEqual([
    "application/apply-patch+yaml",
    "application/json-patch+json",
  ]);
  expect(server.seen[0]?.query.get("fieldManager")).toBe("crossfade");
  expect(server.seen[0]?.query.get("force")).toBe("true");
  await client.close();
});
