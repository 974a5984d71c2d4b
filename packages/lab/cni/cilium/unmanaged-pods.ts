import type { LabClock } from "../../clock.ts";
import { selects } from "../../label-selector.ts";
import type { Store } from "../../objects.ts";
import type { PodObject } from "../kinds.ts";

/** Pods younger than this may still get their endpoint. */
const leastAgeMs = 30_000;

/** A pod is not deleted again within this time. */
const againAfterMs = 300_000;

/** "0" is off; a bare number was seconds up to 1.18, later charts write a duration. */
export function intervalMs(text: string | undefined): number {
  const [, amount = "0", unit = "s"] = /^(\d+)(s|m|h)?$/.exec(text ?? "15") ?? [];
  return Number(amount) * { s: 1_000, m: 60_000, h: 3_600_000 }[unit as "s" | "m" | "h"];
}

interface WatcherSettings {
  readonly everyMs: number;
  /** "k8s-app=kube-dns"; "" selects every pod. */
  readonly selector: string;
  readonly log: (line: string) => void;
}

/** Deletes pods that Cilium does not manage, one a cycle, with no regard to disruption budgets. */
export function watchUnmanaged(store: Store, clock: LabClock, settings: WatcherSettings): () => void {
  const restarted = new Map<string, number>();
  const matchLabels = Object.fromEntries(
    settings.selector
      .split(",")
      .filter(Boolean)
      .map((part) => part.split("=", 2)),
  );
  return clock.every(settings.everyMs, () => {
    const now = clock.now();
    const due = store.list<PodObject>("pods").find((pod) => {
      if (!selects({ matchLabels }, pod.metadata.labels ?? {}) || !isUnmanaged(store, pod)) return false;
      const began = Date.parse(pod.status?.startTime ?? pod.metadata.creationTimestamp ?? "");
      return now - began >= leastAgeMs && now - (restarted.get(keyOf(pod)) ?? -againAfterMs) >= againAfterMs;
    });
    if (!due) return;
    restarted.set(keyOf(due), now);
    settings.log(`level=info msg="Restarting unmanaged pod" k8sPodName=${keyOf(due)}`);
    store.delete("pods", due.metadata.namespace ?? "default", due.metadata.name);
  });
}

function isUnmanaged(store: Store, { metadata, spec, status }: PodObject): boolean {
  if (spec.hostNetwork || status?.phase !== "Running" || metadata.deletionTimestamp) return false;
  return !store.get("cilium.io/ciliumendpoints", metadata.namespace ?? "default", metadata.name);
}

function keyOf({ metadata }: PodObject): string {
  return `${metadata.namespace ?? "default"}/${metadata.name}`;
}
