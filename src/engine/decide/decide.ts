import { isTakenBack, retryOf } from "../model/failed-node.ts";
import { resumeAwaited } from "../model/hold.ts";
import type { NodeLife } from "../model/node-state.ts";
import type { Consent, RunStepId, UndoRunStepId } from "../model/plan-types.ts";
import { isSafeToPause } from "../model/safe-to-pause.ts";
import type { MigrationState, NodeState } from "../model/state.ts";
import { stepsAfterNodes, stepsBeforeNodes, undoAfterNodes, undoBeforeNodes } from "../run-steps/run-steps.ts";
import { barsNext, barsNodeInHand } from "./broken-paths.ts";
import { goesOnWithout, oneTooMany, takenBack } from "./failure-policy.ts";

/** As much of a node as the decision looks at; a node that is not in the map is not in the cluster. */
export interface NodeView {
  readonly ready: boolean;
}

export type View = ReadonlyMap<string, NodeView>;

/** Why a node is not worked on now, and what changes that. */
export interface Reason {
  readonly because: string;
  readonly clearedBy: string;
  readonly needsPerson: boolean;
}

/** The one thing to do now. */
export type Act =
  | { readonly do: "run-step"; readonly step: RunStepId | UndoRunStepId }
  | { readonly do: "move-node"; readonly node: string }
  | { readonly do: "undo-node"; readonly node: string }
  /** It is to be taken back and is not Ready: the run goes on with the others until it is. */
  | { readonly do: "set-aside"; readonly node: string }
  /** The step at which the node failed is begun again without a person; `retry` counts from 1. */
  | { readonly do: "retry-node"; readonly node: string; readonly retry: number }
  | { readonly do: "ask"; readonly consent: Consent }
  /** The pause that was asked for takes hold here. */
  | { readonly do: "stand-still" }
  | { readonly do: "wait"; readonly reason: Reason }
  | { readonly do: "finish"; readonly outcome: "migrated" | "undone" };

export interface Decision {
  readonly act: Act;
  /** For every node that is not being worked on and not settled: why not. */
  readonly holds: Readonly<Record<string, Reason>>;
}

const reason = (because: string, clearedBy: string, needsPerson = false): Reason => ({
  because,
  clearedBy,
  needsPerson,
});
const wait = (why: Reason): Act => ({ do: "wait", reason: why });

/** The run's nodes in these phases, in its order. */
export const nodesIn = (state: MigrationState, ...phases: readonly NodeLife["phase"][]): readonly NodeState[] =>
  state.order.flatMap((name) => {
    const node = state.nodes[name];
    return node && phases.includes(node.life.phase) ? [node] : [];
  });

const listed = (nodes: readonly NodeState[]) =>
  nodes
    .slice(0, 3)
    .map(({ name }) => name)
    .join(", ") + (nodes.length > 3 ? ` and ${nodes.length - 3} more` : "");

/** One node is worked on at a time: the first that has begun and not ended. */
export const nodeInHand = (state: MigrationState): NodeState | null =>
  nodesIn(state, "migrating", "undoing")[0] ?? null;

/** Where a pause takes hold: null when that is at once. Safe is where a node is wholly on one network and nothing runs. */
export function safePoint(state: MigrationState): string | null {
  const node = nodeInHand(state);
  if (node?.life.phase === "migrating" && !isSafeToPause(node.life.step))
    return `after ${node.name} is moved and uncordoned`;
  if (node?.life.phase === "undoing") return `after ${node.name} is restored`;
  return null;
}

const isDone = (state: MigrationState, id: RunStepId | UndoRunStepId) => state.steps[id]?.state === "done";

function failedRunStep(state: MigrationState): Act | null {
  for (const [id, step] of Object.entries(state.steps)) {
    if (step.state === "failed") {
      return wait(
        reason(`"${id}" failed: ${step.failure.message}`, `${step.failure.remedy} (r retries, U undoes all)`, true),
      );
    }
  }
  return null;
}

function failedNode(state: MigrationState): Act | null {
  const [node] = nodesIn(state, "failed");
  if (node?.life.phase !== "failed") return null;
  const { step, failure } = node.life;
  const retry = retryOf(state, node.life);
  if (retry !== null) return { do: "retry-node", node: node.name, retry };
  if (isTakenBack(state, node.life)) return { do: "undo-node", node: node.name };
  return wait(
    reason(`${node.name} failed at "${step}": ${failure.message}`, `${failure.remedy} (r retries, u undoes it)`, true),
  );
}

