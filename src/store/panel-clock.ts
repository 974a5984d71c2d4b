/** The store's only source of time; tests move it by hand. */
export interface PanelClock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls once after `ms`; the answer takes it back. */
  after(ms: number, then: () => void): () => void;
}

/** The wall clock. Its timers never keep a process alive. */
export const wallClock: PanelClock = {
  now: () => Date.now(),
  after(ms, then) {
    const timer = setTimeout(then, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
