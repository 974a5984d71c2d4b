import type http from "node:http";
import { expect, test } from "vitest";
import { send } from "../../../src/kube/client/send.ts";
import { socketAgent } from "../../../src/kube/client/socket-agent.ts";
import { WatchLoop } from "../../../src/kube/watch/watch-loop.ts";
import type { WatchTimings } from "../../../src/kube/watch/watch-pace.ts";
import type { WatchReport } from "../../../src/kube/watch/watch-protocol.ts";
import { FakeServer, json, type Seen, status } from "../support/fake-server.ts";
import { until } from "../support/until.ts";

const fast: WatchTimings = {
  idleMs: 10_000,
  firstRetryMs: 5,
  longestRetryMs: 20,
  absentMs: 5_000,
  answerMs: 5_000,
  spreadMs: 10,
};
const node = (name: string, version: string) => ({ metadata: { name, resourceVersion: version } });

/** A loop on a server, with what it told. */
class Running implements AsyncDisposable {
  readonly names = new Map<string, string>();
  readonly reports: WatchReport[] = [];
  refreshed = 0;
  readonly loop: WatchLoop;
  readonly #agent: http.Agent;
  readonly #done: Promise<void>;

  constructor(url: string, timings: Partial<WatchTimings> = {}, path = "/api/v1/nodes") {
    const settings = { server: url, tls: {}, proxy: null, headers: {} };
    this.#agent = socketAgent(settings);
    const link = {
      open: (path: string, options: { signal: AbortSignal; compress: boolean; refused: boolean }) => {
        if (options.refused) this.refreshed += 1;
        return send(this.#agent, settings, { method: "GET", path, ...options });
      },
    };
    const sink = {
      put: (key: string, object: unknown) =>
        this.names.set(key, (object as { metadata: { resourceVersion: string } }).metadata.resourceVersion),
      drop: (key: string) => this.names.delete(key),
      flush: () => undefined,
      report: (report: WatchReport) => this.reports.push(report),
    };
    this.loop = new WatchLoop(path, link, sink, { timings: { ...fast, ...timings } });
    this.#done = this.loop.run();
  }

  get now(): WatchReport | undefined {
    return this.reports.at(-1);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.loop.stop();
    this.#agent.destroy();
    await this.#done;
  }
}

const isWatch = (seen: Seen) => seen.query.get("watch") === "true";
const event = (type: string, object: unknown) => `${JSON.stringify({ type, object })}\n`;

test("lists, then watches from the list's version with bookmarks and an end between 300 and 600 s", async () => {
  await using server = await FakeServer.start((seen, response) => {
    if (!isWatch(seen))
      return json(response, 200, { metadata: { resourceVersion: "7" }, items: [node("a", "1"), node("b", "2")] });
    response.write(
      event("MODIFIED", node("a", "8")) +
        event("DELETED", node("b", "9")) +
        event("ADDED", node("c", "10")).slice(0, 20),
    );
    response.write(event("ADDED", node("c", "10")).slice(20));
  });
  await using running = new Running(server.url);
  await until("the events", () => running.names.has("/c"));
  expect([...running.names]).toEqual([
    ["/a", "8"],
    ["/c", "10"],
  ]);
  const watch = server.seen.find(isWatch);
  expect(watch?.query.get("resourceVersion")).toBe("7");
  expect(watch?.query.get("allowWatchBookmarks")).toBe("true");
  expect(Number(watch?.query.get("timeoutSeconds"))).toBeGreaterThanOrEqual(300);
  expect(Number(watch?.query.get("timeoutSeconds"))).toBeLessThanOrEqual(600);
  expect(running.now?.state).toBe("live");
});

const isComparison = (seen: Seen) => seen.query.get("limit") === "1";

test("a connection that is cut goes on from the last version, a bookmark's too, without a new list", async () => {
  await using server = await FakeServer.start((seen, response) => {
    if (isComparison(seen)) return json(response, 200, { metadata: { resourceVersion: "30" }, items: [] });
    if (!isWatch(seen)) return json(response, 200, { metadata: { resourceVersion: "7" }, items: [] });
    if (seen.query.get("resourceVersion") === "30") return void response.write(event("ADDED", node("late", "31")));
    response.write(event("ADDED", node("a", "8")) + event("BOOKMARK", node("", "30")), () =>
      response.socket?.destroy(),
    );
  });
  await using running = new Running(server.url);
  await until("the event after the cut", () => running.names.has("/late"));
  expect(server.seen.filter((seen) => !isWatch(seen) && !isComparison(seen)).length).toBe(1);
  expect(server.seen.filter(isComparison).length).toBe(1);
});

/** A server that comes back behind what it told: a restored backup, another member. */
const behind: readonly [how: string, ahead: (response: http.ServerResponse) => void][] = [
  [
    "says that the version lies in its future",
    (response) => status(response, 504, "Timeout", { message: "Too large resource version: 30, current: 9" }),
  ],
  ["lets the watch wait for its future", (response) => response.flushHeaders()],
  ["tells events of its own past", (response) => response.write(event("MODIFIED", node("a", "9")))],
];

/** Told versions up to 30, then knows nothing beyond 9; each end of a watch is a cut, or clean. */
function goesBack(ahead: (response: http.ServerResponse) => void, isCut: boolean) {
  let isBack = false;
  const watch = (seen: Seen, response: http.ServerResponse) => {
    if (isBack && seen.query.get("resourceVersion") !== "9") ahead(response);
    else if (isBack) response.write(event("BOOKMARK", node("", "10")));
    else
      response.write(event("ADDED", node("only-before", "30")), () =>
        isCut ? response.socket?.destroy() : response.end(),
      );
    isBack = true;
  };
  return (seen: Seen, response: http.ServerResponse): void => {
    const items = isBack ? [node("after", "9")] : [];
    if (isWatch(seen)) watch(seen, response);
    else json(response, 200, { metadata: { resourceVersion: isBack ? "9" : "29" }, items });
  };
}

test.each(behind)(
  "a server that has gone back and %s is listed anew, after a cut and without one",
  async (_how, ahead) => {
    for (const isCut of [true, false]) {
      await using server = await FakeServer.start(goesBack(ahead, isCut));
      await using running = new Running(server.url, { idleMs: 60 });
      await until("the new list", () => running.names.has("/after"));
      await until("the end of what was", () => !running.names.has("/only-before"));
      await until("a live watch", () => running.now?.state === "live");
    }
  },
);

test.each(behind)("and where no comparison says so, its watch does: it %s", async (_how, ahead) => {
  const answer = goesBack(ahead, true);
  await using server = await FakeServer.start((seen, response) => {
    if (!isComparison(seen)) return answer(seen, response);
    json(response, 200, { metadata: { resourceVersion: "30" }, items: [] });
  });
  await using running = new Running(server.url, { idleMs: 60 });
  await until("the new list", () => running.names.has("/after"));
  await until("the end of what was", () => !running.names.has("/only-before"));
});

test.each(["status", "event"] as const)(
  "410 as %s: lists again, and what vanished meanwhile is dropped",
  async (how) => {
    let lists = 0;
    let gone = false;
    await using server = await FakeServer.start((seen, response) => {
      if (!isWatch(seen)) {
        lists += 1;
        return json(response, 200, {
          metadata: { resourceVersion: String(lists) },
          items: lists === 1 ? [node("old", "1")] : [node("new", "2")],
        });
      }
      if (gone) return void response.write(event("BOOKMARK", node("", "9")));
      gone = true;
      if (how === "status") return status(response, 410, "Expired");
      return void response.write(event("ERROR", { kind: "Status", code: 410, reason: "Expired" }));
    });
    await using running = new Running(server.url);
    await until("the second list", () => running.names.has("/new"));
    expect([...running.names.keys()]).toEqual(["/new"]);
    expect(lists).toBe(2);
  },
);

test("a server that answers every watch with 410 is not hammered", async () => {
  await using server = await FakeServer.start((seen, response) => {
    if (!isWatch(seen)) return json(response, 200, { metadata: { resourceVersion: "1" }, items: [] });
    return status(response, 410, "Expired");
  });
  await using running = new Running(server.url, { firstRetryMs: 40, longestRetryMs: 100_000 });
  await until("the third list", () => server.seen.filter((seen) => !isWatch(seen)).length >= 3);
  const waits = running.reports.length;
  expect(server.seen.length).toBeLessThanOrEqual(6);
  expect(waits).toBeGreaterThan(0);
});

test("429 waits for as long as the server asks", async () => {
  let first = 0;
  await using server = await FakeServer.start((seen, response) => {
    if (isWatch(seen)) return void response.write(event("BOOKMARK", node("", "2")));
    if (first === 0) {
      first = performance.now();
      return status(response, 429, "TooManyRequests", { retryAfter: 1 });
    }
    return json(response, 200, { metadata: { resourceVersion: "1" }, items: [] });
  });
  await using running = new Running(server.url);
  await until("the list", () => running.now?.listed === true);
  expect(performance.now() - first).toBeGreaterThanOrEqual(990);
});

test("500s keep it syncing with the reason, then it lives", async () => {
  let failures = 3;
  await using server = await FakeServer.start((seen, response) => {
    if (isWatch(seen)) return void response.write(event("BOOKMARK", node("", "2")));
    failures -= 1;
    if (failures >= 0) return status(response, 500, "InternalError", { message: "etcd is away" });
    return json(response, 200, { metadata: { resourceVersion: "1" }, items: [] });
  });
  await using running = new Running(server.url);
  await until("the list", () => running.now?.state === "live");
  expect(running.reports.some(({ state, detail }) => state === "syncing" && detail === "etcd is away")).toBe(true);
});

test("a live watch that cannot come back is stale, and lives again once it can", async () => {
  let down = false;
  await using server = await FakeServer.start((seen, response) => {
    if (down) return status(response, 503, "ServiceUnavailable", { message: "going down" });
    if (!isWatch(seen)) return json(response, 200, { metadata: { resourceVersion: "1" }, items: [node("a", "1")] });
    if (seen.query.get("resourceVersion") === "1") {
      response.write(event("BOOKMARK", node("", "2")), () => {
        down = true;
        response.socket?.destroy();
      });
    } else response.write(event("BOOKMARK", node("", "3")));
  });
  await using running = new Running(server.url);
  await until("staleness", () => running.now?.state === "stale");
  expect(running.now?.detail).toBe("going down");
  expect([...running.names.keys()]).toEqual(["/a"]);
  down = false;
  await until("life", () => running.now?.state === "live");
});

test("a silent connection is given up after the idle limit and opened again", async () => {
  await using server = await FakeServer.start((seen, response) => {
    if (!isWatch(seen)) return json(response, 200, { metadata: { resourceVersion: "1" }, items: [] });
    response.flushHeaders();
  });
  await using running = new Running(server.url, { idleMs: 30 });
  await until("the second watch", () => server.seen.filter(isWatch).length >= 2);
  expect(running.reports.some(({ detail }) => detail.includes("silent"))).toBe(true);
});

test("a resource that is not served is empty and complete, and a poke looks again at once", async () => {
  let served = false;
  await using server = await FakeServer.start((seen, response) => {
    if (!served) return status(response, 404, "NotFound");
    if (isWatch(seen)) return void response.write(event("BOOKMARK", node("", "2")));
    return json(response, 200, { metadata: { resourceVersion: "1" }, items: [node("a", "1")] });
  });
  await using running = new Running(server.url, {}, "/apis/cilium.io/v2/ciliumnodes");
  await until("the first answer", () => running.now?.listed === true);
  expect(running.now).toMatchObject({ state: "live", detail: "not served yet" });
  served = true;
  running.loop.poke();
  await until("the object", () => running.names.has("/a"));
});

test("a refusal is told as such, and looked at again", async () => {
  await using server = await FakeServer.start((_seen, response) =>
    status(response, 403, "Forbidden", { message: "nodes is forbidden" }),
  );
  await using running = new Running(server.url, { absentMs: 5 });
  const told = () =>
    running.reports.filter(({ state, refused }) => state === "stale" && refused === "nodes is forbidden");
  await until("the second look to be told", () => told().length >= 2);
  expect(server.seen.length).toBeGreaterThanOrEqual(2);
});

test("a 401 asks for new credentials before the next try", async () => {
  await using server = await FakeServer.start((seen, response) => {
    if (server.seen.length === 1) return status(response, 401, "Unauthorized");
    if (isWatch(seen)) return void response.write(event("BOOKMARK", node("", "2")));
    return json(response, 200, { metadata: { resourceVersion: "1" }, items: [] });
  });
  await using running = new Running(server.url);
  await until("the list", () => running.now?.listed === true);
  expect(running.refreshed).toBe(1);
});
