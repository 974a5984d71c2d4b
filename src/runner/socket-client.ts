import { createConnection, type Socket } from "node:net";
import { CrossfadeError } from "../engine/model/errors.ts";
import type { EngineEvent } from "../engine/model/events.ts";
import { type Reason, reason } from "../engine/model/reason.ts";
import { type MigrationState, nothingYet } from "../engine/model/state.ts";
import { readLines, writeLine } from "./lines.ts";
import { type ClientLine, protocolVersion, type RunLink, type ServerLine } from "./protocol.ts";

class SocketLink {
  readonly #socket: Socket;
  readonly #listeners = new Set<(event: EngineEvent) => void>();
  readonly #onState = new Set<(state: MigrationState) => void>();
  readonly #onClosed = new Set<(why: string) => void>();
  readonly #asked = new Map<number, (refused: Reason | null) => void>();
  /** What came in the same packet as the hello, before anybody could listen. */
  #early: EngineEvent[] = [];
  #nextId = 1;
  #closed: string | null = null;
  #state: MigrationState = nothingYet;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  hear(line: ServerLine): void {
    if (line.line === "event") this.#tell(line.event);
    if (line.line === "hello") {
      this.#state = line.state;
      this.#early = [];
      for (const then of this.#onState) then(line.state);
    }
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
    for (const reply of this.#asked.values()) reply(reason("engine-gone", {}));
    this.#asked.clear();
    for (const then of this.#onClosed) then(why);
  }

  link(): RunLink {
    const current = () => this.#state;
    return {
      get state() {
        return current();
      },
      onEvent: (then) => {
        this.#listeners.add(then);
        for (const event of this.#early.splice(0)) then(event);
        return () => this.#listeners.delete(then);
      },
      onState: (then) => {
        this.#onState.add(then);
        return () => this.#onState.delete(then);
      },
      ask: (body) => {
        if (this.#closed !== null) return Promise.resolve(reason("engine-gone", {}));
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

const otherVersion = (pid: number) => new CrossfadeError("USAGE", reason("engine-of-other-version", { pid }));

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
      if (line.line === "hello" && line.version !== protocolVersion) {
        reject(otherVersion(line.pid));
        socket.destroy();
        return;
      }
      link.hear(line);
      if (line.line === "hello") resolve(link.link());
    });
  });
}
