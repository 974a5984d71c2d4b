import type { BrokenPath, Decision, Measured } from "./events.ts";
import { canonicalJson } from "./plan/canonical-json.ts";

/** Decisions that are kept: a run has a few dozen. */
const mostDecisions = 200;

/** Each once, in the order of time, whoever tells it and how often. */
export function withDecisions(known: readonly Decision[], more: readonly Decision[]): readonly Decision[] {
  const all = new Map([...known, ...more].map((decision) => [canonicalJson(decision), decision]));
  return [...all.values()].toSorted((one, other) => one.at - other.at).slice(-mostDecisions);
}

/** A path is broken once: what is known of it later stands in the place of what was. */
export function withBroken(known: readonly BrokenPath[], broken: BrokenPath): readonly BrokenPath[] {
  if (!known.some(({ between }) => between === broken.between)) return [...known, broken];
  return known.map((path) => (path.between === broken.between ? broken : path));
}

/** To an engine that takes the run up: what was broken may be whole by now, so nobody is called before it was asked again. */
export const notAskedYet = (measured: Measured): Measured => ({
  ...measured,
  broken: measured.broken.map((path) => ({ ...path, lasting: false })),
});
