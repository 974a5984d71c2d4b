import { pause, VirtualClock } from "crossfade-lab/clock.ts";
import type { EngineEvent } from "../../../src/engine/model/events.ts";
import type { Ports } from "../../../src/engine/model/ports/ports.ts";

/** So much of the lab's time passes whenever nothing is at work. */
const strideMs = 250;
/** So long nothing may be at work before time passes, by the wall; the engine and the lab talk over sockets. */
const restMs = 2;
/** Share of that in which a process at rest may use a processor. */
const idleShare = 0.25;
/** What only looks (samples, the panel's view of nodes) does so no more often: it would be most of the work. */
const onlookersMs = 2_000;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Time of a lab and an engine in this process that goes on only while both wait for it. How busy the machine is makes a run take
 * longer by the wall, and not by its own time.
 */
export class OwnTime {
  readonly clock = new VirtualClock(Date.now());
  /** What time it was at the wall's. */
  readonly #passed: { readonly wall: number; readonly own: number }[] = [];
  #ended = false;

  begin(): void {
    void this.#goOn();
  }

  end(): void {
    this.#ended = true;
  }

  async #goOn(): Promise<void> {
    while (!this.#ended) {
      await this.#rest();
      this.#passed.push({ wall: Date.now(), own: this.clock.now() });
      await this.clock.advance(strideMs);
    }
  }

  /** Until nothing is at work; what works in this process's threads counts. */
  async #rest(): Promise<void> {
    for (;;) {
      const cpu = process.cpuUsage();
      await sleep(restMs);
      const { user, system } = process.cpuUsage(cpu);
      if ((user + system) / 1_000 < restMs * idleShare) return;
    }
  }

  /** The engine's ports on this time. */
  of(ports: Ports): Ports {
    const { clock } = this;
    return {
      ...ports,
      clock: {
        now: () => Math.round(clock.now()),
        async sleep(ms, signal) {
          signal.throwIfAborted();
          await pause(clock, ms < onlookersMs ? ms : Math.max(ms, onlookersMs), signal);
          signal.throwIfAborted();
        },
      },
      changes: {
        link: () => ports.changes.link(),
        async next(atMostMs, signal) {
          const woken = new AbortController();
          const either = AbortSignal.any([signal, woken.signal]);
          await Promise.race([ports.changes.next(3_600_000, either), pause(clock, atMostMs, either)]);
          woken.abort();
        },
      },
    };
  }

  /** What the adapters date by the wall's clock, by this time. */
  told(event: EngineEvent): EngineEvent {
    if (event.type !== "link-changed") return event;
    const { own } = this.#passed.findLast(({ wall }) => wall <= event.link.since) ?? { own: event.at };
    return { ...event, link: { ...event.link, since: Math.round(Math.min(own, event.at)) } };
  }
}
