import type { RunTerms } from "../decide/run-terms.ts";
import { CrossfadeError } from "../model/errors.ts";
import type { EngineRequest } from "../model/events.ts";
import { type Reason, reason } from "../model/reason.ts";
import type { Session } from "./session.ts";

/** What the run was started for; an outage only delays it. */
export class InitialRequest {
  readonly #session: Session;
  readonly #by: string;
  #asked: Promise<Reason | null> | null = null;
  #open: boolean;
  readonly #request: EngineRequest | null;

  constructor(session: Session, terms: RunTerms) {
    this.#session = session;
    this.#by = terms.by;
    this.#request = requestOf(terms);
    this.#open = this.#request !== null;
  }

  /** Once; where an outage breaks it off, again. */
  async carryOut(): Promise<void> {
    const session = this.#session;
    if (!this.#open || !this.#request) return;
    if (this.#asked === null && !alreadyUndone(session, this.#request)) this.#asked = session.ask(this.#request);
    await session.takeRequests();
    const refused = await this.#asked;
    if (refused !== null) {
      const code = this.#request.request.startsWith("rollback") ? "ROLLBACK_IMPOSSIBLE" : "USAGE";
      throw new CrossfadeError(code, reason("request-refused", { refused }));
    }
    if (session.state.pace !== "running") {
      await session.advance({
        type: "pace-changed",
        at: session.now(),
        pace: "running",
        by: this.#by,
        takesHoldAt: "",
      });
    }
    this.#open = false;
  }
}

function requestOf({ rollback, firstRequest, by }: RunTerms): EngineRequest | null {
  if (firstRequest !== undefined) return { ...firstRequest, by };
  if (rollback === undefined) return null;
  return rollback === "all" ? { request: "rollback-all", by } : { request: "rollback", node: rollback.node, by };
}

/** The way back was begun, or gone to its end, by an engine before this one: it is gone on with, not refused. */
function alreadyUndone({ state }: Session, request: EngineRequest): boolean {
  if (request.request === "rollback-all") return state.direction === "rollback";
  const phase = request.request === "rollback" ? state.nodes[request.node]?.state.phase : undefined;
  return phase === "rolling-back" || phase === "rolled-back";
}
