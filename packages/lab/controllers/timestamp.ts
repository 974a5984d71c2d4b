import type { LabClock } from "../clock.ts";

/** Now, as metav1.Time is written: whole seconds. */
export function timestamp(clock: LabClock): string {
  return `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;
}
