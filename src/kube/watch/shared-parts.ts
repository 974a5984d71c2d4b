/** Beyond this many different parts sharing pays no more, and remembering them costs. */
const mostParts = 50_000;

/** Pods of one workload bear equal labels and owners: each is held once, however many messages brought it. */
export class SharedParts {
  readonly #parts = new Map<string, unknown>();

  /** The object with its nested objects, short lists and repeated words replaced by the ones that are held already. */
  share<T>(value: T): T {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    const out: Record<string, unknown> = {};
    for (const [name, part] of Object.entries(value)) out[name] = this.#isShared(name, part) ? this.#held(part) : part;
    return out as T;
  }

  #isShared(name: string, part: unknown): boolean {
    if (typeof part === "object") return part !== null && name !== "ips" && name !== "annotations";
    return name === "namespace" || name === "node" || name === "phase";
  }

  #held(part: unknown): unknown {
    const key = typeof part === "string" ? part : JSON.stringify(part);
    const held = this.#parts.get(key);
    if (held !== undefined && typeof held === typeof part) return held;
    if (this.#parts.size >= mostParts) this.#parts.clear();
    this.#parts.set(key, part);
    return part;
  }
}
