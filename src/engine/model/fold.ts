import type { EngineEvent } from "./events.ts";
import { resumeAwaited } from "./hold.ts";
import { withBroken, withDecisions } from "./measured.ts";
import { type NodeEvent, nextNodeState, queued } from "./node-state.ts";
import { isRollbackRunStep } from "./plan-types.ts";
import { type LogLine, type MigrationState, nothingYet, type RunNode } from "./state.ts";

type EventOf<T extends EngineEvent["type"]> = Extract<EngineEvent, { readonly type: T }>;
type Folds = { readonly [T in EngineEvent["type"]]: (state: MigrationState, event: EventOf<T>) => MigrationState };

/** Log lines that the state keeps; the journal keeps them all. */
const logLength = 500;

const newNode = (name: string): RunNode => ({
  name,
  state: queued,
  hold: null,
  snapshot: null,
  timings: {},
  leftovers: null,
});

/** A node may be called constructor, which every object has. */
const knownNode = ({ nodes }: MigrationState, name: string): RunNode | undefined =>
  Object.hasOwn(nodes, name) ? nodes[name] : undefined;

function withNode(state: MigrationState, name: string, change: (node: RunNode) => RunNode): MigrationState {
  const known = knownNode(state, name);
  // What is still said of a node that has left must not bring it back.
  return known ? { ...state, nodes: { ...state.nodes, [name]: change(known) } } : state;
}

/** Only joining, or being on record, makes a node one of the run's. */
function takenIn(state: MigrationState, name: string): MigrationState {
  if (knownNode(state, name)) return state;
  return { ...state, nodes: { ...state.nodes, [name]: newNode(name) }, order: [...state.order, name] };
}

function logged(state: MigrationState, line: LogLine): MigrationState {
  return { ...state, log: [...state.log.slice(1 - logLength), line] };
}

/** What was asked on the ground that every node is moved is not asked any more once one changes: it is asked anew. */
const withoutQuestion = (state: MigrationState): MigrationState =>
  state.asking === null || state.asking === "nodes" ? state : { ...state, asking: null };

/** What was waited for is found out anew: in the moment after, nobody waits for it. */
function withoutHolds(state: MigrationState): MigrationState {
  const held = Object.values(state.nodes).filter(({ hold }) => hold !== null);
  if (held.length === 0) return { ...state, hold: null };
  const nodes = { ...state.nodes };
  for (const node of held) nodes[node.name] = { ...node, hold: null };
  return { ...state, nodes, hold: null };
}

/** Steps that nobody is at any more; which of the way there and of the way back is told by their names. */
function stepsStopped(
  { steps }: MigrationState,
  fits: (step: string) => boolean = () => true,
): MigrationState["steps"] {
  return Object.fromEntries(
    Object.entries(steps).map(([id, step]) =>
      step.state === "doing" && fits(id) ? [id, { state: "stopped", since: step.since }] : [id, step],
    ),
  );
}

const isForward = (step: string): boolean => !isRollbackRunStep(step);

/** A node in hand stands where it is from the moment at which a pause takes hold; one on its way back is taken to its end. */
function standing(state: MigrationState, at: number): MigrationState {
  const nodes = { ...state.nodes };
  for (const node of Object.values(state.nodes)) {
    if (node.state.phase === "migrating") nodes[node.name] = { ...node, hold: { reason: resumeAwaited, since: at } };
  }
  return { ...state, nodes };
}

function paced(state: MigrationState, pace: MigrationState["pace"], at: number): MigrationState {
  if (pace === state.pace || (pace !== "paused" && state.pace !== "paused")) return state;
  return pace === "paused" ? standing(withoutHolds(state), at) : withoutHolds(state);
}

/** A change of phase ends whatever the node was waiting for. */
const lived = (state: MigrationState, event: NodeEvent): MigrationState =>
  withNode(withoutQuestion(state), event.node, (node) => ({
    ...node,
    state: nextNodeState(node.state, event),
    hold: null,
  }));

