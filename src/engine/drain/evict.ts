import { Unavailable } from "../model/errors.ts";
import type { Attempt, Attempts } from "../model/eviction-attempts.ts";
import type { BudgetFacts, PodFacts } from "../model/facts.ts";
import type { Ports } from "../model/ports/ports.ts";
import { budgetsOf } from "./selector.ts";

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
  // Whoever was asked least goes first: those on whom the server fails keep nobody from being asked.
  const inOrder = due.toSorted((one, other) => triesOf(attempts, one) - triesOf(attempts, other));
  let isAnswered = false;
  for (let first = 0; first < inOrder.length; first += atOnce) {
    const batch = inOrder.slice(first, first + atOnce);
    const results = await Promise.allSettled(batch.map((pod) => evictOne(ports, pod, attempts)));
    isAnswered ||= results.some(({ status }) => status === "fulfilled");
    const failed = failures(batch, results);
    for (const { pod, thrown } of failed) noteFailure(attempts, pod, thrown, { now: ports.clock.now(), isAnswered });
    if (!isAnswered && failed[0]) throw failed[0].thrown;
    if (batch.some((pod) => attempts.get(pod.uid)?.answer.kind === "throttled")) break;
  }
}

const triesOf = (attempts: Attempts, { uid }: PodFacts): number => attempts.get(uid)?.tries ?? 0;

interface Failed {
  readonly pod: PodFacts;
  readonly thrown: Unavailable;
}

/** Evictions to which no answer came; anything else that went wrong is thrown. */
function failures(batch: readonly PodFacts[], results: readonly PromiseSettledResult<void>[]): readonly Failed[] {
  return results.flatMap((result, at) => {
    const pod = batch[at];
    if (result.status === "fulfilled" || !pod) return [];
    const thrown: unknown = result.reason;
    if (thrown instanceof Unavailable) return [{ pod, thrown }];
    throw thrown;
  });
}

/** Where the server answered for no pod of a pass it is away, and all are due again at once; else it is a matter of this one. */
function noteFailure(
  attempts: Attempts,
  pod: PodFacts,
  { message, retryAfterMs }: Unavailable,
  { now, isAnswered }: { readonly now: number; readonly isAnswered: boolean },
): void {
  const tries = triesOf(attempts, pod) + 1;
  const nextAt = isAnswered ? now + backoffMs(tries, retryAfterMs) : now;
  attempts.set(pod.uid, { tries, nextAt, at: now, answer: { kind: "unanswered", message } });
}
