import type { LabClock } from "../clock.ts";
import type { KubeObject, Store } from "../objects.ts";
import type { Random } from "../random.ts";
import { timestamp } from "./pod-types.ts";

/** What a kubelet has to say of an object. */
export interface Occurrence {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  /** For example spec.containers{web} */
  readonly fieldPath?: string;
}

interface EventObject extends KubeObject {
  count: number;
  lastTimestamp: string;
}

const limit = 3_000;

/** core/v1 Events of the kubelets: the same occurrence is counted, not repeated, and the oldest make room. */
export class EventLog {
  readonly #store: Store;
  readonly #clock: LabClock;
  readonly #random: Random;
  /** Key of an occurrence → its event; in the order of their making. */
  readonly #known = new Map<string, { readonly namespace: string; readonly name: string }>();

  constructor(world: { readonly store: Store; readonly clock: LabClock; readonly random: Random }) {
    this.#store = world.store;
    this.#clock = world.clock;
    this.#random = world.random.fork("events");
  }

  add(about: KubeObject, host: string, occurrence: Occurrence): void {
    const { reason, message, fieldPath = "" } = occurrence;
    const key = [about.metadata.uid, host, reason, fieldPath, message].join("|");
    const known = this.#known.get(key);
    if (known && this.#countAgain(known)) return;
    this.#known.delete(key);
    const made = this.#create(about, host, occurrence);
    if (!made) return;
    this.#known.set(key, made);
    this.#forgetOldest();
  }

  #countAgain({ namespace, name }: { readonly namespace: string; readonly name: string }): boolean {
    const changed = this.#store.change<EventObject>("events", namespace, name, (event) => {
      event.count += 1;
      event.lastTimestamp = timestamp(this.#clock.now());
    });
    return changed !== undefined;
  }

  #create(about: KubeObject, host: string, occurrence: Occurrence) {
    const namespace = about.metadata.namespace ?? "default";
    const phase = this.#store.get<KubeObject & { status?: { phase?: string } }>("namespaces", null, namespace)?.status
      ?.phase;
    if (phase === "Terminating") return null;
    const name = `${about.metadata.name}.${this.#random.uuid().replaceAll("-", "").slice(0, 16)}`;
    const at = timestamp(this.#clock.now());
    this.#store.create("events", {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name, namespace },
      involvedObject: {
        apiVersion: about.apiVersion,
        kind: about.kind,
        name: about.metadata.name,
        ...(about.metadata.namespace ? { namespace: about.metadata.namespace } : {}),
        // A node's events bear its name for a uid: kubectl describe node asks for that too.
        uid: about.kind === "Node" ? about.metadata.name : about.metadata.uid,
        ...(occurrence.fieldPath ? { fieldPath: occurrence.fieldPath } : {}),
      },
      type: occurrence.type,
      reason: occurrence.reason,
      message: occurrence.message,
      source: { component: "kubelet", host },
      reportingComponent: "kubelet",
      reportingInstance: host,
      count: 1,
      eventTime: null,
      firstTimestamp: at,
      lastTimestamp: at,
    });
    return { namespace, name };
  }

  #forgetOldest(): void {
    if (this.#known.size <= limit) return;
    const oldest = this.#known.entries().next().value;
    if (!oldest) return;
    this.#known.delete(oldest[0]);
    this.#store.remove("events", oldest[1].namespace, oldest[1].name);
  }
}
