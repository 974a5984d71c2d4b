import type { Archive } from "./archive.ts";
import type { Changes } from "./changes.ts";
import type { Charts } from "./charts.ts";
import type { Cilium } from "./cilium.ts";
import type { Cleaners } from "./cleaners.ts";
import type { Clock } from "./clock.ts";
import type { Hosts } from "./hosts.ts";
import type { Installer } from "./installer.ts";
import type { Inventory } from "./inventory.ts";
import type { Lock } from "./lock.ts";
import type { Lookers } from "./lookers.ts";
import type { Nodes } from "./nodes.ts";
import type { Objects } from "./objects.ts";
import type { Observers } from "./observers.ts";
import type { Pods } from "./pods.ts";
import type { Prober } from "./prober.ts";
import type { Rebooter } from "./rebooter.ts";
import type { Records } from "./records.ts";
import type { Workloads } from "./workloads.ts";

/**
 * What the engine asks of the world, in its own words. Every call may throw `Unavailable` (try again later) or a
 * `CrossfadeError` (foreseen, final); writes throw LOCK_LOST once the run belongs to somebody else.
 * Reads come from watch caches unless they say fresh.
 */
export interface Ports {
  readonly clock: Clock;
  readonly inventory: Inventory;
  readonly nodes: Nodes;
  readonly pods: Pods;
  readonly workloads: Workloads;
  readonly objects: Objects;
  readonly cilium: Cilium;
  readonly charts: Charts;
  readonly installer: Installer;
  readonly hosts: Hosts;
  readonly rebooter: Rebooter;
  readonly prober: Prober;
  readonly lookers: Lookers;
  readonly cleaners: Cleaners;
  readonly records: Records;
  readonly observers: Observers;
  readonly lock: Lock;
  readonly changes: Changes;
  readonly archive: Archive;
}
