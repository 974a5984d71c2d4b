import type { NodeLife } from "../engine/node-life.ts";
import type { MigrationState, NodeState } from "../engine/state.ts";
import type { PanelState } from "./panel-state.ts";
import { nodeSteps, runSteps, undoNodeSteps } from "./words.ts";

export interface Counts {
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly excluded: number;
  readonly inHand: number;
}

const finished = (run: MigrationState, node: NodeState): boolean =>
  run.direction === "forward"
    ? node.life.phase === "migrated"
    : node.life.phase === "restored" || node.life.phase === "queued" || node.life.phase === "excluded";

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
    if (node.life.phase === "failed") failed += 1;
    if (node.life.phase === "excluded") excluded += 1;
    if (node.life.phase === "migrating" || node.life.phase === "undoing") inHand += 1;
  }
  const counts = { total: run.order.length, done, failed, excluded, inHand };
  counted.set(run, counts);
  return counts;
}

function fractionOf(node: NodeState): number {
  if (node.life.phase === "migrating") return nodeSteps.indexOf(node.life.step) / nodeSteps.length;
  if (node.life.phase === "undoing") return undoNodeSteps.indexOf(node.life.step) / undoNodeSteps.length;
  return 0;
}

/** 0 to 1: nodes that are done, and the one in hand by its steps. */
export function progress(run: MigrationState): number {
  const { total, done } = countNodes(run);
  if (run.outcome === "migrated" || run.outcome === "undone") return 1;
  if (total === 0) return 0;
  let partial = 0;
  for (const name of run.order) partial += fractionOf(run.nodes[name] ?? nowhere);
  return Math.min(1, (done + partial) / total);
}

const nowhere: NodeState = {
  name: "",
  life: { phase: "queued" },
  hold: null,
  seen: null,
  timings: {},
  leftovers: null,
};

/** How long nodes really took against their estimate; 1 before one is done. */
function speed(run: MigrationState): number {
  let [estimated, took] = [0, 0];
  for (const { name, estimateMs } of run.plan?.nodes ?? []) {
    const life = run.nodes[name]?.life;
    if (life?.phase !== "migrated") continue;
    estimated += estimateMs;
    took += life.tookMs;
  }
  return estimated > 0 ? took / estimated : 1;
}

function leftOf(life: NodeLife | undefined, estimateMs: number, now: number): number {
  if (life?.phase === "migrating") return Math.max(estimateMs * 0.1, estimateMs - (now - life.since));
  return life?.phase === "migrated" || life?.phase === "excluded" ? 0 : estimateMs;
}

/** Work still to be done, in milliseconds: the plan's estimate, corrected by how long the moved nodes really took. */
export function remainingMs(run: MigrationState, now: number): number | null {
  if (!run.plan || run.outcome || run.direction === "back") return null;
  let [left, allNodes] = [0, 0];
  for (const { name, estimateMs } of run.plan.nodes) {
    allNodes += estimateMs;
    left += leftOf(run.nodes[name]?.life, estimateMs, now);
  }
  const stepsLeft = runSteps.filter((step) => step !== "nodes" && run.steps[step]?.state !== "done").length;
  const rest = Math.max(0, run.plan.estimateMs - allNodes) * (stepsLeft / (runSteps.length - 1));
  return left * speed(run) + rest;
}

/** True while something moves by itself; the clock on the screen ticks only then. */
export function inMotion({ run, closed }: PanelState): boolean {
  if (closed !== null || run.outcome !== null || !run.plan) return false;
  if (run.link.state === "stale") return true;
  if (run.asking !== null) return false;
  return run.pace !== "paused" || countNodes(run).inHand > 0;
}
