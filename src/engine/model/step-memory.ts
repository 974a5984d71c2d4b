/** One kind of thing that a step or a shared question remembers; its type is that of what it begins as. */
export interface Remembered<T> {
  readonly begin: () => T;
}

/** Declares a kind of memory: `const told = remembered(() => new Set<string>())`, read with `scope.memory.of(told)`. */
export const remembered = <T>(begin: () => T): Remembered<T> => ({ begin });

/**
 * What is known of the present step within this process, each kind apart: acts that are not to be repeated, answers that need not be asked
 * for again. It begins anew with each step, and is lost with the engine: whoever takes the step up finds out again.
 */
export class StepMemory {
  readonly #kinds = new Map<Remembered<unknown>, unknown>();

  of<T>(kind: Remembered<T>): T {
    if (!this.#kinds.has(kind)) this.#kinds.set(kind, kind.begin());
    return this.#kinds.get(kind) as T;
  }
}
