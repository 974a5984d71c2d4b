import type { PodRef } from "../facts.ts";

/** A pod of ours on its node's own network. */
export interface Looker {
  readonly node: string;
  readonly ref: PodRef;
  readonly ready: boolean;
}

export interface LookerOrder {
  readonly image: string;
  /** UDP port that each answers at. */
  readonly port: number;
}

/** What is looked for on one node. */
export interface LookFor {
  /** Its InternalIP. */
  readonly address: string;
  /** As uname -r says. */
  readonly kernel: string;
  /** Names of modules; "a or b" is there where one of them is. */
  readonly modules: readonly string[];
}

/** What such a pod sees of its node; null where it could not tell. */
export interface HostLook {
  /** The link that bears the address. */
  readonly card: { readonly name: string; readonly mtu: number } | null;
  readonly links: readonly string[];
  /** net.ipv4.ip_forward */
  readonly forwards: boolean | null;
  /** net.ipv4.conf.all.rp_filter: 0 off, 1 strict, 2 loose. */
  readonly rpFilter: number | null;
  /** Those of the modules that are neither loaded, nor built in, nor on the node's disk. */
  readonly modulesMissing: readonly string[] | null;
}

export interface Datagrams {
  readonly to: readonly string[];
  readonly port: number;
  /** Of each as an IP packet, headers included. */
  readonly bytes: number;
}

/** Pods of ours that look at their nodes, and send to each other, before anything is installed; gone before it is. */
export interface Lookers {
  /** One on every machine; safe to repeat. */
  start(order: LookerOrder): Promise<void>;
  stop(): Promise<void>;
  /** Those that are there, those that leave included. */
  list(): Promise<readonly Looker[]>;
  /** Reads, changes nothing. */
  look(from: Looker, wanted: LookFor): Promise<HostLook>;
  /** Sends a datagram to each at once, and says which addresses answered; null where that could not be done. */
  answering(from: Looker, datagrams: Datagrams, signal: AbortSignal): Promise<ReadonlySet<string> | null>;
}
