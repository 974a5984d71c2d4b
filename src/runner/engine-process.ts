import type { EngineEvent, EngineRequest, Outcome } from "../engine/model/events.ts";
import type { Ports } from "../engine/model/ports/ports.ts";
import { type Reason, reason } from "../engine/model/reason.ts";
import { type MigrationState, nothingYet } from "../engine/model/state.ts";
import { whoWeAre } from "./holder.ts";
import { type RunChoice, startRun } from "./run-process.ts";
import { type SocketServer, serveRun } from "./socket-server.ts";

/** How long a finished or paused engine without anybody watching stays: a panel may be on its way. */
const lingerMs = 3_000;

export interface EngineProcess {
  readonly ports: Ports;
  readonly socket: string;
  readonly journal: string;
  readonly choice: RunChoice;
  /** Told once panels can attach. */
  readonly onListening: () => void;
  /** Told once there is a plan, or a run that goes on. */
  readonly onPlanned: () => void;
  /** Aborted when the run is to pause at its safe point, and the process to end there. */
  readonly farewell: AbortSignal;
  /** Aborted when the process is to end as soon as it can. */
  readonly signal: AbortSignal;
}

type Run = ReturnType<typeof startRun>;

/** A run behind a socket: it begins when the first panel is there to see it, and never without anybody. */
class ServedRun {
  readonly #process: EngineProcess;
  readonly #began = Promise.withResolvers<Run | null>();
  #run: Run | null = null;
  #server: SocketServer | null = null;
  #leaving: NodeJS.Timeout | null = null;

  constructor(process: EngineProcess) {
    this.#process = process;
  }

  state(): MigrationState {
    return this.#run?.state() ?? nothingYet;
  }

  ask(request: EngineRequest): Promise<Reason | null> {
    return this.#run?.ask(request) ?? Promise.resolve(reason("run-not-begun", {}));
  }

  async serve(): Promise<Outcome> {
    const { socket, onListening, farewell, signal } = this.#process;
    const server = await serveRun(socket, this);
    this.#server = server;
    server.onClients((clients) => this.#clientsChanged(clients));
    signal.addEventListener("abort", () => this.#stop(), { once: true });
    farewell.addEventListener("abort", () => void this.#farewell(), { once: true });
    try {
      onListening();
      this.#clientsChanged(server.clients());
      const run = await this.#began.promise;
      const outcome = run ? await run.ended : "interrupted";
      await untilUnwatched(server, AbortSignal.any([signal, farewell]));
      return outcome;
    } finally {
      if (this.#leaving) clearTimeout(this.#leaving);
      this.#run?.journal.close();
      await server.close();
    }
  }

  #begin(): void {
    const { ports, journal, choice } = this.#process;
    this.#run = startRun(ports, journal, choice, (event) => this.#tell(event));
    this.#began.resolve(this.#run);
  }

  #tell(event: EngineEvent): void {
    this.#server?.emit(event);
    if (event.type === "run-announced") this.#process.onPlanned();
    if (event.type !== "pace-changed" || event.pace !== "paused") return;
    if (this.#process.farewell.aborted) this.#stop();
    else this.#clientsChanged(this.#server?.clients() ?? 0);
  }

  #clientsChanged(clients: number): void {
    if (clients > 0 && !this.#run) this.#begin();
    if (this.#leaving) clearTimeout(this.#leaving);
    this.#leaving = clients > 0 ? null : setTimeout(() => void this.#alone(), lingerMs);
  }

  /** Nobody watches: what the plan says of that takes place. */
  async #alone(): Promise<void> {
    const { consents, pace, whenLeft, outcome } = this.state();
    if (outcome !== null || !consents.nodes || pace === "paused") return this.#stop();
    if (whenLeft === "pause" && pace === "running") await this.ask({ request: "pause", by: `${whoWeAre()} (left)` });
  }

  /** A supervisor wants this process gone: the run is brought to where it can stand first. */
  async #farewell(): Promise<void> {
    const { consents, pace, outcome } = this.state();
    if (outcome !== null || !consents.nodes || pace === "paused") return this.#stop();
    if (pace === "running") await this.ask({ request: "pause", by: `${whoWeAre()} (signal)` });
  }

  #stop(): void {
    if (this.#run) this.#run.stop();
    else this.#began.resolve(null);
  }
}

/**
 * Runs the engine behind a socket until it has nothing to do and nobody watches. A panel that goes away leaves the run
 * as its plan says: it goes on, or it pauses at the next safe point and the process ends there.
 */
export const runEngineProcess = (process: EngineProcess): Promise<Outcome> => new ServedRun(process).serve();

/** A finished run stays on the screen until its observers leave. */
function untilUnwatched(
  server: { clients(): number; onClients(then: (clients: number) => void): void },
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const look = (clients: number) => {
      if (clients === 0 || signal.aborted) resolve();
    };
    server.onClients(look);
    signal.addEventListener("abort", () => resolve(), { once: true });
    look(server.clients());
  });
}
