import type { EngineEvent, EngineRequest } from "../../engine/model/events.ts";
import { note } from "../../engine/model/notes/note.ts";
import { type Reason, reason } from "../../engine/model/reason.ts";
import { type MigrationState, nothingYet } from "../../engine/model/state.ts";
import type { RunLink } from "../../runner/protocol.ts";

/** A panel's one link: to an engine that is still starting at first, and to another one after an engine died. */
export class LastingLink implements RunLink {
  readonly #onEvent = new Set<(event: EngineEvent) => void>();
  readonly #onState = new Set<(state: MigrationState) => void>();
  readonly #onClosed = new Set<(why: string) => void>();
  #link: RunLink | null = null;
  /** What came before anybody listened. */
  readonly #early: EngineEvent[] = [];
  #arrived: Promise<void> = Promise.resolve();
  #left = false;

  /** The present link shows somebody else's engine. */
  get watching(): boolean {
    return this.#link?.watching ?? false;
  }

  get state(): MigrationState {
    return this.#link?.state ?? nothingYet;
  }

  /** Takes up a link once it is there; rejects when it does not come. */
  connect(coming: Promise<RunLink>): Promise<void> {
    const arrived = coming.then((link) => this.#take(link));
    this.#arrived = arrived.catch(() => undefined);
    return arrived;
  }

  onEvent(then: (event: EngineEvent) => void): () => void {
    this.#onEvent.add(then);
    for (const event of this.#early.splice(0)) then(event);
    return () => this.#onEvent.delete(then);
  }

  onState(then: (state: MigrationState) => void): () => void {
    this.#onState.add(then);
    return () => this.#onState.delete(then);
  }

  onClosed(then: (why: string) => void): () => void {
    this.#onClosed.add(then);
    return () => this.#onClosed.delete(then);
  }

  async ask(request: EngineRequest): Promise<Reason | null> {
    await this.#arrived;
    return this.#link ? this.#link.ask(request) : reason("engine-not-started", {});
  }

  /** What whoever is to be connected to waits for: a line of the log, as long as there is no state of theirs. */
  say(text: string): void {
    this.#hear({ type: "log", at: Date.now(), level: "info", node: null, note: note("plain", { text }) });
  }

  #hear(event: EngineEvent): void {
    if (this.#onEvent.size === 0) this.#early.push(event);
    for (const then of this.#onEvent) then(event);
  }

  close(): void {
    this.#left = true;
    this.#link?.close();
  }

  #take(link: RunLink): void {
    if (this.#left) {
      link.close();
      return;
    }
    const before = this.#link;
    this.#link = link;
    before?.close();
    for (const then of this.#onState) then(link.state);
    // What a link says that was given up for another is no news of the run any more.
    const current = () => this.#link === link;
    link.onState((state) => {
      if (current()) for (const then of this.#onState) then(state);
    });
    link.onEvent((event) => {
      if (current()) this.#hear(event);
    });
    link.onClosed((why) => {
      if (current()) for (const then of this.#onClosed) then(why);
    });
  }
}
