import type { Attempt, Attempts } from "../model/eviction-attempts.ts";
import type { BudgetFacts, PodFacts } from "../model/facts.ts";
import { type Waiting, waiting } from "../model/observation.ts";
import { podLabel } from "./judge.ts";
import { budgetsOf } from "./selector.ts";
import { type DrainLook, goingLabel, straggling } from "./stopping.ts";

/** Says in one clause why a pod has not left, with the numbers of the budget that guards it. */
function blockerOf(pod: PodFacts, attempt: Attempt, budgets: readonly BudgetFacts[]): string {
  // A budget that has loosened since the refusal no longer explains it; the API server's own words still do.
  const guards = budgetsOf(pod, budgets).filter(({ disruptionsAllowed }) => disruptionsAllowed <= 0);
  if (attempt.answer.kind === "blocked" && guards.length > 0) {
    const counts = guards.map(
      ({ name, disruptionsAllowed, expectedPods, desiredHealthy, currentHealthy }) =>
        `PodDisruptionBudget ${name} allows ${disruptionsAllowed} of ${expectedPods} (needs ${desiredHealthy} healthy, has ${currentHealthy})`,
    );
    return `${podLabel(pod)}: ${counts.join(" and ")}`;
  }
  if (attempt.answer.kind === "throttled") return `${podLabel(pod)}: the API server asks for fewer requests`;
  if (attempt.answer.kind === "unanswered")
    return `${podLabel(pod)}: its eviction got no answer (${attempt.answer.message})`;
  return `${podLabel(pod)}: ${"message" in attempt.answer ? attempt.answer.message : "it leaves"}`;
}

const someOf = (all: readonly string[], most: number) =>
  all.length <= most ? all.join(", ") : `${all.slice(0, most).join(", ")} and ${all.length - most} more`;

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

interface WayOn {
  readonly clearedBy: string;
  readonly remedy?: string;
}

/** What clears it, and what to do once the drain's time is up. */
function wayOn(pod: PodFacts, answer: Attempt["answer"]): WayOn {
  switch (answer.kind) {
    case "refused":
      return { clearedBy: answer.remedy };
    case "admission":
      return answer.unavailable ? webhookDown(answer.by) : admissionSaysNo(pod, answer.by);
    case "blocked":
      return { clearedBy: "the budget allowing one more disruption" };
    case "throttled":
      return { clearedBy: "the API server taking more requests" };
    case "unanswered":
      return { clearedBy: "the API server answering for this pod" };
    case "accepted":
      return { clearedBy: "the pod stopping" };
    default:
      return answer satisfies never;
  }
}

const webhookDown = (by: string) => ({
  clearedBy: `${by} answering`,
  remedy: `get ${by} to answer (kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations -o yaml names the Service behind it), then retry; or roll the node back`,
});

const admissionSaysNo = (pod: PodFacts, by: string) => ({
  clearedBy: `${by} letting the pod go`,
  remedy: `see what ${by} waits for (kubectl describe pod ${pod.name} --namespace ${pod.namespace}), then retry; or roll the node back`,
});

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
  const more = refused.length - 1;
  const rest = more > 0 ? ` (and ${more} more ${more === 1 ? "pod" : "pods"} held)` : "";
  const silent = ready ? "" : `; the kubelet of ${node} is silent`;
  const { clearedBy, remedy } = wayOn(worst, attempt.answer);
  return waiting(blockerOf(worst, attempt, budgets) + rest + silent, clearedBy, `Pod ${podLabel(worst)}`, remedy);
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
  const stuck = found && waiting(found.because, found.clearedBy, found.object);
  // Budgets count the pods of a silent kubelet as unhealthy: where one is stuck there, that explains more.
  if (stuck && !look.ready) return stuck;
  const held = refusal(
    leave.filter((pod) => isHeld(pod, attempts)),
    budgets,
    attempts,
    look,
  );
  if (held ?? stuck) return held ?? stuck;
  const names = someOf(leave.map(goingLabel), 3);
  return waiting(`${leave.length} ${leave.length === 1 ? "pod" : "pods"} to leave: ${names}`, "the pods stopping");
}
