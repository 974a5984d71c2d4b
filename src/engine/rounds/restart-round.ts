import { drainHold } from "../drain/drain-hold.ts";
import { drainLook } from "../drain/drain-look.ts";
import { evictPass } from "../drain/evict.ts";
import { podsLeaving } from "../drain/pods-leaving.ts";
import { rebootPodLabel } from "../model/cilium-names.ts";
import { evictionAttempts } from "../model/eviction-attempts.ts";
import type { NodeFacts, PodFacts } from "../model/facts.ts";
import { note } from "../model/notes/note.ts";
import { done, type Observation, waiting } from "../model/observation.ts";
import { reason, theNode, thePod } from "../model/reason.ts";
import type { RunScope } from "../model/step.ts";
import { remembered } from "../model/step-memory.ts";
import { notReady } from "../observe/node-readiness.ts";
import { agentAwaited, agentNotReady } from "../observe/start-trouble.ts";
import type { SourceRunStep } from "../sources/source-step.ts";
import { markOf, nodeRef, type RestartMark, restartMark, type Turn, turnOf } from "./restart-mark.ts";

/** Boots that this engine asked to end. */
const asked = remembered(() => new Set<string>());

/** A command that an engine before this one gave may still be at work (src/kube/nodes/rebooter.ts). */
const commandLastsMs = 150_000;

/** The node whose turn it is. */
interface InHand {
  readonly node: NodeFacts;
  readonly leave: readonly PodFacts[];
  readonly turn: Turn;
}

/** Its agent and, where one restarted it, our pod's end: what is waited for of a node that is Ready again. */
async function isBack(scope: RunScope, { name }: NodeFacts): Promise<Observation> {
  const agent = (await scope.ports.cilium.agents()).find(({ node }) => node === name);
  if (!agent) return agentAwaited(scope, name);
  if (!agent.ready) return agentNotReady(agent);
  const left = (await scope.ports.pods.onFresh(name)).find(({ labels }) => labels["app"] === rebootPodLabel);
  return left ? waiting("reboot-pod-left", { pod: left.name }, { object: thePod(left) }) : done;
}

/** In the plan's order, one after the other; null once all have had their turn. A node that is gone has none. */
async function inHand(scope: RunScope): Promise<InHand | null> {
  const all = new Map((await scope.ports.nodes.list()).map((node) => [node.name, node]));
  for (const name of scope.nodes) {
    const node = all.get(name);
    if (node === undefined) continue;
    const isMarked = markOf(node)?.bootId === node.bootId;
    const leave = isMarked && node.cordoned ? await podsLeaving(scope, name) : [];
    const turn = turnOf(node, leave.length);
    if (turn !== "over" || !(await isBack(scope, node)).done) return { node, leave, turn };
  }
  return null;
}

function restartAwaited({ ports, plan, memory }: RunScope, { name, bootId, ...node }: NodeFacts): Observation {
  const object = theNode(name);
  const askedAt = markOf(node)?.askedAt ?? null;
  const dueInMs = askedAt === null ? 0 : askedAt + commandLastsMs - ports.clock.now();
  if (plan.options.reboot.method === "command" && !memory.of(asked).has(bootId) && dueInMs > 0)
    return { ...waiting("earlier-reboot-command", { node: name }, { object, clearedBy: "time" }), dueInMs };
  return waiting("node-not-rebooted", { node: name, bootId: bootId.slice(0, 8), trouble: null }, { object });
}

async function waitsFor(scope: RunScope, { node, leave, turn }: InHand): Promise<Observation> {
  const object = theNode(node.name);
  switch (turn) {
    case "mark": {
      const params = { object: `Node ${node.name}`, field: `annotation ${restartMark}`, value: node.bootId };
      return { done: false, reason: reason("source-object", params, { object }) };
    }
    case "cordon":
      return waiting("node-not-cordoned", {}, { object });
    case "drain": {
      const { ports, memory } = scope;
      const look = await drainLook({ ports, node: node.name });
      return drainHold(leave, await ports.pods.budgets(), memory.of(evictionAttempts), look) ?? done;
    }
    case "restart":
      return restartAwaited(scope, node);
    case "return":
      return notReady(node);
    case "uncordon":
      return waiting("node-still-cordoned", {}, { object });
    case "over":
      return isBack(scope, node);
    default:
      return turn satisfies never;
  }
}

