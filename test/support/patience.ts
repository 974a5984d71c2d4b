import { cpus } from "node:os";

/** Seconds of rest that the machine has while a thing is awaited, before the wait is called vain. */
export const patienceMs = 45_000;

const lookMs = 500;

/** Milliseconds that all processors together have been idle since the machine started. */
const idleMs = (): number => cpus().reduce((sum, { times }) => sum + times.idle, 0);

/**
 * How long something has been awaited, in milliseconds in which the machine had a processor to spare. While other work keeps every
 * processor busy no time passes: a wait is in vain when nothing comes though somebody could have worked on it. Never more than the wall's time.
 */
export class Rest {
  #idle = idleMs();
  #at = performance.now();
  #spent = 0;

  /** Rest so far. To be asked every now and then: what one look adds is at most the wall's time since the last. */
  spent(): number {
    const now = performance.now();
    if (now - this.#at < lookMs / 2) return this.#spent;
    const idle = idleMs();
    this.#spent += Math.min(now - this.#at, Math.max(0, idle - this.#idle));
    this.#idle = idle;
    this.#at = now;
    return this.#spent;
  }
}

/** Calls back once that much rest was spent; what it returns calls the waiting off. */
export function afterRest(restMs: number, inVain: () => void): () => void {
  const rest = new Rest();
  const timer = setInterval(
    () => {
      if (rest.spent() < restMs) return;
      clearInterval(timer);
      inVain();
    },
    Math.min(lookMs, restMs),
  );
  return () => clearInterval(timer);
}
