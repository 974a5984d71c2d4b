import {
  nodeStepsOf,
  rollbackNodeStepsOf,
  rollbackRunStepsOf,
  runStepsOf,
} from "../../engine/model/plan/step-order.ts";
import type { RollbackRunStepId, RunStepId } from "../../engine/model/plan-types.ts";
import { conditionOf } from "../../engine/model/run-condition.ts";
import type { MigrationState, RunNode } from "../../engine/model/state.ts";
import type { PanelState } from "../panel-state.ts";

export interface Counts {
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly excluded: number;
  readonly inHand: number;
}

const finished = (run: MigrationState, node: RunNode): boolean =>
  run.direction === "forward"
    ? node.state.phase === "migrated"
    : node.state.phase === "rolled-back" || node.state.phase === "queued" || node.state.phase === "excluded";

const counted = new WeakMap<MigrationState, Counts>();

/** Nodes by how far they are, in the direction the run goes; counted once a state. */
export function countNodes(run: MigrationState): Counts {
  const known = counted.get(run);
  if (known) return known;
  let [done, failed, excluded, inHand] = [0, 0, 0, 0];
  for (const name of run.order) {
    const node = run.nodes[name];
    if (!node) continue;
    if (finished(run, node)) done += 1;
    if (node.state.phase === "failed") failed += 1;
    if (node.state.phase === "excluded") excluded += 1;
    if (node.state.phase === "migrating" || node.state.phase === "rolling-back") inHand += 1;
  }
  const counts = { total: run.order.length, done, failed, excluded, inHand };
  counted.set(run, counts);
  return counts;
}

const reached = <Id extends string>(steps: readonly Id[], step: Id): number => steps.indexOf(step) / steps.length;

function fractionOf({ state }: RunNode, { direction, plan }: MigrationState): number {
  if (state.phase === "migrating") return direction === "forward" ? reached(nodeStepsOf(plan), state.step) : 0;
  if (state.phase === "rolling-back")
    return direction === "rollback" ? reached(rollbackNodeStepsOf(plan), state.step) : 0;
  return 0;
}

const ofRun = ({ plan }: MigrationState) => runStepsOf(plan).filter((step) => step !== "nodes");
const shareDone = ({ steps }: MigrationState, ids: readonly (RunStepId | RollbackRunStepId)[]): number =>
  ids.filter((id) => steps[id]?.state === "done").length / ids.length;

/** What the run's own steps take of the whole, nodes apart: by the plan's estimate, never nothing. */
function restShare({ plan }: MigrationState): number {
  const nodes = plan?.nodes.reduce((sum, { estimateMs }) => sum + estimateMs, 0) ?? 0;
  return plan && plan.estimateMs > nodes ? Math.max(leastRest, (plan.estimateMs - nodes) / plan.estimateMs) : leastRest;
}

const leastRest = 0.1;
/** Short of the end the bar is never full. */
const mostBeforeTheEnd = 0.99;

/** 0 to 1 in the direction that the run goes: nodes that are done, the one in hand by its steps, and the run's own steps. */
export function progress(run: MigrationState): number {
  const { total, done } = countNodes(run);
  if (run.outcome === "migrated" || (run.outcome === "rolled-back" && run.direction === "rollback")) return 1;
  if (total === 0) return 0;
  let partial = 0;
  for (const name of run.order) {
    const node = run.nodes[name];
    if (node) partial += fractionOf(node, run);
  }
  const rest = restShare(run);
  const steps = shareDone(run, run.direction === "forward" ? ofRun(run) : rollbackRunStepsOf(run.plan));
  return Math.min(mostBeforeTheEnd, ((done + partial) / total) * (1 - rest) + steps * rest);
}

/** How long nodes really took against their estimate; 1 before one is done. */
function speed(run: MigrationState): number {
  let [estimated, took] = [0, 0];
  for (const { name, estimateMs } of run.plan?.nodes ?? []) {
    const state = run.nodes[name]?.state;
    if (state?.phase !== "migrated") continue;
    estimated += estimateMs;
    took += state.tookMs;
  }
  return estimated > 0 ? took / estimated : 1;
}

/** By the steps that are done, which count no pause. */
function leftOf(node: RunNode | undefined, estimateMs: number, speedOfNodes: number): number {
  const phase = node?.state.phase;
  if (phase === "migrated" || phase === "excluded" || phase === "rolled-back") return 0;
  const whole = estimateMs * speedOfNodes;
  if (node === undefined || phase !== "migrating") return whole;
  const worked = Object.entries(node.timings).reduce(
    (sum, [step, ms]) => (step.startsWith("rollback-") ? sum : sum + ms),
    0,
  );
  return Math.max(whole * 0.1, whole - worked);
}

/** Work still to be done, in milliseconds: the plan's estimate, corrected by how long the moved nodes really took. */
export function remainingMs(run: MigrationState): number | null {
  if (!run.plan || run.outcome || run.direction === "rollback") return null;
  const speedOfNodes = speed(run);
  let [left, allNodes] = [0, 0];
  for (const { name, estimateMs } of run.plan.nodes) {
    allNodes += estimateMs;
    left += leftOf(run.nodes[name], estimateMs, speedOfNodes);
  }
  const rest = Math.max(0, run.plan.estimateMs - allNodes) * (1 - shareDone(run, ofRun(run)));
  return left + rest * Math.min(1, speedOfNodes);
}

/** True while something moves by itself; the clock on the screen ticks only then. */
export function inMotion(state: PanelState): boolean {
  const { run } = state;
  if (state.closed !== null || run.outcome !== null || !run.plan) return false;
  if (run.link.state === "stale") return true;
  const condition = conditionOf(run);
  return condition !== "confirm" && condition !== "paused" && condition !== "blocked";
}
