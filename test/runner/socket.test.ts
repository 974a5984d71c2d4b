import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { EngineEvent, EngineRequest } from "../../src/engine/model/events.ts";
import { reason } from "../../src/engine/model/reason.ts";
import { nothingYet } from "../../src/engine/model/state.ts";
import { readLines } from "../../src/runner/lines.ts";
import { protocolVersion, type RunLink, type ServerLine } from "../../src/runner/protocol.ts";
import { attach } from "../../src/runner/socket-client.ts";
import { type Served, type SocketServer, serveRun } from "../../src/runner/socket-server.ts";
import { logEvent, textOf } from "../support/log-line.ts";
import { inWords } from "../support/said.ts";

let folder = "";
let server: SocketServer | null = null;
let asked: EngineRequest[] = [];
const path = () => join(folder, "run.sock");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "crossfade-socket-"));
  asked = [];
});
afterEach(async () => {
  await server?.close();
  server = null;
  rmSync(folder, { recursive: true, force: true });
});

const engine: Served = {
  state: () => nothingYet,
  ask: (request) => {
    asked.push(request);
    return Promise.resolve(request.request === "resume" ? reason("not-paused", {}) : null);
  },
};

async function attached(): Promise<RunLink> {
  const link = await attach(path());
  if (!link) throw new Error("nobody listens");
  return link;
}

const word = (text: string): EngineEvent => logEvent(text);

test("nobody listening is null, not an error", async () => {
  expect(await attach(path())).toBeNull();
});

test("the socket opens for its owner only", async () => {
  server = await serveRun(path(), engine);
  expect(statSync(path()).mode & 0o777).toBe(0o600);
});

test("a panel gets the state, then every event in order", async () => {
  server = await serveRun(path(), engine);
  const link = await attached();
  const heard: string[] = [];
  const three = new Promise<void>((resolve) => {
    link.onEvent((event) => {
      if (event.type === "log" && heard.push(textOf(event)) === 3) resolve();
    });
  });
  for (const text of ["one", "two", "drei 中\u0000"]) server.emit(word(text));
  await three;
  expect(heard).toEqual(["one", "two", "drei 中\u0000"]);
  link.close();
});

test("requests are answered one by one, refusals with their reason", async () => {
  server = await serveRun(path(), engine);
  const link = await attached();
  expect(await link.ask({ request: "pause", by: "ana" })).toBeNull();
  expect(await link.ask({ request: "resume", by: "ana" })).toEqual(reason("not-paused", {}));
  expect(asked.map(({ request }) => request)).toEqual(["pause", "resume"]);
  link.close();
});

test("a panel is told when the engine goes, and what it asks then is refused", async () => {
  server = await serveRun(path(), engine);
  const link = await attached();
  const gone = new Promise<string>((resolve) => link.onClosed(resolve));
  await server.close();
  expect(await gone).toBe("the engine is gone");
  expect(await link.ask({ request: "pause", by: "ana" })).toEqual(reason("engine-gone", {}));
});

test("the engine knows how many watch", async () => {
  server = await serveRun(path(), engine);
  const counts: number[] = [];
  const left = new Promise<void>((resolve) => {
    server?.onClients((clients) => {
      counts.push(clients);
      if (clients === 0) resolve();
    });
  });
  const link = await attached();
  link.close();
  await left;
  expect(counts).toEqual([1, 0]);
});

test("a second engine on the same socket is refused", async () => {
  server = await serveRun(path(), engine);
  await expect(serveRun(path(), engine)).rejects.toMatchObject({ code: "LOCK_HELD" });
});

test("the socket file of a killed engine is taken over", async () => {
  writeFileSync(path(), "");
  server = await serveRun(path(), engine);
  (await attached()).close();
});

test("an engine of another version is refused in one sentence", async () => {
  const other = createServer((socket) =>
    socket.write(`${JSON.stringify({ line: "hello", version: 99, pid: 7, state: nothingYet })}\n`),
  );
  await new Promise<void>((resolve) => other.listen(path(), resolve));
  await expect(inWords(attach(path()))).rejects.toThrow("the engine with pid 7 is of another version of crossfade");
  await new Promise((resolve) => other.close(resolve));
});

/** An event of about 100 kB. */
const long = (number: number): EngineEvent => word(`${number} ${"x".repeat(100_000)}`);

/** What is not garbage. */
function memoryHeld(): NodeJS.MemoryUsage {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return process.memoryUsage();
}

test("a panel that does not read keeps no server from its end", async () => {
  server = await serveRun(path(), engine);
  const stalled = createConnection(path());
  await new Promise<void>((resolve) => server?.onClients(() => resolve()));
  stalled.pause();
  for (let number = 0; number < 50; number++) server.emit(long(number));
  await server.close();
  stalled.destroy();
});

test("a panel that does not read costs the engine no more than a little, and gets the whole state when it reads on", async () => {
  let takesHoldAt = "at first";
  server = await serveRun(path(), { ...engine, state: () => ({ ...nothingYet, takesHoldAt }) });
  const stalled = createConnection(path());
  await new Promise<void>((resolve) => server?.onClients(() => resolve()));
  stalled.pause();
  const before = memoryHeld();
  for (let number = 0; number < 2_000; number++) server.emit(long(number));
  const grown = memoryHeld();
  // All of it would be 200 MB, which Node would keep outside its heap.
  expect(grown.external + grown.arrayBuffers - before.external - before.arrayBuffers).toBeLessThan(20e6);
  expect(grown.heapUsed - before.heapUsed).toBeLessThan(20e6);

  takesHoldAt = "later";
  const heard: ServerLine[] = [];
  const whole = new Promise<void>((resolve) => {
    readLines<ServerLine>(stalled, (line) => {
      heard.push(line);
      if (line.line === "hello" && line.state.takesHoldAt === "later") resolve();
    });
  });
  stalled.resume();
  await whole;
  const events = heard.filter(({ line }) => line === "event").length;
  expect(events).toBeGreaterThan(10);
  expect(events).toBeLessThan(60);
  server.emit(word("after"));
  await new Promise<void>((resolve) => readLines(stalled, () => resolve()));
  stalled.destroy();
});

test("a panel that reads is not held up by one that does not", async () => {
  server = await serveRun(path(), engine);
  const stalled = createConnection(path());
  stalled.pause();
  const link = await attached();
  const heard: string[] = [];
  const all = new Promise<void>((resolve) => {
    link.onEvent((event) => {
      if (event.type === "log" && heard.push(textOf(event).split(" ")[0] ?? "") === 200) resolve();
    });
  });
  for (let number = 0; number < 200; number++) {
    server.emit(long(number));
    await new Promise(setImmediate);
  }
  await all;
  expect(heard).toEqual(Array.from({ length: 200 }, (_, number) => String(number)));
  link.close();
  stalled.destroy();
});

test("a second hello is the whole state anew", async () => {
  let hello: (takesHoldAt: string) => void = () => undefined;
  const other = createServer((socket) => {
    hello = (takesHoldAt) =>
      socket.write(
        `${JSON.stringify({ line: "hello", version: protocolVersion, pid: 7, state: { ...nothingYet, takesHoldAt } })}\n`,
      );
    hello("first");
  });
  await new Promise<void>((resolve) => other.listen(path(), resolve));
  const link = await attached();
  expect(link.state.takesHoldAt).toBe("first");
  const anew = new Promise<string>((resolve) => link.onState(({ takesHoldAt }) => resolve(takesHoldAt)));
  hello("second");
  expect(await anew).toBe("second");
  expect(link.state.takesHoldAt).toBe("second");
  link.close();
  await new Promise((resolve) => other.close(resolve));
});
