import { chmodSync, rmSync } from "node:fs";
import { createConnection, createServer, type Server, type Socket } from "node:net";
import { CrossfadeError } from "../engine/errors.ts";
import type { EngineEvent, EngineRequest } from "../engine/events.ts";
import type { MigrationState } from "../engine/state.ts";
import { readLines, writeLine } from "./lines.ts";
import { type ClientLine, protocolVersion, type ServerLine } from "./protocol.ts";

/** What the server needs of an engine. */
export interface Served {
  state(): MigrationState;
  ask(request: EngineRequest): Promise<string | null>;
}

export interface SocketServer {
  emit(event: EngineEvent): void;
  readonly clients: () => number;
  /** Called whenever the number of clients changed. */
  onClients(then: (clients: number) => void): void;
  close(): Promise<void>;
}

/** A client that reads slower than this falls behind is let go: it attaches again and gets the whole state. */
const mostBufferedBytes = 32 * 1024 * 1024;

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
    throw new CrossfadeError(
      "LOCK_HELD",
      "an engine for this cluster runs on this machine already",
      "run crossfade to attach to it",
    );
  }
  rmSync(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
}

class Clients {
  readonly sockets = new Set<Socket>();
  readonly #served: Served;
  changed: (clients: number) => void = () => undefined;

  constructor(served: Served) {
    this.#served = served;
  }

  take(socket: Socket): void {
    this.sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      this.sockets.delete(socket);
      this.changed(this.sockets.size);
    });
    const hello: ServerLine = {
      line: "hello",
      version: protocolVersion,
      pid: process.pid,
      state: this.#served.state(),
    };
    writeLine(socket, hello);
    readLines<ClientLine>(socket, (line) => void this.#answer(socket, line));
    this.changed(this.sockets.size);
  }

  async #answer(socket: Socket, { id, body }: ClientLine): Promise<void> {
    const refused = await this.#served.ask(body).catch((thrown: unknown) => String(thrown));
    writeLine(socket, { line: "answer", id, refused } satisfies ServerLine);
  }

  tell(line: ServerLine): void {
    for (const socket of this.sockets) {
      if (socket.writableLength > mostBufferedBytes) socket.destroy();
      else writeLine(socket, line);
    }
  }
}

/** Serves a run on a Unix socket that only its owner can open. */
export async function serveRun(path: string, served: Served): Promise<SocketServer> {
  const clients = new Clients(served);
  const server = createServer((socket) => clients.take(socket));
  await listen(server, path);
  return {
    emit: (event) => clients.tell({ line: "event", event }),
    clients: () => clients.sockets.size,
    onClients: (then) => {
      clients.changed = then;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of clients.sockets) socket.end();
        rmSync(path, { force: true });
      }),
  };
}
