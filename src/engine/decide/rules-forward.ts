import { isRolledBackByPolicy, retryOf } from "../model/failed-node.ts";
import { named, reason } from "../model/reason.ts";
import type { MigrationState, RunNode } from "../model/state.ts";
import { type Act, wait } from "./act.ts";
import { barsNext } from "./broken-paths.ts";
import { deferredAwaited } from "./deferred-awaited.ts";
import { oneTooMany, policyRollback } from "./failure-policy.ts";
import { failedNodeReason, restoredNodeReason } from "./failure-reasons.ts";
import { nodesIn } from "./nodes-of-run.ts";
import type { Look, Rule } from "./rule.ts";
import { consentOf, firstOpen, stepsAfterNodes, stepsBeforeNodes } from "./steps-of-run.ts";

function backInReach({ state, view }: Look): Act | null {
  const node = nodesIn(state, "deferred").find(({ name }) => view.get(name)?.ready);
  return node ? { do: "rollback-node", node: node.name } : null;
}

function firstFailed(state: MigrationState) {
  const [node] = nodesIn(state, "failed");
  return node?.state.phase === "failed" ? { node: node.name, state: node.state } : null;
}

function retried({ state }: Look): Act | null {
  const failed = firstFailed(state);
  const retry = failed && retryOf(state, failed.state);
  return failed && retry !== null ? { do: "retry-node", node: failed.node, retry } : null;
}

function rolledBack({ state }: Look): Act | null {
  const failed = firstFailed(state);
  return failed && isRolledBackByPolicy(state, failed.state) ? { do: "rollback-node", node: failed.node } : null;
}

function nodeFailed({ state }: Look): Act | null {
  const failed = firstFailed(state);
  return failed && wait(failedNodeReason(failed.node, failed.state.step, failed.state.failure));
}

/** A node that failed and was rolled back is safe, and yet a person must say whether the run goes on without it. */
function tooManyFailed({ state }: Look): Act | null {
  const out = oneTooMany(state);
  const { onNodeFailure, maxFailures = 0 } = state.plan?.options ?? {};
  return out && wait(restoredNodeReason(out, onNodeFailure === "skip" ? maxFailures : null));
}

function stepBefore({ state }: Look): Act | null {
  const step = firstOpen(state, stepsBeforeNodes(state));
  return step === null ? null : { do: "run-step", step };
}

function brokenPath({ state, view }: Look): Act | null {
  const broken = barsNext(state, view);
  return broken && wait(broken);
}

const namesOf = (nodes: readonly RunNode[]) => nodes.map(({ name }) => name);

function nextNode({ state, view }: Look): Act | null {
  const next = nodesIn(state, "queued").find(({ name }) => view.get(name)?.ready);
  return next ? { do: "move-node", node: next.name } : null;
}

function noneReady({ state }: Look): Act | null {
  const nodes = namesOf(nodesIn(state, "queued"));
  return nodes.length === 0 ? null : wait(reason("nodes-not-ready", named(nodes)));
}

function leftOut({ state }: Look): Act | null {
  const nodes = namesOf(nodesIn(state, "excluded", "rolled-back"));
  if (nodes.length === 0) return null;
  const failed = policyRollback(state).map(({ node, step }) => `${node} failed at "${step}"`);
  return wait(
    reason(
      "nodes-not-migrated",
      { ...named(nodes), failed },
      { clearedBy: "person", actions: ["include", "rollback-all"] },
    ),
  );
}

const stepAfter = (state: MigrationState) => firstOpen(state, stepsAfterNodes(state));

function consentAfter({ state }: Look): Act | null {
  const step = stepAfter(state);
  const consent = step === null ? undefined : consentOf(step, state);
  return consent !== undefined && !state.consents[consent] ? { do: "ask", consent } : null;
}

function stepsAfter({ state }: Look): Act {
  const step = stepAfter(state);
  return step === null ? { do: "finish", outcome: "migrated" } : { do: "run-step", step };
}

/** While nodes are moved to Cilium, and after that. */
export const rulesForward = [
  {
    name: "deferred-node-ready",
    says: "A deferred node is Ready again: it is rolled back before the next begins",
    act: backInReach,
  },
  {
    name: "failed-node-retried",
    says: "A node failed, and the plan allows another attempt (--retries)",
    act: retried,
  },
  {
    name: "failed-node-rolled-back",
    says: "A node failed, and the plan has it rolled back (--on-node-failure rollback, skip)",
    act: rolledBack,
  },
  {
    name: "node-failed",
    says: "A node failed: a person retries it, rolls it back or excludes it",
    act: nodeFailed,
  },
  {
    name: "too-many-failed",
    says: "A node failed and was rolled back, and the plan allows no more failures: a person decides whether the run goes on",
    act: tooManyFailed,
  },
  {
    name: "first-consent",
    says: "The consent to move nodes is missing: the run asks for it and writes nothing before",
    act: ({ state }) => (state.consents.nodes === undefined ? { do: "ask", consent: "nodes" } : null),
  },
  {
    name: "steps-before-nodes",
    says: "The steps before the first node, in their order",
    act: stepBefore,
  },
  {
    name: "broken-path-stops-run",
    says: "A path that worked is broken: neither the next node nor a step after the nodes is begun",
    act: brokenPath,
  },
  {
    name: "next-node",
    says: "The next queued node that is Ready is moved",
    act: nextNode,
  },
  {
    name: "nodes-not-ready",
    says: "No queued node is Ready: the run waits for them",
    act: noneReady,
  },
  {
    name: "deferred-awaited",
    says: "Deferred nodes are not Ready: the run waits for them",
    act: ({ state }) => deferredAwaited(state),
  },
  {
    name: "nodes-not-migrated",
    says: "Nodes are excluded: Cilium can become the cluster's CNI only when every node is migrated, so a person decides",
    act: leftOut,
  },
  {
    name: "consent-after-nodes",
    says: "The next step needs a consent that was not given: the run asks for it",
    act: consentAfter,
  },
  {
    name: "steps-after-nodes",
    says: "The steps after the last node, in their order; then the run is migrated",
    act: stepsAfter,
  },
] as const satisfies readonly Rule[];
