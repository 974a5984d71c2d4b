import type { Ports } from "../model/ports/ports.ts";

const farewellMs = 5_000;

/** Whether others can ask and are told through the cluster, and the answers to them that are under way. */
export class ObserverLink {
  readonly #ports: Pick<Ports, "observers" | "clock">;
  readonly #owed = new Set<Promise<unknown>>();
  #isOpen = false;

  constructor(ports: Pick<Ports, "observers" | "clock">) {
    this.#ports = ports;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  async open(): Promise<void> {
    if (this.#isOpen) return;
    await this.#ports.observers.open();
    this.#isOpen = true;
  }

  /** Whoever asked for the run gets the answer before the lease is given back. */
  async owe(answered: Promise<unknown>): Promise<void> {
    this.#owed.add(answered);
    await answered.finally(() => this.#owed.delete(answered));
  }

  /** The last word to those who watch from elsewhere; they find out by themselves where the cluster is out of reach. */
  async close(isOver: boolean): Promise<void> {
    const words = [...this.#owed];
    const { observers, clock } = this.#ports;
    if (this.#isOpen && isOver) words.push(observers.close());
    this.#isOpen = false;
    if (words.length === 0) return;
    const late = new AbortController();
    await Promise.race([Promise.allSettled(words), clock.sleep(farewellMs, late.signal).catch(() => undefined)]);
    late.abort();
  }
}
