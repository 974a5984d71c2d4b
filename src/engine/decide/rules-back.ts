import { retryOf } from "../model/failed-node.ts";
import { named, reason } from "../model/reason.ts";
import type { MigrationState, RunNode } from "../model/state.ts";
import { type Act, wait } from "./act.ts";
import { deferredAwaited } from "./deferred-awaited.ts";
import { failedRollbackReason } from "./failure-reasons.ts";
import { nodesIn } from "./nodes-of-run.ts";
import type { Look, Rule } from "./rule.ts";
import { firstOpen, rollbackAfterNodes, rollbackBeforeNodes } from "./steps-of-run.ts";

/** On the way back a node that failed on its way there is undone like any other; one that failed to go back is not. */
function failedOnTheWayBack({ state }: Look) {
  const [node] = nodesIn(state, "failed").filter(
    ({ state: nodeState }) => nodeState.phase === "failed" && nodeState.step.startsWith("rollback-"),
  );
  return node?.state.phase === "failed" ? { node: node.name, state: node.state } : null;
}

function retried(look: Look): Act | null {
  const failed = failedOnTheWayBack(look);
  const retry = failed && retryOf(look.state, failed.state);
  return failed && retry !== null ? { do: "retry-node", node: failed.node, retry } : null;
}

function failed(look: Look): Act | null {
  const found = failedOnTheWayBack(look);
  return found && wait(failedRollbackReason(found.node, found.state.step, found.state.failure));
}

/** A failed upgrade is forgotten when the direction changes; the consent to it is not. */
function upgradeFirst({ state }: Look): Act | null {
  if (state.steps.upgrade === undefined && state.consents.finalize === undefined) return null;
  const step = firstOpen(state, rollbackBeforeNodes(state));
  return step === null ? null : { do: "run-step", step };
}

/** Nodes go back in the opposite order, so that control planes are on the old network first. */
const toGoBack = (state: MigrationState): readonly RunNode[] =>
  nodesIn(state, "migrated", "failed", "migrating", "deferred").toReversed();

/** A failed one had its time to come back: it is set aside where it is not Ready, and waited for at the end. */
function nextBack({ state, view }: Look): Act | null {
  const moved = toGoBack(state);
  const next =
    moved.find(({ name }) => view.get(name)?.ready) ??
    moved.find(({ state: nodeState }) => nodeState.phase === "failed");
  return next ? { do: "rollback-node", node: next.name } : null;
}

function noneReady({ state }: Look): Act | null {
  const moved = toGoBack(state);
  if (!moved.some(({ state: nodeState }) => nodeState.phase !== "deferred")) return null;
  return wait(reason("nodes-not-ready", named(moved.map(({ name }) => name))));
}

function stepsAfter({ state }: Look): Act {
  const step = firstOpen(state, rollbackAfterNodes(state));
  return step === null ? { do: "finish", outcome: "rolled-back" } : { do: "run-step", step };
}

/** While everything is rolled back. */
export const rulesBack = [
  {
    name: "failed-rollback-retried",
    says: "The rollback of a node failed, and the plan allows another attempt",
    act: retried,
  },
  {
    name: "rollback-failed",
    says: "The rollback of a node failed: a person retries it",
    act: failed,
  },
  {
    name: "final-values-first",
    says: "Cilium's final values were applied, or consented to: the hybrid values are restored first",
    act: upgradeFirst,
  },
  {
    name: "next-node-back",
    says: "The next node is rolled back, last moved first: one that is Ready, then one that failed",
    act: nextBack,
  },
  {
    name: "nodes-back-not-ready",
    says: "None of the nodes still to be rolled back is Ready: the run waits for them",
    act: noneReady,
  },
  {
    name: "deferred-awaited-back",
    says: "Only deferred nodes are left: the run waits for them",
    act: ({ state }) => deferredAwaited(state),
  },
  {
    name: "steps-back",
    says: "Every node is rolled back: the rollback steps of the run follow, then it ends",
    act: stepsAfter,
  },
] as const satisfies readonly Rule[];
