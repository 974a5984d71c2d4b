import type { RunTerms } from "../decide/run-terms.ts";
import type { EngineEvent, EngineRequest, Outcome } from "../model/events.ts";
import type { Ports } from "../model/ports/ports.ts";
import type { Reason } from "../model/reason.ts";
import type { MigrationState } from "../model/state.ts";
import { serveObservers } from "../observers/observers.ts";
import { type Catalogue, catalogue } from "./catalogue.ts";
import { keepMeasured } from "./keep-measured.ts";
import { run } from "./run.ts";
import { sample } from "./sampling.ts";
import { Session } from "./session.ts";
import { NodeWatch } from "./snapshot.ts";

/** A run at work, as its process holds it. */
export interface Engine {
  readonly state: () => MigrationState;
  /** Null when the request was taken, else why not. */
  ask(request: EngineRequest): Promise<Reason | null>;
  /** Resolves when the run ended or stands where it needs a person; rejects with a foreseen failure or a bug. */
  readonly ended: Promise<Outcome>;
  /** Ends after what is being done now; the cluster's record lets anybody go on. */
  stop(): void;
}

/** Starts a run by these steps and sources; everything it says goes to `emit`, in order. */
export function startEngine(
  ports: Ports,
  terms: RunTerms,
  emit: (event: EngineEvent) => void,
  leaves: Catalogue = catalogue,
): Engine {
  const stopped = new AbortController();
  const session = new Session(ports, emit, leaves);
  const beside = new AbortController();
  const helpers = [
    new NodeWatch(session).watch(beside.signal),
    sample(session, beside.signal),
    keepMeasured(session, beside.signal),
    serveObservers(session, beside.signal),
  ];
  const ended = alongside(run(session, terms, stopped.signal), beside, helpers);
  return {
    state: () => session.state,
    ask: (request) => {
      if (request.request !== "stop") return session.ask(request);
      stopped.abort();
      return Promise.resolve(null);
    },
    ended,
    stop: () => stopped.abort(),
  };
}

/** What runs beside the engine ends with it, before anybody hears of the end. */
async function alongside(
  main: Promise<Outcome>,
  beside: AbortController,
  helpers: readonly Promise<void>[],
): Promise<Outcome> {
  try {
    return await main;
  } finally {
    beside.abort();
    await Promise.all(helpers);
  }
}
