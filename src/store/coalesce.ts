import type { EngineEvent } from "../engine/model/events.ts";

/** Events of which only the newest counts; every other one is kept. */
function keyOf(event: EngineEvent): string | null {
  if (event.type === "node-seen" || event.type === "node-held") return `${event.type} ${event.node}`;
  return event.type === "connectivity" || event.type === "link-changed" ? event.type : null;
}

/** A queue of events in which a newer look at the same thing takes the place of the older one. */
export class EventQueue {
  #next = 0;
  readonly #events = new Map<string, EngineEvent>();

  get size(): number {
    return this.#events.size;
  }

  add(event: EngineEvent): void {
    const key = keyOf(event) ?? `${this.#next++}`;
    this.#events.delete(key);
    this.#events.set(key, event);
  }

  /** All that is queued, oldest first; the queue is empty afterwards. */
  take(): readonly EngineEvent[] {
    const events = [...this.#events.values()];
    this.#events.clear();
    return events;
  }
}