const write = ({ ports }: RunScope, { name }: NodeFacts, mark: RestartMark): Promise<void> =>
  ports.objects.merge(nodeRef(name), { metadata: { annotations: { [restartMark]: JSON.stringify(mark) } } });

/** Written before it is asked for: an engine that dies in between leaves word of it. */
async function restart(scope: RunScope, node: NodeFacts): Promise<void> {
  const { ports, plan, memory, log, signal } = scope;
  const mark = markOf(node);
  const boots = memory.of(asked);
  const seen = restartAwaited(scope, node);
  if (mark === null || boots.has(node.bootId) || (!seen.done && seen.dueInMs !== undefined)) return;
  await write(scope, node, { ...mark, askedAt: ports.clock.now() });
  boots.add(node.bootId);
  log("info", note("reboot-asked", { node: node.name, method: plan.options.reboot.method }));
  await ports.rebooter.reboot(node, plan.options.reboot, signal);
}

async function act(scope: RunScope, { node, leave, turn }: InHand): Promise<void> {
  const { ports, memory } = scope;
  switch (turn) {
    case "mark":
      return write(scope, node, { bootId: node.bootId, cordoned: node.cordoned, askedAt: null });
    case "cordon":
      return ports.nodes.cordon(node.name);
    case "drain":
      return evictPass(ports, leave, memory.of(evictionAttempts));
    case "restart":
      return restart(scope, node);
    case "uncordon":
      return ports.nodes.uncordon(node.name);
    case "return":
    case "over":
      return ports.rebooter.tidy(node.name);
    default:
      return turn satisfies never;
  }
}

const forEachNode = (ms: number, nodes: number) => ms * nodes;

/** Every node once more out of service, in the plan's order: what only a restart takes away is gone then, and a node that cannot start is found now. */
export const restartRound: SourceRunStep = {
  id: "rounds/restart-nodes",
  before: "report",
  /** A limit of 0 waits for ever, here too. */
  timeoutMs: ({ nodes, options: { drainTimeoutMs, rebootTimeoutMs } }) =>
    drainTimeoutMs === 0 || rebootTimeoutMs === 0 ? 0 : forEachNode(drainTimeoutMs + rebootTimeoutMs, nodes.length),
  typicalMs: 0,
  changes: () => [
    {
      verb: "change",
      kind: "Node",
      namespace: null,
      name: "each node",
      what: `cordoned, drained, restarted a second time, uncordoned; annotation ${restartMark} meanwhile`,
      rollback: null,
    },
  ],
  async observe(scope) {
    const present = await inHand(scope);
    return present === null ? done : waitsFor(scope, present);
  },
  async apply(scope) {
    const present = await inHand(scope);
    if (present !== null) await act(scope, present);
  },
  rollback: "point-of-no-return",
};

/** Once the round is recorded as done: without the marks it would begin again. */
export const forgetRound: SourceRunStep = {
  id: "rounds/forget-marks",
  before: "report",
  timeoutMs: 60_000,
  typicalMs: 0,
  changes: () => [],
  async observe({ ports }) {
    const [left] = (await ports.nodes.list()).filter(({ annotations }) => restartMark in annotations);
    if (left === undefined) return done;
    const params = { object: `Node ${left.name}`, field: `annotation ${restartMark}`, value: null };
    return { done: false, reason: reason("source-object", params, { object: theNode(left.name) }) };
  },
  async apply({ ports }) {
    for (const { name, annotations } of await ports.nodes.list())
      if (restartMark in annotations) await ports.nodes.removeAnnotations(name, [restartMark]);
  },
  rollback: "point-of-no-return",
};
