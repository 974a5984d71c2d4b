import type { Changes } from "../../engine/model/ports/changes.ts";
import type { Watches } from "./watch.ts";

/** The port `changes`: one wake for however many batches came since the last one. */
export function kubeChanges(watches: Watches): Changes {
  let pending = false;
  const waiting = new Set<() => void>();
  watches.onChange(() => {
    pending = waiting.size === 0;
    for (const wake of waiting) wake();
  });

  return {
    next(atMostMs, signal) {
      if (signal.aborted) return Promise.reject(signal.reason);
      if (pending) {
        pending = false;
        return Promise.resolve();
      }
      return new Promise((resolve, reject) => {
        const settle = (then: () => void) => {
          clearTimeout(timer);
          waiting.delete(wake);
          signal.removeEventListener("abort", aborted);
          then();
        };
        const wake = () => settle(resolve);
        const aborted = () => settle(() => reject(signal.reason));
        const timer = setTimeout(wake, atMostMs);
        waiting.add(wake);
        signal.addEventListener("abort", aborted, { once: true });
      });
    },
    link: () => watches.link(),
  };
}
