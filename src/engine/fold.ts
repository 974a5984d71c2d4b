import type { EngineEvent } from "./events.ts";
import { type LifeEvent, live, unborn } from "./node-life.ts";
import { type LogLine, type MigrationState, type NodeState, nothingYet } from "./state.ts";

type EventOf<T extends EngineEvent["type"]> = Extract<EngineEvent, { readonly type: T }>;
type Folds = { readonly [T in EngineEvent["type"]]: (state: MigrationState, event: EventOf<T>) => MigrationState };

/** Log lines that the state keeps; the journal keeps them all. */
const logLength = 500;

const newNode = (name: string): NodeState => ({
  name,
  life: unborn,
  hold: null,
  seen: null,
  timings: {},
  leftovers: null,
});

/** A node may be called constructor, which every object has. */
const knownNode = ({ nodes }: MigrationState, name: string): NodeState | undefined =>
  Object.hasOwn(nodes, name) ? nodes[name] : undefined;

function withNode(state: MigrationState, name: string, change: (node: NodeState) => NodeState): MigrationState {
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
const askedAnew = (state: MigrationState): MigrationState =>
  state.asking === null || state.asking === "nodes" ? state : { ...state, asking: null };

/** A change of phase ends whatever the node was waiting for. */
const lived = (state: MigrationState, event: LifeEvent): MigrationState =>
  withNode(askedAnew(state), event.node, (node) => ({ ...node, life: live(node.life, event), hold: null }));

const folds: Folds = {
  "run-announced": (state, { plan, at }) => {
    const nodes = Object.fromEntries(plan.nodes.map(({ name }) => [name, knownNode(state, name) ?? newNode(name)]));
    return {
      ...nothingYet,
      plan,
      nodes,
      order: plan.nodes.map(({ name }) => name),
      startedAt: at,
      link: state.link,
      whenLeft: plan.options.whenLeft,
    };
  },
  "runner-known": (state, { runner }) => ({ ...state, runner }),
  "run-step-started": (state, { step, at }) => ({
    ...state,
    steps: { ...state.steps, [step]: { state: "doing", since: at } },
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
  }),
  "consent-asked": (state, { consent }) => ({ ...state, asking: consent }),
  "consent-given": (state, { consent, by, at }) => ({
    ...state,
    asking: state.asking === consent ? null : state.asking,
    consents: { ...state.consents, [consent]: { by, at } },
  }),
  "pace-changed": (state, { pace, takesHoldAt }) => ({ ...state, pace, takesHoldAt }),
  /** A step that failed on the way there does not bar the way back. */
  "direction-changed": (state, { direction }) => ({
    ...state,
    direction,
    asking: null,
    steps: Object.fromEntries(Object.entries(state.steps).filter(([, step]) => step.state !== "failed")),
  }),
  "when-left-changed": (state, { whenLeft }) => ({ ...state, whenLeft }),
  "run-held": (state, { hold }) => ({ ...state, hold }),
  "node-held": (state, { node, hold }) => withNode(state, node, (known) => ({ ...known, hold })),
  "node-step-finished": (state, { node, step, tookMs }) =>
    withNode(state, node, (known) => ({ ...known, timings: { ...known.timings, [step]: tookMs }, hold: null })),
  "node-joined": (state, { node }) => takenIn(askedAnew(state), node),
  "node-vanished": (state, { node }) => {
    const { [node]: _gone, ...nodes } = state.nodes;
    return { ...state, nodes, order: state.order.filter((name) => name !== node) };
  },
  "node-seen": (state, { node, seen }) => withNode(state, node, (known) => ({ ...known, seen })),
  "node-recalled": (state, { node, life }) => withNode(takenIn(state, node), node, (known) => ({ ...known, life })),
  "node-queued": lived,
  "node-excluded": lived,
  "node-step-started": lived,
  "node-remembered": lived,
  "node-failed": lived,
  "node-undo-step-started": lived,
  "node-set-aside": lived,
  "node-restored": lived,
  "node-migrated": lived,
  connectivity: (state, { scores }) => ({ ...state, scores }),
  "link-changed": (state, { link }) => ({ ...state, link }),
  log: (state, { at, level, node, text }) => logged(state, { at, level, node, text }),
  leftovers: (state, { node, left }) => withNode(state, node, (known) => ({ ...known, leftovers: left })),
  "run-finished": (state, { outcome, summary, at }) => ({ ...state, outcome, summary, finishedAt: at }),
};

/** The state after one more event. Pure: the same events always give the same state. */
export function fold(state: MigrationState, event: EngineEvent): MigrationState {
  const step = folds[event.type] as (state: MigrationState, event: EngineEvent) => MigrationState;
  return step(state, event);
}
