import type { Faults } from "../api/serve/faults.ts";
import type { ApiRestart } from "../api/serve/restart.ts";
import type { LabClock } from "../clock.ts";
import type { CniDriver } from "../cni/cni-driver.ts";
import type { Kubelets } from "../kubelet/start-kubelets.ts";
import type { Machine } from "../machine.ts";
import type { Network } from "../network/reach.ts";
import type { Random } from "../random.ts";
import type { ApiStore } from "../store/api-store.ts";

/** What a scenario can lay its hands on, once the cluster has settled. */
export interface Stage {
  readonly clock: LabClock;
  readonly random: Random;
  readonly store: ApiStore;
  readonly machines: ReadonlyMap<string, Machine>;
  readonly network: Network;
  readonly kubelets: Kubelets;
  /** The CNI that the cluster started with. */
  readonly source: CniDriver;
  /** Something before the API server's storage, as an admission webhook, is asked about every request from now on. */
  refuse(asked: Faults): void;
  /** The API server goes away and comes back, as when its machine reboots. */
  restartApi(how: ApiRestart): void;
  /** Another worker joins; answers its name. */
  addNode(): string;
  /** The machine is switched off for good and its Node deleted. */
  removeNode(name: string): void;
}

/** One way in which a cluster misbehaves under a migration. What it plays knows nothing of who migrates; its words do. */
export interface Scenario {
  /** As in `crossfade demo --scenario NAME`; never renamed. */
  readonly name: string;
  /** One line: what goes wrong. */
  readonly summary: string;
  /** One or two sentences for docs/scenarios.md: what Crossfade does (holds, retries, fails the node, stops the run) and says. */
  readonly answer: string;
  /** The same: what the operator can do then. */
  readonly options: string;
  /** Plants what is to go wrong, or listens to the store for its moment. Timers and subscriptions end with the lab. */
  begin(stage: Stage): void;
}
