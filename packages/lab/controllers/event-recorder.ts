import type { LabClock } from "../clock.ts";
import type { KubeObject, Store } from "../objects.ts";
import type { Random } from "../random.ts";
import { timestamp } from "./timestamp.ts";

/** What `kubectl describe` shows at its end. */
export interface EventRecorder {
  record(
    about: KubeObject,
    what: { type: "Normal" | "Warning"; reason: string; message: string; source: string },
  ): void;
}

interface Event extends KubeObject {
  count: number;
  lastTimestamp: string;
}

/** Names of known events kept, so that a repeated one is counted instead of written again. */
const remembered = 2_000;

/** Writes v1 Events; equal ones are counted as client-go's correlator does. */
export function eventRecorder(store: Store, clock: LabClock, random: Random): EventRecorder {
  const known = new Map<string, string>();
  return {
    record(about, { type, reason, message, source }) {
      const namespace = about.metadata.namespace ?? "default";
      const space = store.get("namespaces", null, namespace);
      if (!space || space.metadata.deletionTimestamp) return;
      const same = [about.metadata.uid, type, reason, message].join("\n");
      const now = timestamp(clock);
      const repeat = (event: Event) => {
        event.count += 1;
        event.lastTimestamp = now;
      };
      const name = known.get(same);
      if (name && store.change<Event>("events", namespace, name, repeat)) return;
      const fresh = `${about.metadata.name}.${random.suffix(16)}`;
      store.create<KubeObject>("events", {
        apiVersion: "v1",
        kind: "Event",
        metadata: { name: fresh, namespace },
        involvedObject: involved(about),
        type,
        reason,
        message,
        count: 1,
        firstTimestamp: now,
        lastTimestamp: now,
        source: { component: source },
        reportingComponent: source,
      });
      known.set(same, fresh);
      if (known.size > remembered) known.delete(known.keys().next().value ?? "");
    },
  };
}

function involved({ apiVersion, kind, metadata }: KubeObject): Record<string, string | undefined> {
  const { name, namespace, uid, resourceVersion } = metadata;
  return { apiVersion, kind, name, ...(namespace ? { namespace } : {}), uid, resourceVersion };
}
