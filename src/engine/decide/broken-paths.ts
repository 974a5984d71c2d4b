import type { BrokenPath } from "../model/events.ts";
import { type Reason, reason } from "../model/reason.ts";
import type { MigrationState, RunNode } from "../model/state.ts";
import { stepsAfterNodes } from "./steps-of-run.ts";

/** Which nodes are there and Ready. */
type Readiness = ReadonlyMap<string, { readonly ready: boolean }>;

/** Broken paths that nothing else explains: of a node that is not Ready, or set aside, it is known that it is silent. */
function unexplained(state: MigrationState, view: Readiness): readonly BrokenPath[] {
  const answers = (name: string) => view.get(name)?.ready === true && state.nodes[name]?.state.phase !== "deferred";
  return state.broken.filter(({ nodes }) => nodes.every(answers));
}

/** Of a path that worked and does not: a reason to begin nothing new. */
function brokenTraffic(state: MigrationState, view: Readiness): Reason | null {
  const [first, ...more] = unexplained(state, view);
  if (!first) return null;
  const { between, since, during, error, lasting } = first;
  const restorable = first.nodes.find((name) => state.nodes[name]?.state.phase === "migrated") ?? null;
  return reason(
    "traffic-broken",
    { between, since, during, error, more: more.length, restorable },
    { clearedBy: lasting ? "person" : "cluster", actions: restorable === null ? [] : ["rollback"] },
  );
}

/** Why neither the next node nor a step after the nodes is begun. One that is under way goes on: half an upgrade is worse. */
export function barsNext(state: MigrationState, view: Readiness) {
  return stepsAfterNodes(state).some((id) => state.steps[id]?.state === "doing") ? null : brokenTraffic(state, view);
}

/** Why a node stands still that nothing has been done to yet, or that is only watched. Nothing bars the way back. */
export function barsNodeInHand(state: MigrationState, view: Readiness, { state: nodeState }: RunNode) {
  const stands = nodeState.phase === "migrating" && (nodeState.step === "precheck" || nodeState.step === "soak");
  return stands && state.direction === "forward" ? brokenTraffic(state, view) : null;
}
