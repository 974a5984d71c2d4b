import type { Act } from "../decide/act.ts";
import { decide } from "../decide/decide.ts";
import { nodeInHand, nodesIn } from "../decide/nodes-of-run.ts";
import { judgeDrain } from "../drain/judge.ts";
import { migrationLabel } from "../model/cilium-names.ts";
import type { NodeFacts } from "../model/facts.ts";
import { fold } from "../model/fold.ts";
import { beforeOf, type NodeState } from "../model/node-state.ts";
import { type Note, note } from "../model/notes/note.ts";
import { nodeStepsOf, type Planned } from "../model/plan/step-order.ts";
import type { LockState } from "../model/ports/lock.ts";
import type { Ports } from "../model/ports/ports.ts";
import type { NodeRecord, RunRecord } from "../model/ports/records.ts";
import { type MigrationState, nothingYet } from "../model/state.ts";
import { recall } from "./recording.ts";

/** What whoever takes a run up sees before it touches anything. */
export interface ResumeSummary {
  readonly record: RunRecord;
  readonly nodeRecords: Readonly<Record<string, NodeRecord>>;
  /** As it was before it was taken; null when it had been given back. */
  readonly lock: LockState | null;
  readonly nodes: readonly NodeFacts[];
  /** Pods that are still to leave the node in hand; null where that is not the question. */
  readonly podsToLeave: number | null;
  /** What helm says of the release while a step of the run is in hand; null when there is none. */
  readonly release: string | null;
  readonly at: number;
}

type InHand = Extract<NodeState, { readonly phase: "migrating" | "rolling-back" }>;

const stateOf = ({ record, nodeRecords, at }: Pick<ResumeSummary, "record" | "nodeRecords" | "at">): MigrationState =>
  recall(record, nodeRecords, at).reduce(fold, nothingYet);

function isDraining(state: NodeState, plan: Planned): boolean {
  if (state.phase !== "migrating") return false;
  const steps = nodeStepsOf(plan);
  const at = steps.indexOf(state.step);
  return at >= steps.indexOf("drain") && at <= steps.indexOf("reboot");
}

const stepInHand = ({ started, stepsDone }: RunRecord): string | null =>
  started.find((step) => step !== "nodes" && !(step in stepsDone)) ?? null;

/** The sentence says less where something could not be asked; it stops nobody. */
const ifKnown = <T>(asked: Promise<T>): Promise<T | null> => asked.catch(() => null);

async function podsToLeave(ports: Ports, { plan }: RunRecord, node: string): Promise<number> {
  const [pods, workloads] = [await ports.pods.on(node), await ports.workloads.list()];
  return judgeDrain(pods, workloads, plan.options).leave.length;
}

/** Looks at what matters for where the run goes on; changes nothing. */
export async function resumeSummary(ports: Ports, record: RunRecord, lock: LockState | null): Promise<ResumeSummary> {
  const at = ports.clock.now();
  const nodeRecords = await ports.records.nodeRecords();
  const hand = nodeInHand(stateOf({ record, nodeRecords, at }));
  const helms = hand === null && stepInHand(record) !== null;
  return {
    record,
    nodeRecords,
    lock,
    nodes: await ports.nodes.list(),
    podsToLeave:
      hand && isDraining(hand.state, record.plan) ? await ifKnown(podsToLeave(ports, record, hand.name)) : null,
    release: helms ? ((await ifKnown(ports.installer.release()))?.status ?? null) : null,
    at,
  };
}

/** Who left it, and how long ago that engine was last heard of. */
const leftBy = ({ lock, at }: ResumeSummary) => ({
  holder: lock?.holder ?? null,
  heardAgoMs: lock === null ? null : Math.max(0, at - lock.renewedAt),
});

function drained(state: InHand, podsLeft: number | null): readonly string[] {
  if (podsLeft === null) return [];
  if (podsLeft === 0) return ["drained"];
  return state.phase === "migrating" && state.step === "drain" ? ["half-drained"] : [];
}

/** What is true of the node in hand, each by a name. */
function seenOf(state: InHand, facts: NodeFacts | undefined, podsLeft: number | null): readonly string[] {
  if (!facts) return ["gone"];
  const before = beforeOf(state);
  return [
    facts.cordoned ? "cordoned" : "uncordoned",
    ...drained(state, podsLeft),
    ...(facts.labels[migrationLabel] === undefined ? [] : ["labelled"]),
    ...(before !== null && before.bootId !== facts.bootId ? ["rebooted"] : []),
    ...(facts.ready ? [] : ["not-ready"]),
  ];
}

function nodeFound(found: ResumeSummary, node: string, state: InHand): Note {
  const facts = found.nodes.find(({ name }) => name === node);
  const back = state.phase === "rolling-back" ? ["rolling-back"] : [];
  const podsLeft = facts && found.podsToLeave !== null && found.podsToLeave > 0 ? found.podsToLeave : null;
  const seen = [...seenOf(state, facts, found.podsToLeave), ...back];
  return note("node-found", { node, step: state.step, seen, podsLeft, ...leftBy(found) });
}

/** On what the act is: a node, a step, a consent, or how the run ends. */
function ofAct(act: Act): string {
  switch (act.do) {
    case "run-step":
      return act.step;
    case "move-node":
    case "retry-node":
    case "rollback-node":
    case "defer-node":
      return act.node;
    case "ask":
      return act.consent;
    case "finish":
      return act.outcome;
    case "stand-still":
    case "wait":
      return "";
    default:
      return act satisfies never;
  }
}

const goesOn = (act: Act) => ({ next: act.do, of: ofAct(act), waitsFor: act.do === "wait" ? act.reason : null });

/** What was found, who left it, and where the run goes on. From records and observations, nothing guessed. */
export function foundNote(found: ResumeSummary): Note {
  const { record, release, nodes } = found;
  const state = stateOf(found);
  const hand = nodeInHand(state);
  if (hand && (hand.state.phase === "migrating" || hand.state.phase === "rolling-back"))
    return nodeFound(found, hand.name, hand.state);
  const { act } = decide(state, new Map(nodes.map(({ name, ready }) => [name, { ready }])));
  const rest = { ...leftBy(found), ...goesOn(act) };
  const step = stepInHand(record);
  if (step !== null) return note("step-found", { step, release: release === "deployed" ? null : release, ...rest });
  const deferred = nodesIn(state, "deferred").map(({ name }) => name);
  const migrated = Object.values(found.nodeRecords).filter((node) => node.state.phase === "migrated").length;
  return note("run-found", { migrated, nodes: state.order.length, deferred, ...rest });
}
