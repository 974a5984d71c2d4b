import type { Outcome } from "../engine/events.ts";
import type { Ports } from "../engine/ports.ts";
import { whoWeAre } from "./holder.ts";
import { type RunChoice, startRun } from "./run-process.ts";
import { serveRun } from "./socket-server.ts";

/** How long a finished or paused engine without anybody watching stays: a panel may be on its way. */
const lingerMs = 3_000;

export interface EngineProcess {
  readonly ports: Ports;
  readonly socket: string;
  readonly journal: string;
  readonly choice: RunChoice;
  /** Told once panels can attach. */
  readonly onListening: () => void;
  readonly signal: AbortSignal;
}

/**
 * Runs the engine behind a socket until it has nothing to do and nobody watches. A panel that goes away leaves the run
 * as its plan says: it goes on, or it pauses at the next safe point and the process ends there.
 */
export async function runEngineProcess({
  ports,
  socket,
  journal,
  choice,
  onListening,
  signal,
}: EngineProcess): Promise<Outcome> {
  let emit: Parameters<typeof startRun>[3] = () => undefined;
  const engine = startRun(ports, journal, choice, (event) => emit(event));
  const server = await serveRun(socket, engine).catch((thrown: unknown) => {
    engine.stop();
    throw thrown;
  });
  const leave = { timer: null as NodeJS.Timeout | null };
  emit = (event) => {
    server.emit(event);
    if (event.type === "pace-changed" && event.pace === "paused") consider();
  };
  const consider = () => {
    if (leave.timer) clearTimeout(leave.timer);
    leave.timer = server.clients() > 0 ? null : setTimeout(() => void alone(), lingerMs);
  };
  const alone = async () => {
    const { consents, pace, whenLeft, outcome } = engine.state();
    if (outcome !== null || !consents.nodes || pace === "paused") return engine.stop();
    if (whenLeft === "pause" && pace === "running") await engine.ask({ request: "pause", by: `${whoWeAre()} (left)` });
  };
  server.onClients(consider);
  signal.addEventListener("abort", () => engine.stop(), { once: true });
  onListening();
  consider();
  try {
    const outcome = await engine.ended;
    await nobodyWatches(server, signal);
    return outcome;
  } finally {
    if (leave.timer) clearTimeout(leave.timer);
    engine.journal.close();
    await server.close();
  }
}

/** A finished run stays on the screen until its watchers leave. */
function nobodyWatches(
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
