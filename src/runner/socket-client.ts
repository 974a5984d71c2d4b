import { createConnection, type Socket } from "node:net";
import { CrossfadeError } from "../engine/errors.ts";
import type { EngineEvent } from "../engine/events.ts";
import { readLines, writeLine } from "./lines.ts";
import { type ClientLine, protocolVersion, type RunLink, type ServerLine } from "./protocol.ts";

class SocketLink {
  readonly #socket: Socket;
  readonly #listeners = new Set<(event: EngineEvent) => void>();
  readonly #onClosed = new Set<(why: string) => void>();
  readonly #asked = new Map<number, (refused: string | null) => void>();
  /** What came in the same packet as the hello, before anybody could listen. */
  #early: EngineEvent[] = [];
  #nextId = 1;
  #closed: string | null = null;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  hear(line: ServerLine): void {
    if (line.line === "event") this.#tell(line.event);
    if (line.line === "answer") {
      this.#asked.get(line.id)?.(line.refused);
      this.#asked.delete(line.id);
    }
  }

  #tell(event: EngineEvent): void {
    if (this.#listeners.size === 0) this.#early.push(event);
    for (const listener of this.#listeners) listener(event);
  }

  end(why: string): void {
    if (this.#closed !== null) return;
    this.#closed = why;
    for (const reply of this.#asked.values()) reply(why);
    this.#asked.clear();
    for (const then of this.#onClosed) then(why);
  }

  link(hello: Extract<ServerLine, { line: "hello" }>): RunLink {
    return {
      state: hello.state,
      onEvent: (then) => {
        this.#listeners.add(then);
        for (const event of this.#early.splice(0)) then(event);
        return () => this.#listeners.delete(then);
      },
      ask: (body) => {
        if (this.#closed !== null) return Promise.resolve(this.#closed);
        const id = this.#nextId++;
        writeLine(this.#socket, { line: "request", id, body } satisfies ClientLine);
        return new Promise((reply) => this.#asked.set(id, reply));
      },
      onClosed: (then) => {
        if (this.#closed === null) this.#onClosed.add(then);
        else then(this.#closed);
        return () => this.#onClosed.delete(then);
      },
      close: () => this.#socket.destroy(),
    };
  }
}

const otherVersion = (pid: number) =>
  new CrossfadeError(
    "USAGE",
    `the engine with pid ${pid} is of another version of crossfade`,
    "use the version that started it, or let it pause and end it first",
  );

/** Attaches to the engine that listens there; null when nobody does. */
export function attach(path: string): Promise<RunLink | null> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    const link = new SocketLink(socket);
    socket.on("error", () => resolve(null));
    socket.on("close", () => {
      resolve(null);
      link.end("the engine is gone");
    });
    readLines<ServerLine>(socket, (line) => {
      if (line.line !== "hello") return link.hear(line);
      if (line.version === protocolVersion) return resolve(link.link(line));
      reject(otherVersion(line.pid));
      socket.destroy();
    });
  });
}
