import { setTimeout as pause } from "node:timers/promises";
import type { KubeObject } from "../objects.ts";
import type { Cluster } from "./cluster.ts";
import { HelmError } from "./helm-error.ts";
import { readObject } from "./objects-api.ts";

interface Workload extends KubeObject {
  spec: { replicas?: number };
  status?: {
    observedGeneration?: number;
    desiredNumberScheduled?: number;
    updatedNumberScheduled?: number;
    numberAvailable?: number;
    numberReady?: number;
    updatedReplicas?: number;
    availableReplicas?: number;
    replicas?: number;
  };
}

const everyMs = 200;

/** What a wait is measured by. */
export interface WaitClock {
  now(): number;
  sleep(ms: number, signal: AbortSignal): Promise<unknown>;
}

/** The wall's time, as a helm that is a process of its own has it. */
export const wallClock: WaitClock = {
  now: () => Date.now(),
  sleep: (ms, signal) => pause(ms, undefined, { signal }),
};

/** How long a wait may last, and what ends it before. */
export interface WaitTerms {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly clock: WaitClock;
}

/** Until all workloads are rolled out; throws as helm's watcher does when the time is over. */
export async function waitForWorkloads(
  cluster: Cluster,
  objects: readonly KubeObject[],
  { timeoutMs, signal, clock }: WaitTerms,
): Promise<void> {
  const until = clock.now() + timeoutMs;
  let open = objects.filter(({ kind }) => kind === "DaemonSet" || kind === "Deployment");
  let reasons: readonly string[] = [];
  for (;;) {
    const states = await Promise.all(
      open.map(async (object) => ({ object, reason: unready(await readObject(cluster, object, signal)) })),
    );
    open = states.filter(({ reason }) => reason !== null).map(({ object }) => object);
    if (open.length === 0) return;
    reasons = states.flatMap(({ object: { kind, metadata }, reason }) =>
      reason === null
        ? []
        : [
            `resource ${kind}/${metadata.namespace ?? ""}/${metadata.name} not ready. status: InProgress, message: ${reason}`,
          ],
    );
    if (clock.now() >= until) throw new HelmError(`${reasons.join("\n")}\ncontext deadline exceeded`);
    await clock.sleep(everyMs, signal);
  }
}

function unready(object: KubeObject | null): string | null {
  if (!object) return "Resource not found";
  const { kind, metadata, spec, status = {} } = object as Workload;
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 1)) return "observed generation is behind";
  return kind === "DaemonSet" ? unrolledDaemons(status) : unrolledReplicas(status, spec.replicas ?? 1);
}

function unrolledDaemons(status: NonNullable<Workload["status"]>): string | null {
  const wanted = status.desiredNumberScheduled ?? 0;
  return short("Updated", status.updatedNumberScheduled, wanted) ?? short("Available", status.numberAvailable, wanted);
}

function unrolledReplicas(status: NonNullable<Workload["status"]>, wanted: number): string | null {
  return short("Updated", status.updatedReplicas, wanted) ?? short("Available", status.availableReplicas, wanted);
}

function short(word: string, count: number | undefined, wanted: number): string | null {
  return (count ?? 0) < wanted ? `${word}: ${count ?? 0}/${wanted}` : null;
}

/** Until none of the objects is in the API any more. */
export async function waitUntilGone(
  cluster: Cluster,
  objects: readonly KubeObject[],
  { timeoutMs, signal, clock }: WaitTerms,
): Promise<void> {
  const until = clock.now() + timeoutMs;
  for (let open = [...objects]; ; ) {
    const there = await Promise.all(open.map((object) => readObject(cluster, object, signal)));
    open = open.filter((_, index) => there[index] !== null);
    if (open.length === 0) return;
    if (clock.now() >= until)
      throw new HelmError(
        `resources still exist: ${open.map(({ kind, metadata }) => `${kind}/${metadata.name}`).join(", ")}\ncontext deadline exceeded`,
      );
    await clock.sleep(everyMs, signal);
  }
}
