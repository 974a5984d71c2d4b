import type { Attempt, Attempts } from "../model/eviction-attempts.ts";
import type { BudgetFacts, PodFacts } from "../model/facts.ts";
import { type Waiting, waitingFor } from "../model/observation.ts";
import { type BudgetCount, type Reason, reason } from "../model/reason.ts";
import { podLabel } from "./judge.ts";
import { budgetsOf } from "./selector.ts";
import { type DrainLook, goingLabel, straggling } from "./stopping.ts";

/** Budgets that guard the pod and allow nothing; one that has loosened since the refusal no longer explains it. */
const guardsOf = (pod: PodFacts, budgets: readonly BudgetFacts[]): readonly BudgetCount[] =>
  budgetsOf(pod, budgets)
    .filter(({ disruptionsAllowed }) => disruptionsAllowed <= 0)
    .map(({ name, disruptionsAllowed, expectedPods, desiredHealthy, currentHealthy }) => ({
      name,
      allowed: disruptionsAllowed,
      pods: expectedPods,
      needs: desiredHealthy,
      has: currentHealthy,
    }));

/** A sentence names so many. */
const mostNamed = 3;

const acceptedAt = (attempt: Attempt | undefined): number | null =>
  attempt?.answer.kind === "accepted" ? (attempt.at ?? null) : null;

/** Asked to leave, and told no. */
function isHeld(pod: PodFacts, attempts: Attempts): boolean {
  const kind = attempts.get(pod.uid)?.answer.kind;
  return pod.terminatingAt === null && kind !== undefined && kind !== "accepted";
}

/** What the hold names first: what a person has to see to, before what time clears. */
const inOrderOfUrgency: readonly Attempt["answer"]["kind"][] = [
  "refused",
  "admission",
  "blocked",
  "unanswered",
  "throttled",
];

const urgency = (attempts: Attempts, { uid }: PodFacts): number =>
  inOrderOfUrgency.indexOf(attempts.get(uid)?.answer.kind ?? "throttled");

interface Refused {
  readonly pod: PodFacts;
  readonly answer: Attempt["answer"];
  /** So many others are held too. */
  readonly more: number;
  /** The node, where its kubelet is silent. */
  readonly silent: string | null;
}

const nameOf = ({ namespace, name }: PodFacts) => ({ namespace, pod: name });

/** Why a pod that was asked to leave stays, by the answer to that. */
function refusalReason({ pod, answer, more, silent }: Refused, budgets: readonly BudgetFacts[]): Reason {
  const about = { ...nameOf(pod), more, silent };
  const rest = { object: { kind: "Pod", namespace: pod.namespace, name: pod.name } };
  switch (answer.kind) {
    case "refused":
      return reason("eviction-refused", { ...about, said: answer.message, remedy: answer.remedy }, rest);
    case "admission": {
      const code = answer.unavailable ? "eviction-webhook-down" : "eviction-denied";
      return reason(code, { ...about, by: answer.by, said: answer.message }, rest);
    }
    case "blocked": {
      const guards = guardsOf(pod, budgets);
      return guards.length > 0
        ? reason("pdb-blocks", { ...about, budgets: guards }, rest)
        : reason("eviction-blocked", { ...about, said: answer.message }, rest);
    }
    case "throttled":
      return reason("eviction-throttled", about, rest);
    case "unanswered":
      return reason("eviction-unanswered", { ...about, said: answer.message }, rest);
    case "accepted":
      return reason("pods-leaving", { count: more + 1, pods: [podLabel(pod)] }, rest);
    default:
      return answer satisfies never;
  }
}

/** A pod that was told no, with its budget's numbers; a node whose kubelet is silent has unhealthy pods for that reason. */
function refusal(
  refused: readonly PodFacts[],
  budgets: readonly BudgetFacts[],
  attempts: Attempts,
  { ready, node }: DrainLook,
): Waiting | null {
  const [worst] = refused.toSorted((one, other) => urgency(attempts, one) - urgency(attempts, other));
  const attempt = worst && attempts.get(worst.uid);
  if (!worst || !attempt) return null;
  const silent = ready ? null : node;
  return waitingFor(refusalReason({ pod: worst, answer: attempt.answer, more: refused.length - 1, silent }, budgets));
}

/** What the drain waits for, blockers first; null when nothing is left to wait for. */
export function drainHold(
  leave: readonly PodFacts[],
  budgets: readonly BudgetFacts[],
  attempts: Attempts,
  look: DrainLook,
): Waiting | null {
  if (leave.length === 0) return null;
  const found = straggling(leave, look, (uid) => acceptedAt(attempts.get(uid)));
  const stuck = found && waitingFor(found);
  // Budgets count the pods of a silent kubelet as unhealthy: where one is stuck there, that explains more.
  if (stuck && !look.ready) return stuck;
  const held = refusal(
    leave.filter((pod) => isHeld(pod, attempts)),
    budgets,
    attempts,
    look,
  );
  if (held ?? stuck) return held ?? stuck;
  return waitingFor(reason("pods-leaving", { count: leave.length, pods: leave.slice(0, mostNamed).map(goingLabel) }));
}
