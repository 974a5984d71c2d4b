import type { LabClock } from "../clock.ts";

/** One line that a container wrote. */
export interface LogLine {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly text: string;
}

const limit = 400;

/** What one run of a container wrote: the newest lines only, as a kubelet that rotates its files. */
export class ContainerLog {
  readonly #clock: LabClock;
  readonly #lines: LogLine[] = [];
  readonly #followers = new Set<(line: LogLine | null) => void>();
  #closed = false;

  constructor(clock: LabClock) {
    this.#clock = clock;
  }

  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** The clock that its lines are stamped by. */
  now(): number {
    return this.#clock.now();
  }

  write(text: string): void {
    if (this.#closed) return;
    const line = { at: this.#clock.now(), text };
    this.#lines.push(line);
    if (this.#lines.length > limit) this.#lines.shift();
    for (const follower of this.#followers) follower(line);
  }

  /** The container has ended: followers are told with null. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const follower of this.#followers) follower(null);
    this.#followers.clear();
  }

  /** Calls back for each line to come, with null at the end. Returns how to stop. */
  follow(then: (line: LogLine | null) => void): () => void {
    if (this.#closed) {
      then(null);
      return () => undefined;
    }
    this.#followers.add(then);
    return () => this.#followers.delete(then);
  }
}
