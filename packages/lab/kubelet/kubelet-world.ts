import type { LabClock } from "../clock.ts";
import type { Machine } from "../machine.ts";
import type { Network } from "../network/reach.ts";
import type { Store } from "../objects.ts";
import type { CniPlugin, Program } from "../program.ts";
import type { Random } from "../random.ts";
import type { EventLog } from "./event-log.ts";
import type { KubeletTimings } from "./timings.ts";

/** What the kubelets of a lab share. */
export interface FleetWorld {
  readonly store: Store;
  readonly clock: LabClock;
  readonly random: Random;
  readonly programs: readonly Program[];
  readonly plugins: readonly CniPlugin[];
  readonly network: Network;
  readonly timings: KubeletTimings;
  /** Why an image cannot be pulled, or null when it can. */
  readonly imageFault: (image: string) => string | null;
  /** Told of errors that are bugs of the lab, not of the cluster it plays. */
  readonly report: (error: unknown) => void;
}

/** What everything on one node shares. */
export interface KubeletWorld extends FleetWorld {
  readonly machine: Machine;
  readonly events: EventLog;
  /** Images that this machine has pulled; they outlive a reboot. */
  readonly images: Set<string>;
  /** Restarts the machine under the kubelet, as `systemctl reboot` in its root namespace would. */
  readonly rebootHost: () => void;
}
