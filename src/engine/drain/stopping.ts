import type { PodFacts } from "../model/facts.ts";
import { type Reason, reason } from "../model/reason.ts";
import { podLabel } from "./judge.ts";

/** What a look knows beside the pods that are to go. */
export interface DrainLook {
  /** By the engine's own clock. The cluster's may be minutes apart, so no deletionTimestamp is compared with it. */
  readonly now: number;
  readonly node: string;
  /** False where its kubelet is silent: then nobody can say whether a pod has stopped. */
  readonly ready: boolean;
}

/** The Job controller takes it away by itself: https://kubernetes.io/docs/concepts/workloads/controllers/job/#job-tracking-with-finalizers */
const passing = "batch.kubernetes.io/job-tracking";

/** A kubelet needs a moment after a grace period. */
const patienceMs = 5_000;

/** When each pod's eviction was accepted, by its uid; of one that somebody else deleted nothing is known. */
export type AcceptedAt = (uid: string) => number | null;

type Cause = "silent" | "finalizer" | "overdue";

function causeOf(pod: PodFacts, { now, ready }: DrainLook, acceptedAt: AcceptedAt): Cause | null {
  if (pod.terminatingAt === null) return null;
  if (!ready) return "silent";
  const kept = pod.finalizers.some((name) => name !== passing);
  // The kubelet has had its last word: https://github.com/kubernetes/kubernetes pkg/kubelet/status
  if (kept && pod.deletionGraceSeconds === 0) return "finalizer";
  const since = acceptedAt(pod.uid);
  const isOver = since !== null && now >= since + pod.terminationGraceSeconds * 1_000 + patienceMs;
  return isOver ? "overdue" : null;
}

interface Stuck {
  readonly pod: PodFacts;
  readonly cause: Cause;
  /** So many others do not go either. */
  readonly more: number;
}

function stuckReason({ pod, cause, more }: Stuck, { node }: DrainLook): Reason {
  const { namespace, name, finalizers, terminationGraceSeconds: graceSeconds } = pod;
  const about = { namespace, pod: name, more };
  const rest = { object: { kind: "Pod", namespace, name } };
  switch (cause) {
    case "silent":
      return reason("pod-unseen", { ...about, node }, rest);
    case "finalizer":
      return reason(
        "pod-kept-by-finalizer",
        { ...about, finalizers: finalizers.filter((one) => one !== passing) },
        rest,
      );
    case "overdue":
      return reason("pod-overdue", { ...about, node, graceSeconds }, rest);
    default:
      return cause satisfies never;
  }
}

/** The first pod that does not go although it was told to, in the order of what explains most; null where all are on their way. */
export function straggling(leave: readonly PodFacts[], look: DrainLook, acceptedAt: AcceptedAt): Reason | null {
  const stuck = leave.flatMap((pod) => {
    const cause = causeOf(pod, look, acceptedAt);
    return cause === null ? [] : [{ pod, cause }];
  });
  const order: readonly Cause[] = ["silent", "finalizer", "overdue"];
  const [worst] = stuck.toSorted((one, other) => order.indexOf(one.cause) - order.indexOf(other.cause));
  if (!worst) return null;
  return stuckReason({ ...worst, more: stuck.length - 1 }, look);
}

/** Longer than most pods take: worth a word while it is waited for. In seconds. */
const longGraceSeconds = 60;

/** A pod that is to go, with how long it may take where that is long. */
export const goingLabel = (pod: PodFacts): string =>
  pod.terminatingAt !== null && pod.terminationGraceSeconds >= longGraceSeconds
    ? `${podLabel(pod)} (may take ${pod.terminationGraceSeconds} s to stop)`
    : podLabel(pod);
