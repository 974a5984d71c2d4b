import type { EngineEvent } from "../../src/engine/model/events.ts";
import { fold } from "../../src/engine/model/fold.ts";
import type { MigrationState } from "../../src/engine/model/state.ts";
import type { PanelState } from "../../src/store/panel-state.ts";
import { span } from "../../src/store/text/line.ts";
import { type Speakers, speakers } from "./shown.ts";

export interface Planted {
  readonly name: string;
  readonly speakers: Speakers;
}

const lie = (name: string, change: Partial<Speakers>): Planted => ({ name, speakers: { ...speakers, ...change } });

/** The fold, with something of the state before kept that the event ends. */
const keeping =
  (kept: (before: MigrationState, after: MigrationState, event: EngineEvent) => Partial<MigrationState>) =>
  (before: MigrationState, event: EngineEvent): MigrationState => {
    const after = fold(before, event);
    return { ...after, ...kept(before, after, event) };
  };

/** The estimate as 0.1.0 made it: the wall time of moved nodes is taken for work. */
function byWallTime(started: Map<string, number>): Pick<Speakers, "fold"> {
  return {
    fold(state, event) {
      if (event.type === "node-step-started" && event.step === "precheck") started.set(event.node, event.at);
      if (event.type !== "node-migrated") return fold(state, event);
      return fold(state, { ...event, workedMs: event.at - (started.get(event.node) ?? event.at) });
    },
  };
}

/** Untruths that 0.1.0 told or that lie near; each must be found by some run. */
export const planted: readonly Planted[] = [
  lie("a paused node keeps what its step waited for", {
    fold: keeping((before, after, event) =>
      event.type === "pace-changed"
        ? { hold: before.hold, nodes: event.pace === "paused" ? before.nodes : after.nodes }
        : {},
    ),
  }),
  lie("PAUSED while a rollback evicts", {
    badge: (state) => (state.run.outcome === null && state.run.pace === "paused" ? "PAUSED" : speakers.badge(state)),
  }),
  lie("planned between two steps", {
    phase: (state) => (speakers.phase(state).startsWith("next:") ? "planned" : speakers.phase(state)),
  }),
  lie("the bar counts nodes only", {
    bar: ({ order, nodes }) =>
      order.length === 0 ? 0 : order.filter((name) => nodes[name]?.state.phase === "migrated").length / order.length,
  }),
  lie("the estimate takes pauses for work", byWallTime(new Map())),
  lie("nothing lost on six paths, sampled or not", {
    traffic: (state) => speakers.traffic(state).replace(/nothing lost on \d of 6/, "nothing lost on 6 of 6"),
  }),
  lie("the last step goes on after the end", {
    report: (events) => speakers.report(events).map((line) => line.replace(": stopped", ": doing")),
  }),
  lie("status ends with 0 while a consent is waited for", {
    exitCode: (report) => (report.run?.asking === null ? speakers.exitCode(report) : 0),
  }),
  lie("the consent is called for after it was given", {
    fold: keeping((before, _after, event) => (event.type === "consent-given" ? { asking: before.asking } : {})),
  }),
  lie("an agent that is not there is not ready", {
    details: (state, node, width) =>
      speakers
        .details(state, node, width)
        .map((line) => line.map(({ text, tone }) => span(text.replace("no agent", "agent not ready"), tone))),
  }),
  lie("a node moves on the screen of an engine that died", {
    row: (state, node, columns, selected) =>
      speakers.row({ ...state, closed: null } satisfies PanelState, node, columns, selected),
  }),
  lie("a failed step of the run still runs", {
    badge: (state) => (speakers.badge(state) === "WAITING" ? "RUNNING" : speakers.badge(state)),
  }),
  lie("the clock of a wait began with the run", {
    why: (state) => speakers.why(withOldHolds(state)),
  }),
  lie("the report leaves out who gave the last consent", {
    report: (events) => speakers.report(events).filter((line) => !line.includes('gave consent "nodes"')),
  }),
];

function withOldHolds(state: PanelState): PanelState {
  const nodes = Object.fromEntries(
    Object.entries(state.run.nodes).map(([name, node]) => [
      name,
      node.hold === null ? node : { ...node, hold: { ...node.hold, since: state.run.startedAt ?? 0 } },
    ]),
  );
  return { ...state, run: { ...state.run, nodes } };
}
