import type { Act } from "../decide/act.ts";
import { decide } from "../decide/decide.ts";
import { nodeInHand, nodesIn } from "../decide/nodes-of-run.ts";
import { judgeDrain } from "../drain/judge.ts";
import { migrationLabel } from "../model/cilium-names.ts";
import type { NodeFacts } from "../model/facts.ts";
import { fold } from "../model/fold.ts";
import { beforeOf, type NodeState } from "../model/node-state.ts";
import { nodeStepsOf, type Planned } from "../model/plan/step-order.ts";
import type { LockState } from "../model/ports/lock.ts";
import type { Ports } from "../model/ports/ports.ts";
import type { NodeRecord, RunRecord } from "../model/ports/records.ts";
import type { Reason } from "../model/reason.ts";
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

function ago(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  if (hours > 0) return `${hours}h${minutes}m`;
  return minutes > 0 ? `${minutes}m${seconds % 60}s` : `${seconds}s`;
}

/** An engine that is not heard of any more may be dead or cut off: which of the two cannot be told from here. */
function leftBy({ lock, at }: ResumeSummary): string {
  if (lock === null) return "by an engine that released the lease";
  return `by an engine last heard of ${ago(at - lock.renewedAt)} ago (${lock.holder})`;
}

function drained(state: NodeState, pods: number | null): readonly string[] {
  if (pods === null) return [];
  if (pods === 0) return ["drained"];
  const left = `${pods} ${pods === 1 ? "pod" : "pods"} still to leave`;
  return [state.phase === "migrating" && state.step === "drain" ? `half drained, ${left}` : left];
}

function condition(state: InHand, facts: NodeFacts | undefined, pods: number | null): string {
  if (!facts) return "gone from the cluster";
  const before = beforeOf(state);
  const seen = [
    facts.cordoned ? "cordoned" : "not cordoned",
    ...drained(state, pods),
    ...(facts.labels[migrationLabel] === undefined ? [] : ["labelled for Cilium"]),
    ...(before !== null && before.bootId !== facts.bootId ? ["rebooted since"] : []),
    ...(facts.ready ? [] : ["not Ready"]),
  ];
  return seen.join(", ");
}

const verbs = { migrating: "", "rolling-back": ", on its way back" } as const;

function nodeFound(found: ResumeSummary, name: string, state: InHand): string {
  const facts = found.nodes.find((node) => node.name === name);
  const where = `left ${leftBy(found)}; going on at step ${state.step}`;
  return `found: ${name} ${condition(state, facts, found.podsToLeave)}${verbs[state.phase]}, ${where}`;
}

function next(act: Act): string {
  switch (act.do) {
    case "run-step":
      return `going on with step ${act.step}`;
    case "move-node":
      return `going on with ${act.node}`;
    case "retry-node":
      return `trying ${act.node} again`;
    case "rollback-node":
      return `taking ${act.node} back`;
    case "defer-node":
      return `setting ${act.node} aside, which is not Ready`;
    case "ask":
      return `it waits for the consent "${act.consent}"`;
    case "stand-still":
      return "it pauses here";
    case "wait":
      return "it waits";
    case "finish":
      return `all is done: it ends ${act.outcome}`;
    default:
      return act satisfies never;
  }
}

/** A sentence that ends in what is waited for, where the run waits. */
export interface FoundSentence {
  readonly text: string;
  readonly waitsFor?: Reason;
}

/** One sentence: what was found, who left it, and where the run goes on. From records and observations, nothing guessed. */
export function resumeSentence(found: ResumeSummary): FoundSentence {
  const { record, release, nodes } = found;
  const state = stateOf(found);
  const hand = nodeInHand(state);
  if (hand && (hand.state.phase === "migrating" || hand.state.phase === "rolling-back"))
    return { text: nodeFound(found, hand.name, hand.state) };
  const { act } = decide(state, new Map(nodes.map(({ name, ready }) => [name, { ready }])));
  const waited = act.do === "wait" ? { waitsFor: act.reason } : {};
  const step = stepInHand(record);
  if (step !== null) {
    const helm = release === null || release === "deployed" ? "" : `, its Helm release ${release}`;
    return { text: `found: step ${step} begun and not done${helm}, left ${leftBy(found)}; ${next(act)}`, ...waited };
  }
  const aside = nodesIn(state, "deferred").map(({ name }) => name);
  const half = aside.length > 0 ? `${aside.join(", ")} set aside on the way back` : "none in the middle of a move";
  const moved = Object.values(found.nodeRecords).filter(
    ({ state: nodeState }) => nodeState.phase === "migrated",
  ).length;
  const text = `found: ${moved} of ${state.order.length} nodes migrated and ${half}, left ${leftBy(found)}; ${next(act)}`;
  return { text, ...waited };
}
