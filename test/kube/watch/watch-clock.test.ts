import { PassThrough, Readable } from "node:stream";
import { expect, test } from "vitest";
import type { Incoming } from "../../../src/kube/client/send.ts";
import { CachedResource } from "../../../src/kube/watch/cached-resource.ts";
import { type WatchLink, WatchLoop } from "../../../src/kube/watch/watch-loop.ts";
import type { WatchTimings } from "../../../src/kube/watch/watch-pace.ts";
import type { WatchReport } from "../../../src/kube/watch/watch-protocol.ts";
import { FakeTimer } from "../support/fake-timer.ts";

const timings: WatchTimings = {
  idleMs: 100_000,
  firstRetryMs: 800,
  longestRetryMs: 30_000,
  absentMs: 15_000,
  answerMs: 60_000,
  spreadMs: 2_000,
};
const line = (type: string, version: string) =>
  `${JSON.stringify({ type, object: { metadata: { name: "n", resourceVersion: version } } })}\n`;

const hide = (text: string) => text;

type Answer = "list" | "watch" | "gone" | 410 | 503;

/** Loops on a server of a few lines, all on one clock that the test moves. */
class Server {
  readonly timer = new FakeTimer();
  readonly lists: number[] = [];
  readonly watches: { readonly at: number; readonly body: PassThrough }[] = [];
  readonly reports: WatchReport[] = [];
  answer: (isWatch: boolean) => Answer = (isWatch) => (isWatch ? "watch" : "list");
  readonly #loops: WatchLoop[] = [];