/** A node that failed and was taken back is safe, and yet a person must say whether the run goes on without it. */
function takenBackNode(state: MigrationState): Act | null {
  const out = oneTooMany(state);
  if (!out) return null;
  const { onNodeFailure, maxFailures = 0 } = state.plan?.options ?? {};
  const tooMany = onNodeFailure === "skip" ? `, one more than --max-failures ${maxFailures} allows` : "";
  return wait(
    reason(
      `${out.node} failed at "${out.step}" and was taken back to its old CNI${tooMany}: ${out.failure.message}`,
      "r moves it again, s leaves it out and goes on with the next",
      true,
    ),
  );
}

/** A node that is being undone is undone to its end: only a person's wish can have begun that on a paused run. */
function paused(state: MigrationState): Act | null {
  const hand = nodeInHand(state);
  if (state.pace === "paused" && hand?.life.phase === "undoing") return null;
  if (state.pace === "paused") return wait(resumeAwaited);
  if (state.pace === "pausing" && safePoint(state) === null) return { do: "stand-still" };
  return null;
}

/** One that was set aside and can be reached again is taken back before anything else is begun. */
function backInReach(state: MigrationState, view: View): Act | null {
  const node = nodesIn(state, "aside").find(({ name }) => view.get(name)?.ready);
  return node ? { do: "undo-node", node: node.name } : null;
}

function waitForThoseAside(state: MigrationState): Act | null {
  const aside = nodesIn(state, "aside");
  if (aside.length === 0) return null;
  return wait(
    reason(
      `${listed(aside)} to come back: set aside on the way back to the old CNI, until Ready`,
      `mending it or powering it on, or kubectl delete node ${aside[0]?.name} once it is gone for good`,
      true,
    ),
  );
}

function nextNode(state: MigrationState, view: View): Act {
  const queued = nodesIn(state, "queued");
  const next = queued.find(({ name }) => view.get(name)?.ready);
  if (next) return { do: "move-node", node: next.name };
  if (queued.length > 0) return wait(reason(`${listed(queued)} to be Ready`, "their kubelets"));
  const aside = waitForThoseAside(state);
  if (aside) return aside;
  const left = nodesIn(state, "excluded", "restored");
  const failed = takenBack(state).map(({ node, step }) => `${node} failed at "${step}"`);
  const why = failed.length > 0 ? ` (${failed.join(", ")})` : "";
  return wait(
    reason(
      `${listed(left)} left out${why}: Cilium can take the cluster over only when every node is moved`,
      "space and m to include them, or U to undo all",
      true,
    ),
  );
}

const allMoved = (state: MigrationState) => nodesIn(state, "migrated").length === state.order.length;

function forward(state: MigrationState, view: View): Act {
  const started = state.consents.nodes !== undefined;
  if (!started) return { do: "ask", consent: "nodes" };
  const before = stepsBeforeNodes.find(({ id }) => !isDone(state, id));
  if (before) return { do: "run-step", step: before.id };
  const broken = barsNext(state, view);
  if (broken) return wait(broken);
  if (!allMoved(state)) return nextNode(state, view);
  const after = stepsAfterNodes.find(({ id }) => !isDone(state, id));
  if (!after) return { do: "finish", outcome: "migrated" };
  if (after.consent && !state.consents[after.consent]) return { do: "ask", consent: after.consent };
  return { do: "run-step", step: after.id };
}

/** Nodes go back in the opposite order, so that control planes are on the old network first. */
function back(state: MigrationState, view: View): Act {
  // A failed upgrade is forgotten when the direction changes; the consent to it is not.
  if (state.steps.upgrade !== undefined || state.consents.finalize !== undefined) {
    const first = undoBeforeNodes.find(({ id }) => !isDone(state, id));
    if (first) return { do: "run-step", step: first.id };
  }
  const moved = nodesIn(state, "migrated", "failed", "migrating", "aside").toReversed();
  // A failed one had its time to come back: it is set aside where it is not Ready, and waited for at the end.
  const next = moved.find(({ name }) => view.get(name)?.ready) ?? moved.find(({ life }) => life.phase === "failed");
  if (next) return { do: "undo-node", node: next.name };
  if (moved.some(({ life }) => life.phase !== "aside"))
    return wait(reason(`${listed(moved)} to be Ready`, "their kubelets"));
  const aside = waitForThoseAside(state);
  if (aside) return aside;
  const step = undoAfterNodes.find(({ id }) => !isDone(state, id));
  return step ? { do: "run-step", step: step.id } : { do: "finish", outcome: "undone" };
}

