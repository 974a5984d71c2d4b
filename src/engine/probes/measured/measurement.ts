import type { Flow, LossBudget, LossVerdict } from "../../model/probing/flow.ts";
import type { FlowCount, HeldEvent, ProberLine } from "../../model/probing/prober-line.ts";
import { type Breakdown, breakdownOf } from "./breakdown.ts";
import { type Disturbances, type DisturbedNow, undisturbed, unexplained, withLook } from "./disturbances.ts";
import {
  afterCount,
  afterEnd,
  afterHole,
  type Baseline,
  baselineOf,
  type FlowHistory,
  newHistory,
  type Told,
} from "./flow-history.ts";
import { judgeLoss } from "./loss-budget.ts";
import { following, type StreamState } from "./prober-clock.ts";

/** A long-lived connection that broke. */
export interface BrokenConnection {
  readonly flow: Flow;
  readonly at: number;
  readonly heldMs: number;
  readonly why: string;
  /** The reason that the run gave for it; "" where it gave none. */
  readonly expected: string;
}

/** Lists of targets of one prober that lines may still speak of: one that is new reaches it a little later. */
const mostGenerations = 3;
const mostBroken = 256;
/** Flows that are asked no more are kept for the sums, without their last minutes; of more the oldest are forgotten. */
const mostRetired = 50_000;

const pairKey = ({ from, id }: Flow) => `${from} ${id}`;
const flowKey = (flow: Flow) => `${pairKey(flow)} ${flow.path}`;

type ById = ReadonlyMap<string, Flow>;

/** All that was measured in a run so far: takes what the probers say, gives sums and the verdict. It reads no clock and asks nobody. */
export class Measurement {
  #log: Disturbances = undisturbed;
  readonly #streams = new Map<string, StreamState>();
  /** Node → generation → targets, newest last. */
  readonly #asked = new Map<string, ReadonlyMap<string, ById>>();
  readonly #live = new Map<string, FlowHistory>();
  readonly #retired = new Map<string, FlowHistory>();
  readonly #baselines = new Map<string, Baseline>();
  #broken: readonly BrokenConnection[] = [];

  /** What the run disturbs now. To be told whenever that changes, before the lines of that time are read. */
  look(at: number, now: DisturbedNow): void {
    this.#log = withLook(this.#log, at, now);
  }

  /** A prober was given other targets, under a name for the list. None: it asks no more. */
  asked(node: string, generation: string, flows: readonly Flow[]): void {
    const known = [...(this.#asked.get(node) ?? [])].filter(([name]) => name !== generation);
    const next = new Map([...known, [generation, new Map(flows.map((flow) => [flow.id, flow]))] as const]);
    this.#asked.set(node, new Map([...next].slice(-mostGenerations)));
    const wanted = new Set(flows.map(flowKey));
    for (const [key, history] of this.#live)
      if (history.flow.from === node && !wanted.has(key)) this.#retire(key, history);
    for (const flow of flows) if (!this.#live.has(flowKey(flow))) this.#begin(flow);
  }

  #begin(flow: Flow): void {
    const key = flowKey(flow);
    this.#live.set(key, this.#retired.get(key) ?? newHistory(flow, this.#baselines.get(pairKey(flow)) ?? null));
    this.#retired.delete(key);
  }

  #retire(key: string, history: FlowHistory): void {
    this.#live.delete(key);
    this.#retired.set(key, { ...afterEnd(history, this.#log), buckets: [] });
    if (this.#retired.size > mostRetired) this.#retired.delete(this.#retired.keys().next().value ?? "");
  }

  #ofNode(node: string, change: (history: FlowHistory) => FlowHistory): void {
    for (const [key, history] of this.#live) if (history.flow.from === node) this.#live.set(key, change(history));
  }

  /** One line of a prober; lines that were read before change nothing. */
  take(line: ProberLine, receivedAt: number): void {
    const next = following(this.#streams.get(line.me) ?? null, line, receivedAt);
    if (next.is === "known") return;
    this.#streams.set(line.me, next.stream);
    if (next.is === "restarted") this.#ofNode(line.me, (history) => afterEnd(history, this.#log));
    if (next.missedLines > 0) this.#ofNode(line.me, (history) => afterHole(history, next.missedLines * 1_000));
    const { clockMs } = next.stream;
    const told: Told = { at: line.at + clockMs, clockMs, stallMs: line.stallMs };
    const flows = this.#asked.get(line.me)?.get(line.generation);
    for (const count of line.flows) this.#count(flows?.get(count.id), count, told);
    for (const event of line.events) this.#event(flows?.get(event.id), event, clockMs);
  }

  #count(flow: Flow | undefined, count: FlowCount, told: Told): void {
    if (flow === undefined) return;
    const key = flowKey(flow);
    const history = this.#live.get(key);
    if (history) this.#live.set(key, afterCount(history, count, told, this.#log));
    // The last words of a flow that is asked no more.
    const retired = this.#retired.get(key);
    if (retired) this.#retired.set(key, { ...afterCount(retired, count, told, this.#log), buckets: [] });
  }

  #event(flow: Flow | undefined, { what, at, heldMs, why }: HeldEvent, clockMs: number): void {
    if (flow === undefined || what !== "broken") return;
    const then = at + clockMs;
    const { longestMs, why: expected } = unexplained(this.#log, flow, then, then + 1);
    const broken = { flow, at: then, heldMs, why, expected: longestMs > 0 ? "" : expected };
    this.#broken = [...this.#broken, broken].slice(-mostBroken);
  }

  /** What was measured until now is what each pair is held against from now on. */
  endBaseline(): void {
    for (const [key, history] of this.#live) {
      const baseline = baselineOf(history);
      this.#baselines.set(pairKey(history.flow), baseline);
      this.#live.set(key, { ...newHistory(history.flow, baseline), toldAt: history.toldAt, open: history.open });
    }
  }

  /** `since`: when a person last decided to go on, or null. */
  judge(budget: LossBudget, when: { readonly now: number; readonly since?: number | null }): LossVerdict {
    const verdict = judgeLoss([...this.#live.values()], this.#log, budget, when);
    const gone = [...this.#retired.values()].filter(({ closed }) => closed.length > 0);
    const trespasses = [...verdict.trespasses, ...judgeLoss(gone, this.#log, budget, when).trespasses];
    return { ...verdict, trespasses, is: trespasses.length > 0 ? "exceeded" : verdict.is };
  }

  get histories(): readonly FlowHistory[] {
    return [...this.#live.values(), ...this.#retired.values()];
  }

  get broken(): readonly BrokenConnection[] {
    return this.#broken;
  }

  sums(): Breakdown {
    return breakdownOf(this.histories);
  }
}
