import { askingAgain, done, type Observation, waiting, waitingFor } from "../model/observation.ts";
import type { Ports } from "../model/ports/ports.ts";
import type { ProbeAnswer, ProbePod } from "../model/ports/prober.ts";
import { firstOf, type Reason, reason } from "../model/reason.ts";
import type { Question } from "./crossings.ts";

/** Sources that are asked at the same time: an exec each. */
const atOnce = 16;

/** Questions by the pod that they are put to: one command asks all of them. */
export function bySource<Q extends Question>(questions: readonly Q[]): readonly (readonly [ProbePod, readonly Q[]])[] {
  const groups = new Map<string, { readonly pod: ProbePod; readonly asked: Q[] }>();
  for (const question of questions) {
    const { uid } = question.from.ref;
    const group = groups.get(uid) ?? { pod: question.from, asked: [] };
    groups.set(uid, group);
    group.asked.push(question);
  }
  return [...groups.values()].map(({ pod, asked }) => [pod, asked] as const);
}

type Answered<Q> = readonly [question: Q, answer: ProbeAnswer];

async function ask<Q extends Question>(
  ports: Ports,
  questions: readonly Q[],
  signal: AbortSignal,
): Promise<readonly Answered<Q>[]> {
  const left = [...bySource(questions)];
  const answered: Answered<Q>[] = [];
  const worker = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [pod, asked] = next;
      const targets = asked.map(({ target }) => target);
      const answers = await ports.prober.probe(pod, targets, signal);
      for (const [index, question] of asked.entries())
        answered.push([question, answers[index] ?? { result: "unknown", why: "the probe said nothing of it" }]);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return answered;
}

/** What of some questions did not pass, and what could not be measured, a clause each. */
export interface Traffic {
  readonly lost: readonly string[];
  readonly unknown: readonly string[];
}

/** A single success proves nothing on a flapping path. */
const inARow = 2;

/** Asks every question `inARow` times. Throws Unavailable where the API server itself is out of reach. */
export async function trafficOf(ports: Ports, questions: readonly Question[], signal: AbortSignal): Promise<Traffic> {
  // Both ends of a pair ask for it.
  let left: readonly Question[] = [...new Map(questions.map((question) => [question.between, question])).values()];
  const lost: string[] = [];
  const unknown: string[] = [];
  for (let round = 0; round < inARow && left.length > 0; round++) {
    const good: Question[] = [];
    for (const [question, answer] of await ask(ports, left, signal)) {
      if (answer.result === "good") good.push(question);
      else if (answer.result === "lost") lost.push(`${question.between}: ${answer.error}`);
      else unknown.push(`${question.between}: ${answer.why}`);
    }
    left = good;
  }
  return { lost: lost.toSorted(), unknown: unknown.toSorted() };
}

/** Paths as a reason has them. */
export interface LostPaths {
  readonly paths: readonly string[];
  readonly more: number;
}

function bounded(clauses: readonly string[]): LostPaths {
  const [paths, more] = firstOf(clauses);
  return { paths, more };
}

type LossCode = "baseline-traffic-lost" | "source-traffic-lost" | "cilium-traffic-lost";

/** Done only where everything was measured and passed: what was not measured is never good. */
export function passed({ lost, unknown }: Traffic, loss: LossCode | ((paths: LostPaths) => Reason)): Observation {
  const lossOf = typeof loss === "string" ? (paths: LostPaths) => reason(loss, paths) : loss;
  if (lost.length > 0) return askingAgain(waitingFor(lossOf(bounded(lost))));
  if (unknown.length > 0) return askingAgain(waiting("traffic-not-measured", bounded(unknown)));
  return done;
}
