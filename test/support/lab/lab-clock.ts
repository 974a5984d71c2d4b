import { pause } from "crossfade-lab/clock.ts";
import type { Lab } from "crossfade-lab/lab.ts";
import type { Clock } from "../../../src/engine/model/ports/clock.ts";

/** What only looks (samples, the panel's view of nodes) sleeps a second and longer: in a fast lab it would eat the processor. */
const onlookersMs = 1_000;
const onlookersWallMs = 120;

/** Lab time as the engine's clock. */
export function clockOf(lab: Lab, speed: number): Clock {
  return {
    now: () => lab.clock.now(),
    async sleep(ms, signal) {
      signal.throwIfAborted();
      await pause(lab.clock, ms < onlookersMs ? ms : Math.max(ms, onlookersWallMs * speed), signal);
      signal.throwIfAborted();
    },
  };
}
