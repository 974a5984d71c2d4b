import type { LabClock } from "../../clock.ts";
import type { KubeObject } from "../../objects.ts";

/** As etcd's compaction: a continue token older than this is answered with 410. */
const keptMs = 5 * 60_000;
const keptAtMost = 64;

interface Held {
  readonly items: readonly KubeObject[];
  readonly at: number;
}

/** Lists that were begun in pages, kept as they were so that their later pages tell of the same moment. */
export class HeldLists {
  readonly #clock: LabClock;
  readonly #lists = new Map<string, Held>();

  constructor(clock: LabClock) {
    this.#clock = clock;
  }

  hold(key: string, items: readonly KubeObject[]): void {
    if (!this.#lists.has(key)) this.#lists.set(key, { items, at: this.#clock.now() });
    if (this.#lists.size > keptAtMost) {
      const [oldest] = this.#lists.keys();
      if (oldest !== undefined) this.#lists.delete(oldest);
    }
  }

  find(key: string): readonly KubeObject[] | undefined {
    const held = this.#lists.get(key);
    if (held && this.#clock.now() - held.at <= keptMs) return held.items;
    this.#lists.delete(key);
    return undefined;
  }

  /** As if etcd had been compacted: all continue tokens are stale from now on. */
  forget(): void {
    this.#lists.clear();
  }
}
