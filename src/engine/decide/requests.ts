import type { EngineEvent, EngineRequest } from "../model/events.ts";
import { isRollbackStep, type NodeState } from "../model/node-state.ts";
import type { MigrationState, RunNode } from "../model/state.ts";
import { rollbackSteps } from "../rollback-steps/rollback-steps.ts";
import { nodeInHand, safePoint } from "./nodes-of-run.ts";

/** What a request does, or in one sentence why it does nothing. */
export type Answer = { readonly refused: string } | { readonly events: readonly EngineEvent[] };

type RequestOf<T extends EngineRequest["request"]> = Extract<EngineRequest, { readonly request: T }>;
type Answers = {
  readonly [T in EngineRequest["request"]]: (state: MigrationState, request: RequestOf<T>, at: number) => Answer;
};

const refused = (why: string): Answer => ({ refused: why });
const events = (...all: readonly EngineEvent[]): Answer => ({ events: all });

function known(state: MigrationState, name: string): RunNode | string {
  return state.nodes[name] ?? `there is no node ${name} in this run`;
}

/** After the old CNI's objects began to go, nothing can be undone. */
const pastNoReturn = (state: MigrationState): boolean => state.steps["remove-source"] !== undefined;

const busy = (state: MigrationState, except: string): string | null => {
  const hand = nodeInHand(state);
  return hand && hand.name !== except ? `${hand.name} is being worked on: one node at a time` : null;
};

const undoable: ReadonlySet<NodeState["phase"]> = new Set(["migrating", "failed", "deferred", "migrated"]);

function rollbackNode(state: MigrationState, name: string, at: number): Answer {
  const node = known(state, name);
  if (typeof node === "string") return refused(node);
  if (pastNoReturn(state)) return refused("the old CNI is being removed: nothing can be rolled back any more");
  if (state.steps.upgrade)
    return refused("Cilium is being made the cluster's CNI: only the whole run can be rolled back now (U)");
  if (node.state.phase === "rolling-back") return refused(`${name} is being rolled back already`);
  if (!undoable.has(node.state.phase)) return refused(`${name} was not moved: there is nothing to roll back`);
  const other = busy(state, name);
  const [first] = rollbackSteps;
  return other || !first
    ? refused(other ?? "no way back is known")
    : events({ type: "node-rollback-step-started", node: name, at, step: first.id, byPerson: true });
}

function retryNode(state: MigrationState, name: string, at: number): Answer {
  const node = known(state, name);
  if (typeof node === "string") return refused(node);
  if (node.state.phase === "rolled-back" && node.state.policyRollback)
    return events({ type: "node-queued", node: name, at });
  if (node.state.phase === "deferred")
    return refused(`${name} is set aside, to be taken back: then it can be moved again`);
  if (node.state.phase !== "failed") return refused(`${name} has not failed: there is nothing to retry`);
  const other = busy(state, name);
  if (other) return refused(other);
  const { step } = node.state;
  return isRollbackStep(step)
    ? events({ type: "node-rollback-step-started", node: name, at, step })
    : events({ type: "node-step-started", node: name, at, step });
}

function retryRun(state: MigrationState, at: number): Answer {
  // Before anything began there is nothing to do again; being asked makes the engine look at the cluster anew.
  if (!state.consents.nodes) return events();
  for (const [id, step] of Object.entries(state.steps)) {
    const name = id as keyof MigrationState["steps"];
    if (step.state === "failed") return events({ type: "run-step-started", at, step: name });
  }
  return refused("no step of the run has failed");
}

/** All or none: a list with one node that cannot be is refused with its name. */
function each(
  state: MigrationState,
  names: readonly string[],
  from: readonly NodeState["phase"][],
  made: (name: string) => EngineEvent,
): Answer {
  for (const name of names) {
    const node = known(state, name);
    if (typeof node === "string") return refused(node);
    if (!from.includes(node.state.phase)) return refused(`${name} is ${node.state.phase}: that cannot be changed now`);
  }
  return events(...names.map(made));
}

