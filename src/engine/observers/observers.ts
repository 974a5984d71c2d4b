import { note } from "../model/notes/note.ts";
import type { RemoteRequest } from "../model/ports/observers.ts";
import type { Reason } from "../model/reason.ts";
import type { Session } from "../run/session.ts";
import { gistOf, newsOf } from "./news.ts";

/** Between two looks at what others ask, when nothing in the cluster changes. */
const hearEveryMs = 1_000;
/** And at least this long, whatever changes. */
const restMs = 100;
/** That requests were dropped is said once in this time: whoever floods us must not flood the log. */
const tellDroppedEveryMs = 60_000;
/** News are published at most this often, and samples without a loss more seldom. */
const tellEveryMs = 2_000;
const tellScoresEveryMs = 20_000;

async function answer(session: Session, request: RemoteRequest): Promise<void> {
  const refused = await session.ask({ request: request.ask, by: request.by });
  const answered = reply(session, request, refused);
  await session.observers.owe(answered);
}

async function reply(session: Session, request: RemoteRequest, refused: Reason | null): Promise<void> {
  if (refused !== null) session.log("info", note("request-refused", { by: request.by, ask: request.ask, refused }));
  const by = session.state.runner?.holder ?? "";
  await session.ports.observers.answer(request, { refused, by, at: session.now() });
}

/** Says how many requests were not heard. */
class Dropped {
  readonly #session: Session;
  #toldAt = Number.NEGATIVE_INFINITY;
  #untold = 0;

  constructor(session: Session) {
    this.#session = session;
  }

  count(dropped: number): void {
    this.#untold += dropped;
    const now = this.#session.now();
    if (this.#untold === 0 || now - this.#toldAt < tellDroppedEveryMs) return;
    this.#session.log("warning", note("requests-dropped", { count: this.#untold }));
    this.#toldAt = now;
    this.#untold = 0;
  }
}

async function takeAsked(session: Session, inHand: Set<string>, dropped: Dropped): Promise<void> {
  const asked = await session.ports.observers.requests(session.now());
  dropped.count(asked.dropped);
  const open = new Set(asked.requests.map(({ id }) => id));
  for (const id of inHand) if (!open.has(id)) inHand.delete(id);
  for (const request of asked.requests) {
    if (inHand.has(request.id)) continue;
    inHand.add(request.id);
    // One that must wait for the end of a pass keeps no other waiting.
    answer(session, request).catch(() => inHand.delete(request.id));
  }
}

/** Takes what other terminals ask, beside whatever the run is doing. */
async function hear(session: Session, signal: AbortSignal): Promise<void> {
  const { changes, clock } = session.ports;
  const inHand = new Set<string>();
  const dropped = new Dropped(session);
  while (!signal.aborted) {
    try {
      if (session.recording) await session.observers.open();
      if (session.observers.isOpen) await takeAsked(session, inHand, dropped);
      await changes.next(hearEveryMs, signal);
    } catch {
      // Out of reach: whoever asked sees no answer, and the next look finds the request again.
    }
    await clock.sleep(restMs, signal).catch(() => undefined);
  }
}

/** Publishes what only this engine knows, where it changed. */
async function tell(session: Session, signal: AbortSignal): Promise<void> {
  const { observers, clock } = session.ports;
  let told = { gist: "", at: 0 };
  while (!signal.aborted) {
    await clock.sleep(tellEveryMs, signal).catch(() => undefined);
    if (signal.aborted || !session.observers.isOpen) continue;
    const news = newsOf(session.state, session.now());
    const gist = gistOf(news);
    if (gist === told.gist && news.at - told.at < tellScoresEveryMs) continue;
    try {
      await observers.publish(news);
      told = { gist, at: news.at };
    } catch {
      // Nobody needs it to go on.
    }
  }
}

/** The runner's side of those who watch it from elsewhere. */
export async function serveObservers(session: Session, signal: AbortSignal): Promise<void> {
  await Promise.all([hear(session, signal), tell(session, signal)]);
}
