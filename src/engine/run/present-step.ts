import type { Waiting } from "../model/observation.ts";
import { StepMemory } from "../model/step-memory.ts";

/** The step that is worked at: what it remembers, and how much of its time counts. Lost with the engine: asked again, it finds out again. */
export class PresentStep {
  readonly memory = new StepMemory();
  readonly #rebootedByHand = new Set<string>();
  #idleMs = 0;
  #stoodMs = 0;
  #dueInMs: number | null = null;
  #denied: Waiting | null = null;

  /** Time that is not counted against its limit: answers of the API server, outages, pauses, waiting for a person. */
  get idleMs(): number {
    return this.#idleMs;
  }

  /** Of that, the time in which nobody worked at it: outages, pauses, waiting for a person. */
  get stoodMs(): number {
    return this.#stoodMs;
  }

  /** When time alone clears what it waits for. */
  get dueInMs(): number | null {
    return this.#dueInMs;
  }

  /** Admission's refusal of its last write, until one passes. */
  get denied(): Waiting | null {
    return this.#denied;
  }

  /** An answer took this long: that is the API server's time. */
  answered(ms: number): void {
    this.#idleMs += ms;
  }

  /** Nobody worked for this long. */
  stood(ms: number): void {
    this.#idleMs += ms;
    this.#stoodMs += ms;
  }

  waitsFor({ dueInMs }: Waiting): void {
    this.#dueInMs = dueInMs ?? null;
  }

  wrote(denied: Waiting | null): void {
    this.#denied = denied;
  }

  /** A person said that this node was restarted. */
  declareRebooted(node: string): void {
    this.#rebootedByHand.add(node);
  }

  isDeclaredRebooted(node: string): boolean {
    return this.#rebootedByHand.has(node);
  }
}
