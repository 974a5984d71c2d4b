import { randomUUID } from "node:crypto";
import type { V1Lease } from "@kubernetes/client-node";
import { probeNamespace } from "../nodes/own-namespace-manifest.ts";
import type { AsJson, KubeObject } from "../objects/kube-object.ts";
import { at, number, text, time } from "../objects/read.ts";
import { isGone } from "./holder-process.ts";

export const leasesPath = `/apis/coordination.k8s.io/v1/namespaces/${probeNamespace}/leases`;
export const leaseName = "engine";
export const leasePath = `${leasesPath}/${leaseName}`;

const processAnnotation = "crossfade/process";
const instanceAnnotation = "crossfade/instance";

/** The Lease crossfade/engine as we read and write it. Times are epoch milliseconds by the holder's clock. */
export interface Lease {
  readonly holder: string;
  readonly since: number;
  readonly renewedAt: number;
  readonly leaseMs: number;
  /** A term in it that no runner of ours writes, in seconds; null where there is none. */
  readonly oddTerm: number | null;
  readonly transitions: number;
  /** Of this kernel's process that holds it; "" where that cannot be told. */
  readonly process: string;
  /** Of one lock in one process: user@host/pid is the same in two containers of one image. */
  readonly instance: string;
  readonly version: string;
}

export const newInstance = (): string => randomUUID();

/** What our own leases last. Whoever may write a Lease may name a term of 63 years: no longer one counts. */
const longestMs = 60_000;

const countedMs = (seconds: number): number =>
  seconds > 0 && seconds * 1000 <= longestMs ? seconds * 1000 : longestMs;

export function readLease(object: unknown): Lease {
  const spec = at(object, "spec");
  const term = number(at(spec, "leaseDurationSeconds"), longestMs / 1000);
  const leaseMs = countedMs(term);
  const annotation = (name: string) => text(at(object, "metadata", "annotations", name));
  return {
    holder: text(at(spec, "holderIdentity")),
    since: time(at(spec, "acquireTime")) ?? 0,
    renewedAt: time(at(spec, "renewTime")) ?? 0,
    leaseMs,
    oddTerm: leaseMs === term * 1000 ? null : term,
    transitions: number(at(spec, "leaseTransitions")),
    process: annotation(processAnnotation),
    instance: annotation(instanceAnnotation),
    version: text(at(object, "metadata", "resourceVersion")),
  };
}

const microTime = (ms: number) => new Date(ms).toISOString().replace(/(\.\d+)Z$/, "$1000Z");

export function leaseManifest(lease: Lease): AsJson<V1Lease> & KubeObject {
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: {
      name: leaseName,
      namespace: probeNamespace,
      annotations: { [processAnnotation]: lease.process, [instanceAnnotation]: lease.instance },
      ...(lease.version === "" ? {} : { resourceVersion: lease.version }),
    },
    spec: {
      holderIdentity: lease.holder,
      leaseDurationSeconds: Math.max(1, Math.round(lease.leaseMs / 1000)),
      acquireTime: microTime(lease.since),
      renewTime: microTime(lease.renewedAt),
      leaseTransitions: lease.transitions,
    },
  };
}

/** Judges another's lease by what we saw ourselves, and never by the holder's clock. */
export class LeaseSight {
  /** When we ourselves first saw this version of the lease, by the steady clock. */
  #seen: { readonly version: string; readonly at: number } | null = null;
  /** A version that whoever started us saw unchanged for its whole term. */
  readonly #knownStale: string | null;
  readonly #steady: () => number;

  constructor(steady: () => number, knownStale: string | null) {
    this.#steady = steady;
    this.#knownStale = knownStale;
  }

  see(lease: Lease | null): void {
    if (lease !== null && this.#seen?.version !== lease.version)
      this.#seen = { version: lease.version, at: this.#steady() };
  }

  /** True when it stood still before our eyes for its term, or when its process ran on this machine and ended. */
  expired(lease: Lease): boolean {
    if (isGone(lease.process) || lease.version === this.#knownStale) return true;
    return this.#seen?.version === lease.version && this.#steady() - this.#seen.at > lease.leaseMs;
  }
}