const folds: Folds = {
  "run-announced": (state, { plan, at, resumed }) => {
    // Only what was seen of a node: what another engine had decided about it, and recorded nowhere, is not so any more.
    const nodes = Object.fromEntries(
      plan.nodes.map(({ name }) => [name, { ...newNode(name), snapshot: knownNode(state, name)?.snapshot ?? null }]),
    );
    return {
      ...nothingYet,
      plan,
      nodes,
      order: plan.nodes.map(({ name }) => name),
      startedAt: at,
      link: state.link,
      // The same run in the hands of another engine: what was decided stays decided.
      decisions: resumed ? state.decisions : [],
      whenLeft: plan.options.whenLeft,
    };
  },
  "runner-known": (state, { runner }) => ({ ...state, runner }),
  "run-step-started": (state, { step, at }) => ({
    ...withoutQuestion(state),
    // On the way back a step of the way there that was not done is on record as begun, and nobody is at it.
    steps: {
      ...state.steps,
      [step]: { state: state.direction === "rollback" && isForward(step) ? "stopped" : "doing", since: at },
    },
    hold: null,
  }),
  "run-step-finished": (state, { step, tookMs, note }) => ({
    ...state,
    steps: { ...state.steps, [step]: { state: "done", tookMs, note } },
    hold: null,
  }),
  "run-step-failed": (state, { step, failure }) => ({
    ...state,
    steps: { ...state.steps, [step]: { state: "failed", failure } },
    hold: null,
  }),
  "agreement-asked": (state, { asked }) => ({ ...state, agreement: asked }),
  "agreement-given": (state) => ({ ...state, agreement: null, hold: null }),
  "consent-asked": (state, { consent }) => ({ ...state, asking: consent }),
  "consent-given": (state, { consent, by, at }) => ({
    ...(state.asking === consent ? withoutHolds(state) : state),
    asking: state.asking === consent ? null : state.asking,
    consents: { ...state.consents, [consent]: { by, at } },
  }),
  "pace-changed": (state, { pace, takesHoldAt, at }) => ({ ...paced(state, pace, at), pace, takesHoldAt }),
  /** A step that failed on the way there does not bar the way back. */
  "direction-changed": (state, { direction }) => ({
    ...(direction === state.direction ? state : withoutHolds(state)),
    direction,
    asking: null,
    steps: Object.fromEntries(
      Object.entries(direction === "rollback" ? stepsStopped(state, isForward) : state.steps).filter(
        ([, step]) => step.state !== "failed",
      ),
    ),
  }),
  "when-left-changed": (state, { whenLeft }) => ({ ...state, whenLeft }),
  "run-held": (state, { hold }) => ({ ...state, hold }),
  "node-held": (state, { node, hold }) => withNode(state, node, (known) => ({ ...known, hold })),
  "node-step-finished": (state, { node, step, tookMs }) =>
    withNode(state, node, (known) => ({ ...known, timings: { ...known.timings, [step]: tookMs }, hold: null })),
  "node-joined": (state, { node }) => takenIn(withoutQuestion(state), node),
  "node-vanished": (state, { node }) => {
    const { [node]: _gone, ...nodes } = state.nodes;
    return { ...state, nodes, order: state.order.filter((name) => name !== node) };
  },
  "node-seen": (state, { node, snapshot }) => withNode(state, node, (known) => ({ ...known, snapshot })),
  "node-recalled": (state, { node, state: nodeState }) =>
    withNode(takenIn(state, node), node, (known) => ({ ...known, state: nodeState })),
  "node-queued": lived,
  "node-excluded": lived,
  "node-step-started": lived,
  "node-remembered": lived,
  "node-failed": lived,
  "node-rollback-step-started": lived,
  "node-deferred": lived,
  "node-rolled-back": lived,
  "node-migrated": lived,
  connectivity: (state, { scores }) => ({ ...state, scores }),
  "path-broken": (state, { broken }) => ({ ...state, broken: withBroken(state.broken, broken) }),
  "path-mended": (state, { between }) => ({
    ...state,
    broken: state.broken.filter((path) => path.between !== between),
  }),
  decided: (state, { decision }) => ({ ...state, decisions: withDecisions(state.decisions, [decision]) }),
  "measured-recalled": (state, { measured: { scores, broken, decisions } }) => ({
    ...state,
    scores,
    broken,
    decisions: withDecisions(state.decisions, decisions),
  }),
  "link-changed": (state, { link }) => ({ ...state, link }),
  log: (state, { at, level, node, note }) => logged(state, { at, level, node, note }),
  leftovers: (state, { node, of, left, unseen, looked }) =>
    withNode(state, node, (known) => ({ ...known, leftovers: { of, left, unseen, looked } })),
  "run-finished": (state, { outcome, reason, lacks = null, at }) => ({
    ...withoutHolds(state),
    steps: stepsStopped(state),
    asking: outcome === "waiting" || outcome === "paused" ? state.asking : null,
    outcome,
    endedFor: reason,
    lacks,
    finishedAt: at,
  }),
};

/** The state after one more event. Pure: the same events always give the same state. */
export function fold(state: MigrationState, event: EngineEvent): MigrationState {
  const step = folds[event.type] as (state: MigrationState, event: EngineEvent) => MigrationState;
  return step(state, event);
}
