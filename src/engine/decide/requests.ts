import type { EngineEvent, EngineRequest } from "../model/events.ts";
import { isRollbackStep, type NodeState, rollbackNodeSteps } from "../model/node-state.ts";
import { note } from "../model/notes/note.ts";
import { type Code, type ParamsOf, type Reason, type Rest, reason, theNode } from "../model/reason.ts";
import type { MigrationState } from "../model/state.ts";
import { nodeInHand, safePoint } from "./nodes-of-run.ts";

/** What a request does, or why it does nothing. */
export type Answer = { readonly refused: Reason } | { readonly events: readonly EngineEvent[] };

type RequestOf<T extends EngineRequest["request"]> = Extract<EngineRequest, { readonly request: T }>;
type Answers = {
  readonly [T in EngineRequest["request"]]: (state: MigrationState, request: RequestOf<T>, at: number) => Answer;
};

const no = (why: Reason): Answer => ({ refused: why });

const refused = <C extends Code>(code: C, params: ParamsOf[C], rest?: Rest): Answer =>
  no(reason(code, params, rest) as Reason);
const events = (...all: readonly EngineEvent[]): Answer => ({ events: all });

const unknownNode = (node: string): Answer => refused("unknown-node", { node });

/** After the old CNI's objects began to go, nothing can be undone. */
const pastNoReturn = (state: MigrationState): boolean => state.steps["remove-source"] !== undefined;

const busy = (state: MigrationState, except: string): Reason | null => {
  const hand = nodeInHand(state);
  if (!hand || hand.name === except) return null;
  return reason("other-node-busy", { node: hand.name }, { object: theNode(hand.name) });
};

const undoable: ReadonlySet<NodeState["phase"]> = new Set(["migrating", "failed", "deferred", "migrated"]);

function rollbackNode(state: MigrationState, name: string, at: number): Answer {
  const node = state.nodes[name];
  if (!node) return unknownNode(name);
  if (pastNoReturn(state)) return refused("past-no-return", {});
  if (state.steps.upgrade) return refused("only-whole-run", {}, { actions: ["rollback-all"] });
  const object = theNode(name);
  if (node.state.phase === "rolling-back") return refused("rolling-back-already", { node: name }, { object });
  if (!undoable.has(node.state.phase)) return refused("node-not-moved", { node: name }, { object });
  const other = busy(state, name);
  if (other) return no(other);
  return events({ type: "node-rollback-step-started", node: name, at, step: rollbackNodeSteps[0], byPerson: true });
}

function retryNode(state: MigrationState, name: string, at: number): Answer {
  const node = state.nodes[name];
  if (!node) return unknownNode(name);
  if (node.state.phase === "rolled-back" && node.state.policyRollback)
    return events({ type: "node-queued", node: name, at });
  const object = theNode(name);
  if (node.state.phase === "deferred") return refused("rollback-deferred", { node: name }, { object });
  if (node.state.phase !== "failed") return refused("node-not-failed", { node: name }, { object });
  const other = busy(state, name);
  if (other) return no(other);
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
  return refused("no-step-failed", {});
}

/** All or none: a list with one node that cannot be is refused with its name. */
function each(
  state: MigrationState,
  names: readonly string[],
  from: readonly NodeState["phase"][],
  made: (name: string) => EngineEvent,
): Answer {
  for (const name of names) {
    const node = state.nodes[name];
    if (!node) return unknownNode(name);
    const { phase } = node.state;
    if (!from.includes(phase)) return refused("node-not-changeable", { node: name, phase }, { object: theNode(name) });
  }
  return events(...names.map(made));
}

const answers: Answers = {
  pause: (state, { by }, at) => {
    if (state.pace === "paused") return refused("paused-already", {}, { actions: ["resume"] });
    if (state.pace === "pausing") return refused("pausing-already", { takesHoldAt: state.takesHoldAt });
    return events({ type: "pace-changed", at, pace: "pausing", by, takesHoldAt: safePoint(state) ?? "now" });
  },
  resume: (state, { by }, at) =>
    state.pace === "running"
      ? refused("not-paused", {})
      : events({ type: "pace-changed", at, pace: "running", by, takesHoldAt: "" }),
  consent: (state, { consent, by }, at) =>
    state.asking === consent
      ? events({ type: "consent-given", at, consent, by })
      : refused("consent-not-asked", { consent }),
  agree: (state, { hash, by }, at) =>
    state.agreement?.hash === hash
      ? events({ type: "agreement-given", at, hash, by })
      : refused("agreement-not-asked", {}),
  exclude: (state, { nodes, by }, at) =>
    each(state, nodes, ["queued", "rolled-back"], (node) => ({
      type: "node-excluded",
      node,
      at,
      because: `excluded by ${by}`,
    })),
  include: (state, { nodes }, at) =>
    each(state, nodes, ["excluded", "rolled-back"], (node) => ({ type: "node-queued", node, at })),
  retry: (state, { node }, at) => (node === null ? retryRun(state, at) : retryNode(state, node, at)),
  skip: (state, { node, by }, at) => {
    const nodeState = state.nodes[node]?.state;
    if (nodeState?.phase === "queued") return events({ type: "node-excluded", node, at, because: `excluded by ${by}` });
    if (nodeState?.phase !== "rolled-back") return rollbackNode(state, node, at);
    const why = nodeState.policyRollback ? ` after it failed at "${nodeState.policyRollback.step}"` : "";
    return events({ type: "node-excluded", node, at, because: `excluded by ${by}${why}` });
  },
  rollback: (state, { node }, at) => rollbackNode(state, node, at),
  "rollback-all": (state, { by }, at) => {
    if (pastNoReturn(state)) return refused("past-no-return", {});
    if (!state.consents.nodes) return refused("nothing-changed", {});
    if (state.direction === "rollback") return refused("all-rolling-back-already", {});
    return events(
      { type: "direction-changed", at, direction: "rollback", by },
      { type: "pace-changed", at, pace: "running", by, takesHoldAt: "" },
    );
  },
  rebooted: (state, { node, by }, at) => {
    const { state: nodeState } = state.nodes[node] ?? {};
    const said = { type: "log", at, level: "info", node, note: note("restart-declared", { by, node }) } as const;
    if (nodeState?.phase === "failed" && nodeState.step === "reboot") {
      const other = busy(state, node);
      return other === null ? events({ type: "node-step-started", node, at, step: "reboot" }, said) : no(other);
    }
    return nodeState?.phase === "migrating" && nodeState.step === "reboot"
      ? events(said)
      : refused("node-not-rebooting", { node });
  },
  "when-left": (_state, { whenLeft }, at) => events({ type: "when-left-changed", at, whenLeft }),
  "release-run": (state, { by }, at) =>
    state.consents.nodes
      ? events({ type: "log", at, level: "info", node: null, note: note("run-released", { by }) })
      : refused("run-not-begun", {}),
  stop: () => events(),
};

/** What a request does to this state. Pure; the engine carries the events out. */
export function answer(state: MigrationState, request: EngineRequest, at: number): Answer {
  if (state.agreement !== null && request.request !== "agree" && request.request !== "stop")
    return refused("agree-first", {}, { actions: ["agree"] });
  const one = answers[request.request] as (state: MigrationState, request: EngineRequest, at: number) => Answer;
  return one(state, request, at);
}
