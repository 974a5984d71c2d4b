import type { End } from "../decide/run-terms.ts";
import { reason } from "../model/reason.ts";
import type { Session } from "./session.ts";

/** How often an engine that waits for the first consent looks whether another has begun. */
const lookEveryMs = 2_000;

/** Before the first consent the run is nobody's: where somebody else began one meanwhile, theirs is the run. */
export class BegunByOthers {
  readonly #session: Session;
  #lookedAt = 0;

  constructor(session: Session) {
    this.#session = session;
  }

  async end(): Promise<End | null> {
    const session = this.#session;
    if (session.recording || session.now() - this.#lookedAt < lookEveryMs) return null;
    this.#lookedAt = session.now();
    const record = await session.ports.records.run();
    if (!record || record.finished) return null;
    const held = await session.ports.lock.state();
    return { outcome: "lock-lost", reason: reason("begun-elsewhere", { holder: held?.holder ?? null }) };
  }
}
