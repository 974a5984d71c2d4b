import type { BudgetFacts, PodFacts } from "../facts.ts";
import type { EvictionAnswer, Ports } from "../ports.ts";
import { type Waiting, waiting } from "../step.ts";
import { podLabel } from "./judge.ts";
import { budgetsOf } from "./selector.ts";
import { type DrainLook, goingLabel, straggling } from "./stopping.ts";

/** What happened to one pod's eviction so far; kept in memory only, a restarted engine simply asks again. */
export interface Attempt {
  readonly tries: number;
  readonly nextAt: number;
  /** When it was asked for. */
  readonly at?: number;
  readonly answer: Exclude<EvictionAnswer, { kind: "gone" }>;
}

/** Pod uid → its last eviction. */
export type Attempts = Map<string, Attempt>;

/** Evictions under way at once on one node. kubectl has no cap, and floods the API server. */
const atOnce = 10;
const firstBackoffMs = 5_000;
const lastBackoffMs = 30_000;
/** A server's hint of "now" must not make a loop. */
const leastBackoffMs = 1_000;

function backoffMs(tries: number, hint: number | null): number {
  return Math.max(leastBackoffMs, hint ?? Math.min(lastBackoffMs, firstBackoffMs * 2 ** (tries - 1)));
}

/** A budget that allows one now makes waiting pointless: the watch told us before the back-off ended. */
function worthTrying(
  pod: PodFacts,
  attempt: Attempt | undefined,
  budgets: readonly BudgetFacts[],
  now: number,
): boolean {
  if (!attempt || now >= attempt.nextAt) return true;
  if (attempt.answer.kind !== "blocked") return false;
  const guards = budgetsOf(pod, budgets);
  return guards.length > 0 && guards.every(({ disruptionsAllowed }) => disruptionsAllowed > 0);
}

async function evictOne(ports: Ports, pod: PodFacts, attempts: Attempts): Promise<void> {
  const answer = await ports.pods.evict(pod);
  if (answer.kind === "gone") {
    attempts.delete(pod.uid);
    return;
  }
  const tries = (attempts.get(pod.uid)?.tries ?? 0) + 1;
  // One that was accepted is only to be seen leaving: the watch may lag behind.
  const hint = "retryAfterMs" in answer ? answer.retryAfterMs : lastBackoffMs;
  const now = ports.clock.now();
  attempts.set(pod.uid, { tries, nextAt: now + backoffMs(tries, hint), at: now, answer });
}

/** One pass: asks for the eviction of every pod that is not leaving yet and is due. Safe to repeat. */
export async function evictPass(ports: Ports, leave: readonly PodFacts[], attempts: Attempts): Promise<void> {
  const budgets = await ports.pods.budgets();
  const now = ports.clock.now();
  const due = leave.filter(
    (pod) => pod.terminatingAt === null && worthTrying(pod, attempts.get(pod.uid), budgets, now),
  );
  for (let first = 0; first < due.length; first += atOnce) {
    const results = await Promise.allSettled(
      due.slice(first, first + atOnce).map((pod) => evictOne(ports, pod, attempts)),
    );
    for (const result of results) if (result.status === "rejected") throw result.reason;
    if (due.some((pod) => attempts.get(pod.uid)?.answer.kind === "throttled")) break;
  }
}

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

/** A pod that was told no, with its budget's numbers; a node whose kubelet is silent has unhealthy pods for that reason. */
function refusal(
  refused: readonly PodFacts[],
  budgets: readonly BudgetFacts[],
  attempts: Attempts,
  { ready, node }: DrainLook,
): Waiting | null {
  const [worst] = refused;
  const attempt = worst && attempts.get(worst.uid);
  if (!worst || !attempt) return null;
  const more = refused.length - 1;
  const rest = more > 0 ? ` (and ${more} more ${more === 1 ? "pod" : "pods"} held)` : "";
  const silent = ready ? "" : `; the kubelet of ${node} is silent`;
  return {
    done: false,
    because: blockerOf(worst, attempt, budgets) + rest + silent,
    clearedBy: attempt.answer.kind === "refused" ? attempt.answer.remedy : "the budget allowing one more disruption",
    object: `Pod ${podLabel(worst)}`,
  };
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
  const stuck: Waiting | null = found ? { done: false, ...found } : null;
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

/** Blockers of a node in full, for the details pane. */
export function blockers(
  leave: readonly PodFacts[],
  budgets: readonly BudgetFacts[],
  attempts: Attempts,
): readonly string[] {
  return leave.flatMap((pod) => {
    const attempt = attempts.get(pod.uid);
    return attempt && isHeld(pod, attempts) ? [blockerOf(pod, attempt, budgets)] : [];
  });
}
