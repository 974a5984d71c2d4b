import type { LabClock } from "../clock.ts";
import type { Store } from "../objects.ts";
import type { Random } from "../random.ts";
import type { EventRecorder } from "./event-recorder.ts";
import type { PodIndex } from "./pod-index.ts";

/** What every controller is given. */
export interface ControlPlane {
  readonly store: Store;
  readonly clock: LabClock;
  readonly random: Random;
  readonly pods: PodIndex;
  readonly events: EventRecorder;
}

/** Ends a controller: its subscriptions and timers. */
export type Stop = () => void;

/** Ends several at once. */
export function stopAll(stops: readonly Stop[]): Stop {
  return () => {
    for (const stop of stops) stop();
  };
}