  start(count = 1): void {
    for (let index = 0; index < count; index += 1) {
      const sink = {
        put: () => undefined,
        drop: () => undefined,
        flush: () => undefined,
        report: (report: WatchReport) => this.reports.push(report),
      };
      const loop = new WatchLoop("/api/v1/nodes", this.#link, sink, { timings, timer: this.timer });
      this.#loops.push(loop);
      void loop.run();
    }
  }

  comeBack(): void {
    for (const loop of this.#loops) loop.comeBack();
  }

  renew(): void {
    for (const loop of this.#loops) loop.renew("not believed");
  }

  stop(): void {
    for (const loop of this.#loops) loop.stop();
  }

  get now(): WatchReport | undefined {
    return this.reports.at(-1);
  }

  readonly #link: WatchLink = {
    open: (path, { signal }) => {
      const isWatch = path.includes("watch=true");
      const answer = this.answer(isWatch);
      if (answer === "gone") return Promise.reject(new Error("no answer"));
      if (typeof answer === "number") return Promise.resolve(said(answer, `{"message":"no"}`));
      if (!isWatch) {
        this.lists.push(this.timer.now());
        return Promise.resolve(said(200, `{"metadata":{"resourceVersion":"5"},"items":[]}`));
      }
      const body = new PassThrough();
      signal.addEventListener("abort", () => body.destroy(new Error("aborted")));
      this.watches.push({ at: this.timer.now(), body });
      return Promise.resolve({ status: 200, headers: {}, body, hide });
    },
  };
}

function said(status: number, body: string): Incoming {
  return { status, headers: {}, body: Readable.from([Buffer.from(body)]), hide };
}

const spreadOf = (times: readonly number[]) => Math.max(...times) - Math.min(...times);

test("a watch that says nothing is dead after its idle time: all is listed anew, within two seconds", async () => {
  const server = new Server();
  server.start();
  await server.timer.pass(99_000);
  expect([server.lists.length, server.watches.length]).toEqual([1, 1]);
  await server.timer.pass(1_500);
  expect(server.reports.some(({ state, detail }) => state === "syncing" && /silent/.test(detail))).toBe(true);
  await server.timer.pass(2_500);
  expect([server.lists.length, server.watches.length]).toEqual([2, 2]);
  expect(server.now?.state).toBe("live");
  server.stop();
});

test("bookmarks once a minute keep a quiet watch for an hour, without a list", async () => {
  const server = new Server();
  server.start();
  await server.timer.pass(1_000);
  for (let minute = 0; minute < 60; minute += 1) {
    server.watches.at(-1)?.body.write(line("BOOKMARK", String(10 + minute)));
    await server.timer.pass(60_000);
  }
  expect([server.lists.length, server.watches.length]).toEqual([1, 1]);
  expect(server.now?.state).toBe("live");
  server.stop();
});

test("twenty watches that a 410 ends list anew one by one, not as one", async () => {
  const server = new Server();
  server.start(20);
  await server.timer.pass(1_000);
  const gone = JSON.stringify({ type: "ERROR", object: { code: 410, reason: "Expired", message: "too old" } });
  for (const { body } of server.watches) body.write(`${gone}\n`);
  server.lists.length = 0;
  await server.timer.pass(5_000);
  expect(server.lists.length).toBe(20);
  expect(spreadOf(server.lists)).toBeGreaterThan(100);
  expect(new Set(server.lists.map(Math.round)).size).toBeGreaterThan(12);
  server.stop();
});

test("after an outage the watches come back spread over two seconds, whatever they would have waited", async () => {
  const server = new Server();
  server.start(20);
  await server.timer.pass(1_000);
  server.answer = () => "gone";
  for (const { body } of server.watches) body.destroy(new Error("cut"));
  await server.timer.pass(300_000);
  expect(server.now?.state).toBe("stale");
  const before = server.watches.length;
  server.answer = (isWatch) => (isWatch ? "watch" : "list");
  server.comeBack();
  await server.timer.pass(2_001);
  const back = server.watches.slice(before).map(({ at }) => at);
  expect(back.length).toBe(20);
  expect(spreadOf(back)).toBeGreaterThan(800);
  expect(server.now?.state).toBe("live");
  server.stop();
});

test("without word that it is over, a watch asks less and less often, and at least every thirty seconds", async () => {
  const server = new Server();
  let asked = 0;
  server.start();
  await server.timer.pass(1_000);
  server.answer = () => {
    asked += 1;
    return 503;
  };
  server.watches[0]?.body.destroy(new Error("cut"));
  await server.timer.pass(300_000);
  expect(asked).toBeGreaterThanOrEqual(10);
  expect(asked).toBeLessThan(30);
  server.stop();
});

test("a watch that is not believed lists anew at once", async () => {
  const server = new Server();
  server.start();
  await server.timer.pass(1_000);
  server.renew();
  await server.timer.pass(2_500);
  expect([server.lists.length, server.watches.length]).toEqual([2, 2]);
  server.stop();
});

interface Thing {
  readonly value: string;
}
const live = { state: "live", detail: "", heardAt: 1, listed: true, refused: null } as const;
const told = (value: string, version: string) => ({
  puts: [["/n", { value }, version] as const],
  drops: [],
  heardAt: 1,
});

function cacheAt(version: string) {
  const timer = new FakeTimer();
  const cache = new CachedResource<Thing>(timer);
  cache.take(told("listed", version));
  cache.report(live);
  return { timer, cache };
}

test("an event that is older than our own write does not bring back what was before it", () => {
  const { cache } = cacheAt("5");
  cache.remember(null, "n", { value: "written" }, "8");
  cache.take(told("before", "7"));
  expect(cache.get(null, "n")?.value).toBe("written");
  cache.take(told("after", "9"));
  expect(cache.get(null, "n")?.value).toBe("after");
});

test("a write that its watch was quicker to tell brings back nothing older either", () => {
  const { cache, timer } = cacheAt("5");
  cache.take(told("told", "8"));
  cache.remember(null, "n", { value: "written" }, "8");
  expect([cache.get(null, "n")?.value, cache.untoldMs, timer.now() > 0]).toEqual(["told", 0, true]);
});

test("a write of ours that no watch tells is counted from when it was made", async () => {
  const { cache, timer } = cacheAt("5");
  cache.remember(null, "n", { value: "written" }, "8");
  await timer.pass(16_000);
  expect(cache.untoldMs).toBe(16_000);
  cache.take(told("written", "8"));
  expect(cache.untoldMs).toBe(0);
});

test("a write whose version lies behind what the watch told says that the watch is not to be believed", () => {
  const { cache } = cacheAt("1000005");
  cache.remember(null, "n", { value: "written" }, "9");
  expect(cache.untoldMs).toBe(Number.POSITIVE_INFINITY);
  cache.report({ ...live, state: "syncing" });
  cache.take(told("listed anew", "10"));
  cache.report(live);
  expect([cache.untoldMs, cache.get(null, "n")?.value]).toEqual([0, "listed anew"]);
});

test("how long nothing keeps a cache up is counted until a watch does again", async () => {
  const { cache, timer } = cacheAt("5");
  expect(cache.behindMs).toBe(0);
  cache.report({ ...live, state: "stale", detail: "gone" });
  await timer.pass(12_000);
  cache.report({ ...live, state: "syncing" });
  expect(cache.behindMs).toBe(12_000);
  cache.report(live);
  expect(cache.behindMs).toBe(0);
});
