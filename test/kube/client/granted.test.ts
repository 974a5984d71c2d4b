import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { Unavailable } from "../../../src/engine/model/errors.ts";
import { ApiError } from "../../../src/kube/client/api-error.ts";
import { Granted } from "../../../src/kube/client/granted.ts";
import { ServerStarting } from "../../../src/kube/client/readiness.ts";
import { WatchLoop } from "../../../src/kube/watch/watch-loop.ts";
import type { WatchReport } from "../../../src/kube/watch/watch-protocol.ts";
import { clientOf } from "../support/client-of.ts";
import { FakeServer, json, status } from "../support/fake-server.ts";
import { FakeTimer } from "../support/fake-timer.ts";

const who = 'User "system:serviceaccount:crossfade:crossfade-operate"';
const refusal = `nodes is forbidden: ${who} cannot list resource "nodes" in API group "" at the cluster scope`;
const forbidden = (message = refusal) => new ApiError(403, "Forbidden", message);

describe("a 403", () => {
  test("on what was never allowed is a missing right", () => {
    const error = forbidden();
    expect(new Granted(new FakeTimer()).judged(error, "GET", "/api/v1/nodes")).toBe(error);
  });

  test("on what was allowed before is no answer, until it has lasted a minute", async () => {
    const timer = new FakeTimer();
    const granted = new Granted(timer);
    granted.answered("GET", "/api/v1/nodes?limit=1");
    const error = forbidden();
    expect(granted.judged(error, "GET", "/api/v1/nodes")).toBeInstanceOf(Unavailable);
    expect(String(granted.judged(error, "GET", "/api/v1/nodes"))).toContain(refusal);
    await timer.pass(59_000);
    expect(granted.judged(error, "GET", "/api/v1/nodes")).toBeInstanceOf(Unavailable);
    await timer.pass(1_000);
    expect(granted.judged(error, "GET", "/api/v1/nodes")).toBe(error);
    granted.answered("GET", "/api/v1/nodes");
    expect(granted.judged(error, "GET", "/api/v1/nodes")).toBeInstanceOf(Unavailable);
  });

  test.each([
    ["another verb", "DELETE", "/api/v1/nodes/a", refusal],
    ["another resource", "GET", "/api/v1/pods", refusal],
    ["admission's and not the authorizer's", "GET", "/api/v1/nodes", 'pods "a" is forbidden: exceeded quota: q'],
    ["PodSecurity's", "GET", "/api/v1/nodes", 'pods "a" is forbidden: violates PodSecurity "restricted"'],
  ])("of %s is an answer", (_what, method, path, message) => {
    const granted = new Granted(new FakeTimer());
    granted.answered("GET", "/api/v1/nodes");
    const error = forbidden(message);
    expect(granted.judged(error, method, path)).toBe(error);
  });

  test("on another object of the same kind counts as allowed before", () => {
    const granted = new Granted(new FakeTimer());
    granted.answered("PATCH", "/api/v1/namespaces/shop/pods/a");
    expect(granted.judged(forbidden(), "PATCH", "/api/v1/namespaces/bank/pods/b")).toBeInstanceOf(Unavailable);
    expect(granted.judged(forbidden(), "PATCH", "/api/v1/namespaces/bank/pods/b/status")).toBeInstanceOf(ApiError);
  });
});

test("a client that was let in before takes the refusals of a server that has just started for no answer", async () => {
  let starting = false;
  await using server = await FakeServer.start((_seen, response) => {
    if (starting) status(response, 403, "Forbidden", { message: refusal });
    else json(response, 200, { metadata: {}, items: [] });
  });
  const client = clientOf(server.url);
  await client.get("/api/v1/nodes");
  starting = true;
  await expect(client.get("/api/v1/nodes")).rejects.toBeInstanceOf(Unavailable);
  // What was never asked before is no answer either: it refuses even /readyz.
  await expect(client.get("/api/v1/pods")).rejects.toBeInstanceOf(ServerStarting);
  starting = false;
  expect(await client.get("/api/v1/nodes")).toMatchObject({ items: [] });
  await client.close();
});

test("a watch that told before is stale while the server refuses it, and refused only when that lasts", async () => {
  const timer = new FakeTimer();
  const reports: WatchReport[] = [];
  let isRefused = false;
  const answer = (code: number, body: object) => ({
    status: code,
    headers: {},
    hide: (text: string) => text,
    body: Readable.from([Buffer.from(JSON.stringify(body))]),
  });
  const link = {
    open: () =>
      Promise.resolve(
        isRefused
          ? answer(403, { kind: "Status", message: refusal })
          : answer(200, { metadata: { resourceVersion: "7" }, items: [] }),
      ),
  };
  const sink = {
    put: () => undefined,
    drop: () => undefined,
    flush: () => undefined,
    report: (report: WatchReport) => void reports.push(report),
  };
  const timings = {
    idleMs: 1e6,
    firstRetryMs: 1_000,
    longestRetryMs: 2_000,
    absentMs: 5_000,
    answerMs: 1e6,
    spreadMs: 1,
  };
  const loop = new WatchLoop("/api/v1/nodes", link, sink, { timings, timer });
  const done = loop.run();
  await timer.pass(1);
  expect(reports.at(-1)?.listed).toBe(true);
  isRefused = true;
  await timer.pass(30_000);
  expect(reports.at(-1)).toMatchObject({ state: "stale", refused: null, detail: refusal });
  await timer.pass(40_000);
  expect(reports.at(-1)).toMatchObject({ state: "stale", refused: refusal });
  loop.stop();
  await timer.pass(1);
  await done;
});

test.each([
  ["ready: refused at the second answer", 200, true],
  ["coming up: not refused yet", 500, false],
])("a watch that never told is refused by a server that is %s", async (_what, readyz, isRefused) => {
  const timer = new FakeTimer();
  const reports: WatchReport[] = [];
  const asked: string[] = [];
  const answer = (code: number, body: string) => ({
    status: code,
    headers: {},
    hide: (text: string) => text,
    body: Readable.from([Buffer.from(body)]),
  });
  const link = {
    open: (path: string) => {
      asked.push(path.replace(/\?.*/, ""));
      return Promise.resolve(
        path === "/readyz"
          ? answer(readyz, "[-]informer-sync failed")
          : answer(403, JSON.stringify({ kind: "Status", message: refusal })),
      );
    },
  };
  const sink = {
    put: () => undefined,
    drop: () => undefined,
    flush: () => undefined,
    report: (report: WatchReport) => void reports.push(report),
  };
  const loop = new WatchLoop("/api/v1/nodes", link, sink, { timer });
  const done = loop.run();
  await timer.pass(5_000);
  expect(asked.slice(0, 3)).toEqual(["/api/v1/nodes", "/api/v1/nodes", "/readyz"]);
  expect(reports.at(-1)?.refused).toBe(isRefused ? refusal : null);
  await timer.pass(100_000);
  expect(reports.at(-1)?.refused).toBe(refusal);
  loop.stop();
  await timer.pass(1);
  await done;
});