const answers: Answers = {
  pause: (state, { by }, at) => {
    if (state.pace === "paused") return refused("the run is paused already");
    if (state.pace === "pausing") return refused(`the run pauses ${state.takesHoldAt}`);
    return events({ type: "pace-changed", at, pace: "pausing", by, takesHoldAt: safePoint(state) ?? "now" });
  },
  resume: (state, { by }, at) =>
    state.pace === "running"
      ? refused("the run is not paused")
      : events({ type: "pace-changed", at, pace: "running", by, takesHoldAt: "" }),
  consent: (state, { consent, by }, at) =>
    state.asking === consent
      ? events({ type: "consent-given", at, consent, by })
      : refused(`the run does not ask for the consent "${consent}" now`),
  agree: (state, { hash, by }, at) =>
    state.agreement?.hash === hash
      ? events({ type: "agreement-given", at, hash, by })
      : refused("nothing waits for that agreement"),
  exclude: (state, { nodes, by }, at) =>
    each(state, nodes, ["queued", "rolled-back"], (node) => ({
      type: "node-excluded",
      node,
      at,
      because: `left out by ${by}`,
    })),
  include: (state, { nodes }, at) =>
    each(state, nodes, ["excluded", "rolled-back"], (node) => ({ type: "node-queued", node, at })),
  retry: (state, { node }, at) => (node === null ? retryRun(state, at) : retryNode(state, node, at)),
  skip: (state, { node, by }, at) => {
    const nodeState = state.nodes[node]?.state;
    if (nodeState?.phase === "queued") return events({ type: "node-excluded", node, at, because: `left out by ${by}` });
    if (nodeState?.phase !== "rolled-back") return rollbackNode(state, node, at);
    const why = nodeState.policyRollback ? ` after it failed at "${nodeState.policyRollback.step}"` : "";
    return events({ type: "node-excluded", node, at, because: `left out by ${by}${why}` });
  },
  rollback: (state, { node }, at) => rollbackNode(state, node, at),
  "rollback-all": (state, { by }, at) => {
    if (pastNoReturn(state)) return refused("the old CNI is being removed: nothing can be rolled back any more");
    if (!state.consents.nodes) return refused("nothing has been changed yet: there is nothing to roll back");
    if (state.direction === "rollback") return refused("everything is being rolled back already");
    return events(
      { type: "direction-changed", at, direction: "rollback", by },
      { type: "pace-changed", at, pace: "running", by, takesHoldAt: "" },
    );
  },
  rebooted: (state, { node, by }, at) => {
    const { state: nodeState } = state.nodes[node] ?? {};
    const said = { type: "log", at, level: "info", node, text: `${by} says that ${node} was restarted` } as const;
    if (nodeState?.phase === "failed" && nodeState.step === "reboot")
      return busy(state, node) === null
        ? events({ type: "node-step-started", node, at, step: "reboot" }, said)
        : refused(`${busy(state, node)}`);
    return nodeState?.phase === "migrating" && nodeState.step === "reboot"
      ? events(said)
      : refused(`${node} is not waiting for a reboot`);
  },
  "when-left": (_state, { whenLeft }, at) => events({ type: "when-left-changed", at, whenLeft }),
  "release-run": (state, { by }, at) =>
    state.consents.nodes
      ? events({ type: "log", at, level: "info", node: null, text: `${by} asks for the run and gets it` })
      : refused("the run has not begun: there is nothing to release"),
  stop: () => events(),
};

/** What a request does to this state. Pure; the engine carries the events out. */
export function answer(state: MigrationState, request: EngineRequest, at: number): Answer {
  if (state.agreement !== null && request.request !== "agree" && request.request !== "stop")
    return refused("the recorded run was not agreed to on this machine: agree to it first");
  const one = answers[request.request] as (state: MigrationState, request: EngineRequest, at: number) => Answer;
  return one(state, request, at);
}
