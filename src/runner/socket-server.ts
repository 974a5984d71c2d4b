import { chmodSync, rmSync } from "node:fs";
import { createConnection, createServer, type Server, type Socket } from "node:net";
import { CrossfadeError } from "../engine/model/errors.ts";
import type { EngineEvent, EngineRequest } from "../engine/model/events.ts";
import { knownSecrets } from "../engine/model/known-secrets.ts";
import { type Reason, reason } from "../engine/model/reason.ts";
import { requestFailed } from "../engine/model/reasons/request-failed.ts";
import type { MigrationState } from "../engine/model/state.ts";
import { readLines, writeLine } from "./lines.ts";
import { type ClientLine, protocolVersion, type ServerLine } from "./protocol.ts";

/** What the server needs of an engine. */
export interface Served {
  state(): MigrationState;
  ask(request: EngineRequest): Promise<Reason | null>;
}

export interface SocketServer {
  emit(event: EngineEvent): void;
  readonly clients: () => number;
  /** Called whenever the number of clients changed. */
  onClients(then: (clients: number) => void): void;
  close(): Promise<void>;
}

/** A client that is further behind is told nothing more until it has read what there is; then it gets the whole state anew. */
const mostBehindBytes = 2 * 1024 * 1024;

/** What a client has not read by then it is not told any more: one whose terminal stands still keeps no engine alive. */
const goodbyeMs = 1_000;

/** True when an engine answers there; a socket file that nobody listens on is a leftover of a killed one. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

async function listen(server: Server, path: string): Promise<void> {
  if (await answers(path)) {
    throw new CrossfadeError("LOCK_HELD", reason("engine-here-already", {}));
  }
  rmSync(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
}

/** Whatever speaks JSON may have connected; nothing that it says may end the engine. */
function isRequest(line: unknown): line is ClientLine {
  if (typeof line !== "object" || line === null || !("id" in line) || !("body" in line)) return false;
  const { id, body } = line;
  return typeof id === "number" && typeof body === "object" && body !== null && "request" in body;
}

/** One panel. However slowly it reads, it costs the engine no more than the state and a little. */
class Client {
  readonly #socket: Socket;
  readonly #served: Served;
  #mostBytes = 0;
  #behind = false;

  constructor(socket: Socket, served: Served) {
    this.#socket = socket;
    this.#served = served;
    socket.on("error", () => socket.destroy());
    socket.on("drain", () => {
      if (this.#behind) this.#hello();
    });
    this.#hello();
    readLines<unknown>(socket, (line) => {
      if (isRequest(line)) void this.#answer(line);
      else socket.destroy(new Error("a line that is no request"));
    });
  }

  tell(text: string): void {
    if (this.#behind || !this.#socket.writable) return;
    this.#behind = this.#socket.writableLength > this.#mostBytes;
    if (!this.#behind) this.#socket.write(text);
  }

  end(): void {
    this.#socket.end();
    setTimeout(() => this.#socket.destroy(), goodbyeMs).unref();
  }

  #hello(): void {
    this.#behind = false;
    const state = this.#served.state();
    writeLine(this.#socket, { line: "hello", version: protocolVersion, pid: process.pid, state } satisfies ServerLine);
    this.#mostBytes = this.#socket.writableLength + mostBehindBytes;
  }

  async #answer({ id, body }: ClientLine): Promise<void> {
    const refused = await this.#served.ask(body).catch(requestFailed);
    writeLine(this.#socket, { line: "answer", id, refused } satisfies ServerLine);
  }
}

class Clients {
  readonly all = new Set<Client>();
  readonly #served: Served;
  changed: (clients: number) => void = () => undefined;

  constructor(served: Served) {
    this.#served = served;
  }

  take(socket: Socket): void {
    const client = new Client(socket, this.#served);
    this.all.add(client);
    socket.on("close", () => {
      this.all.delete(client);
      this.changed(this.all.size);
    });
    this.changed(this.all.size);
  }

  tell(line: ServerLine): void {
    if (this.all.size === 0) return;
    const text = `${knownSecrets.hideInDocument(JSON.stringify(line))}\n`;
    for (const client of this.all) client.tell(text);
  }
}

/** Serves a run on a Unix socket that only its owner can open. */
export async function serveRun(path: string, served: Served): Promise<SocketServer> {
  const clients = new Clients(served);
  const server = createServer((socket) => clients.take(socket));
  await listen(server, path);
  return {
    emit: (event) => clients.tell({ line: "event", event }),
    clients: () => clients.all.size,
    onClients: (then) => {
      clients.changed = then;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const client of clients.all) client.end();
        rmSync(path, { force: true });
      }),
  };
}