/**
 * Its time to come back is over, and at the first step of the way back only its kubelet is waited for. On a paused run a
 * person had it undone: that is waited for, and nobody else is moved.
 */
const isOutOfReach = (state: MigrationState, { name, life }: NodeState, view: View): boolean =>
  life.phase === "undoing" &&
  life.step === "undo-cordon" &&
  life.givenUp === true &&
  state.pace !== "paused" &&
  !view.get(name)?.ready &&
  goesOnWithout(state, life);

function inHand(state: MigrationState, view: View): Act | null {
  const node = nodeInHand(state);
  if (!node) return null;
  if (isOutOfReach(state, node, view)) return { do: "set-aside", node: node.name };
  if (node.life.phase === "undoing") return { do: "undo-node", node: node.name };
  const broken = barsNodeInHand(state, view, node);
  if (broken) return wait(broken);
  return state.direction === "back" ? { do: "undo-node", node: node.name } : { do: "move-node", node: node.name };
}

function act(state: MigrationState, view: View): Act {
  const stopped = paused(state) ?? failedRunStep(state);
  if (stopped) return stopped;
  const hand = inHand(state, view);
  if (hand) return hand;
  if (state.direction === "back") return failedUndo(state) ?? back(state, view);
  return backInReach(state, view) ?? failedNode(state) ?? takenBackNode(state) ?? forward(state, view);
}

/** On the way back a node that failed on its way there is undone like any other; one that failed to go back waits. */
function failedUndo(state: MigrationState): Act | null {
  const [node] = nodesIn(state, "failed").filter(
    ({ life }) => life.phase === "failed" && life.step.startsWith("undo-"),
  );
  if (node?.life.phase !== "failed") return null;
  const { failure, step } = node.life;
  const retry = retryOf(state, node.life);
  if (retry !== null) return { do: "retry-node", node: node.name, retry };
  return wait(reason(`${node.name} failed at "${step}": ${failure.message}`, `${failure.remedy} (r retries)`, true));
}

/** Of nodes that are out of it until a person takes them in. */
function leftOut({ life }: NodeState): Reason | null {
  if (life.phase === "excluded") return reason("left out by the operator", "space and m to include it", true);
  if (life.phase !== "restored") return null;
  const failed = life.takenBack ? `, after it failed at "${life.takenBack.step}"` : "";
  return reason(`restored to its old CNI${failed}`, "space and m to move it again", true);
}

function holdOf(node: NodeState, chosen: Act, view: View): Reason | null {
  const { phase } = node.life;
  // One in hand that is not worked on waits for what the run waits for, and no more for what its step waited for.
  if (phase === "migrating" || phase === "undoing") return chosen.do === "wait" ? chosen.reason : null;
  if (phase !== "queued" && phase !== "aside") return leftOut(node);
  if (view.get(node.name)?.ready) return waitsFor(chosen);
  return phase === "queued"
    ? reason(`${node.name} to be Ready`, "its kubelet")
    : reason(`${node.name} to come back: it is set aside, and taken back once it is Ready`, "its kubelet");
}

function waitsFor(chosen: Act): Reason {
  switch (chosen.do) {
    case "retry-node":
      return reason(`${chosen.node}, which failed and is tried again`, "the end of that");
    case "move-node":
      return reason(`its turn, after ${chosen.node}`, "one node is moved at a time");
    case "undo-node":
      return reason(`${chosen.node}, which is being undone`, "the end of that");
    case "set-aside":
      return reason(`${chosen.node}, which is set aside`, "the end of that");
    case "run-step":
      return reason(`the step "${chosen.step}"`, "the end of that");
    case "ask":
      return reason(`your consent "${chosen.consent}"`, "m", true);
    case "stand-still":
      return reason("the run, which pauses here", "P", true);
    case "wait":
      return chosen.reason;
    case "finish":
      return reason("nothing more", "");
    default:
      return chosen satisfies never;
  }
}

/** What to do now, and for every node that is left waiting, why. Pure: the same state and view give the same answer. */
export function decide(state: MigrationState, view: View): Decision {
  const chosen = act(state, view);
  const busy = "node" in chosen ? chosen.node : null;
  const holds = Object.fromEntries(
    state.order.flatMap((name) => {
      const node = state.nodes[name];
      const hold = node && name !== busy ? holdOf(node, chosen, view) : null;
      return hold ? [[name, hold]] : [];
    }),
  );
  return { act: chosen, holds };
}
