import { Unavailable } from "../../src/engine/model/errors.ts";
import type { NodeFacts } from "../../src/engine/model/facts.ts";
import type { LockState } from "../../src/engine/model/ports/lock.ts";
import type { Ports } from "../../src/engine/model/ports/ports.ts";
import type { NodeRecord, RunRecord } from "../../src/engine/model/ports/records.ts";
import type { Random } from "./random.ts";
import type { Truth } from "./truth.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** How long nothing of interest happens in a cluster that is watched. */
const quietMs = 1_500;

/** What of a cluster the loop of a run looks at; all else answers with nothing. Records outlive engines, as they do on a real one. */
export class SimulatedCluster {
  readonly truth: Truth;
  readonly #clock: VirtualClock;
  readonly #random: Random;
  readonly nodes = new Map<string, { ready: boolean; cordoned: boolean }>();
  record: RunRecord | null = null;
  nodeRecords: Record<string, NodeRecord> = {};
  holder: string | null = null;
  #lost = new AbortController();

  constructor(truth: Truth, clock: VirtualClock, random: Random) {
    this.truth = truth;
    this.#clock = clock;
    this.#random = random;
  }

  lock(): LockState | null {
    const { holder, truth } = this;
    const now = this.#clock.now();
    if (holder === null) return null;
    const base = { holder, since: now, renewedAt: now, mine: false, version: "1" };
    return { ...base, expired: !truth.engineAlive, stoodStill: !truth.engineAlive };
  }

  /** An engine that dies writes nothing more. */
  ports(alive: () => boolean): Ports {
    const clock = this.#clock;
    const heard = <T>(answer: () => T): Promise<T> => {
      if (!alive()) return new Promise<never>(() => undefined);
      return this.truth.outage ? Promise.reject(new Unavailable("connection refused")) : Promise.resolve(answer());
    };
    const nothing = new Proxy({}, { get: () => () => heard(() => null) });
    const lists = new Proxy({}, { get: () => () => heard(() => []) });
    return {
      clock: {
        now: () => clock.now(),
        sleep: (ms: number, signal: AbortSignal) =>
          alive() ? clock.sleep(ms, signal) : new Promise<never>(() => undefined),
      },
      inventory: { read: () => heard(() => ({})) },
      nodes: {
        list: () => heard(() => [...this.nodes].map(([name, node]) => ({ name, ...node }) as unknown as NodeFacts)),
        get: (name: string) => heard(() => this.nodes.get(name) ?? null),
        cordon: (name: string) => heard(() => this.#cordon(name, true)),
        uncordon: (name: string) => heard(() => this.#cordon(name, false)),
      },
      records: {
        run: () => heard(() => this.record),
        writeRun: (record: RunRecord) =>
          heard(() => {
            this.record = structuredClone(record);
            return null;
          }),
        nodeRecords: () => heard(() => this.nodeRecords),
        writeNode: (node: string, state: NodeRecord) =>
          heard(() => {
            this.nodeRecords = { ...this.nodeRecords, [node]: structuredClone(state) };
          }),
        forgetNodes: () =>
          heard(() => {
            this.nodeRecords = {};
          }),
      },
      lock: {
        state: () => heard(() => this.lock()),
        acquire: (holder: string) =>
          heard(() => {
            this.holder = holder;
            return true;
          }),
        release: () =>
          heard(() => {
            this.holder = null;
          }),
        lost: this.#lost.signal,
      },
      changes: {
        next: (atMostMs: number, signal: AbortSignal) =>
          clock.sleep(Math.min(atMostMs, this.#random.between(50, quietMs)), signal),
        link: () => ({ state: "live", since: clock.now(), detail: "" }),
      },
      pods: lists,
      workloads: lists,
      cilium: lists,
      installer: nothing,
      hosts: nothing,
      rebooter: nothing,
      prober: nothing,
      observers: nothing,
    } as unknown as Ports;
  }

  /** A node's record is its own annotation, and goes with it. */
  remove(name: string): void {
    this.nodes.delete(name);
    const { [name]: _gone, ...nodeRecords } = this.nodeRecords;
    this.nodeRecords = nodeRecords;
  }

  #cordon(name: string, cordoned: boolean): void {
    const node = this.nodes.get(name);
    if (node) node.cordoned = cordoned;
  }
}
