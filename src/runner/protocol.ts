import type { EngineEvent, EngineRequest } from "../engine/model/events.ts";
import type { Reason } from "../engine/model/reason.ts";
import type { MigrationState } from "../engine/model/state.ts";

/** Raised when a line's meaning changes; a panel and an engine of different numbers refuse each other in one sentence. */
export const protocolVersion = 5;

/**
 * Engine → panel, one JSON object a line. `hello` comes first and carries the state so far, so nothing is replayed; it
 * comes again, in place of events that were left out, to a panel that had not read for long.
 */
export type ServerLine =
  | { readonly line: "hello"; readonly version: number; readonly pid: number; readonly state: MigrationState }
  | { readonly line: "event"; readonly event: EngineEvent }
  /** The answer to a request: null when it was taken, else why not. */
  | { readonly line: "answer"; readonly id: number; readonly refused: Reason | null };

/** Panel → engine. */
export type ClientLine = { readonly line: "request"; readonly id: number; readonly body: EngineRequest };

/** What a panel (or a test) holds to talk with a run, wherever it runs. */
export interface RunLink {
  /** The state when the link was made. */
  readonly state: MigrationState;
  onEvent(then: (event: EngineEvent) => void): () => void;
  /** The whole state anew: events before it were left out, or another engine goes on with the run. */
  onState(then: (state: MigrationState) => void): () => void;
  /** Null when the engine took it, else why not. */
  ask(request: EngineRequest): Promise<Reason | null>;
  /** The engine went away or the socket broke. */
  onClosed(then: (why: string) => void): () => void;
  close(): void;
  /** Somebody else's engine, seen through the cluster: only a few things can be asked of it. */
  readonly watching?: boolean;
}
