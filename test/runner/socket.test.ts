import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { EngineEvent, EngineRequest } from "../../src/engine/events.ts";
import { nothingYet } from "../../src/engine/state.ts";
import type { RunLink } from "../../src/runner/protocol.ts";
import { attach } from "../../src/runner/socket-client.ts";
import { type Served, type SocketServer, serveRun } from "../../src/runner/socket-server.ts";

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
    return Promise.resolve(request.request === "resume" ? "the run is not paused" : null);
  },
};

async function attached(): Promise<RunLink> {
  const link = await attach(path());
  if (!link) throw new Error("nobody listens");
  return link;
}

const word = (text: string): EngineEvent => ({ type: "log", at: 1, level: "info", node: null, text });

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
      if (event.type === "log" && heard.push(event.text) === 3) resolve();
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
  expect(await link.ask({ request: "resume", by: "ana" })).toBe("the run is not paused");
  expect(asked.map(({ request }) => request)).toEqual(["pause", "resume"]);
  link.close();
});

test("a panel is told when the engine goes, and what it asks then is refused", async () => {
  server = await serveRun(path(), engine);
  const link = await attached();
  const gone = new Promise<string>((resolve) => link.onClosed(resolve));
  await server.close();
  expect(await gone).toBe("the engine is gone");
  expect(await link.ask({ request: "pause", by: "ana" })).toBe("the engine is gone");
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
  await expect(attach(path())).rejects.toThrow("the engine with pid 7 is of another version of crossfade");
  await new Promise((resolve) => other.close(resolve));
});
