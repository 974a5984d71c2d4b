import { reportLines } from "../../src/commands/report.ts";
import { statusLines } from "../../src/commands/status/status-lines.ts";
import { type StatusReport, statusReport } from "../../src/commands/status/status-report.ts";
import { exitCodeOfStatus } from "../../src/commands/status.ts";
import { factsOf } from "../../src/components/header-lines.ts";
import type { EngineEvent } from "../../src/engine/model/events.ts";
import { fold } from "../../src/engine/model/fold.ts";
import type { MigrationState } from "../../src/engine/model/state.ts";
import { newsOf } from "../../src/engine/observers/news.ts";
import { withNews } from "../../src/store/news.ts";
import type { PanelState } from "../../src/store/panel-state.ts";
import { textOf } from "../../src/store/text/line.ts";
import { type Attention, attentionOf } from "../../src/store/views/attention.ts";
import { progress, remainingMs } from "../../src/store/views/counts.ts";
import { detailsLines } from "../../src/store/views/details-lines.ts";
import { nodeColumns } from "../../src/store/views/node-columns.ts";
import { nodeLine } from "../../src/store/views/node-row.ts";
import { badgeOf, phaseOf } from "../../src/store/views/phase.ts";
import { trafficLine } from "../../src/store/views/traffic-lines.ts";
import type { SimulatedCluster } from "./simulated-cluster.ts";

/** All through which the run reaches a person; a planted untruth takes the place of one of them. */
export const speakers = {
  fold: (state: MigrationState, event: EngineEvent): MigrationState => fold(state, event),
  news: withNews,
  badge: (state: PanelState): string => badgeOf(state).word,
  phase: phaseOf,
  why: attentionOf,
  bar: (run: MigrationState): number => progress(run),
  estimate: (run: MigrationState): number | null => remainingMs(run),
  facts: (state: PanelState): string => textOf(factsOf(state)),
  traffic: (state: PanelState): string => textOf(trafficLine(state, 60)),
  details: detailsLines,
  row: nodeLine,
  status: statusReport,
  exitCode: exitCodeOfStatus,
  report: reportLines,
};

export type Speakers = typeof speakers;

export interface ShownNode {
  readonly name: string;
  readonly row: string;
  /** The row's part that moves: a step at work. */
  readonly busy: boolean;
  readonly details: readonly string[];
  /** A step of the details is drawn as the one at work. */
  readonly stepAtWork: boolean;
}

/** Everything that is told of a run at one moment. */
export interface Shown {
  readonly badge: string;
  readonly phase: string;
  readonly why: Attention;
  readonly bar: number;
  readonly estimate: number | null;
  readonly facts: string;
  readonly traffic: string;
  readonly nodes: readonly ShownNode[];
  readonly lastLog: string;
  /** Null while nothing is recorded: then there is no run to tell of. */
  readonly status: StatusReport | null;
  readonly statusText: string;
  readonly exitCode: number;
}

function shownNodes(by: Speakers, state: PanelState): readonly ShownNode[] {
  const columns = nodeColumns(state.run, 200);
  const turn = Math.floor(state.now / 1_000) % Math.max(1, state.run.order.length);
  return state.run.order.flatMap((name, index) => {
    const node = state.run.nodes[name];
    if (!node) return [];
    const row = by.row(state, node, columns, false);
    // The details of those in hand and of one other at a time, which is what a person looks at.
    const open = index === turn || node.state.phase === "migrating" || node.state.phase === "rolling-back";
    const details = open ? by.details({ ...state, news: [] }, node, 100) : [];
    return [
      {
        name,
        row: textOf(row),
        busy: row.at(-1)?.tone === "busy",
        details: details.map(textOf),
        stepAtWork: details.some((line) => line[0]?.tone === "busy" && line[0].text.includes(state.glyphs.doing)),
      },
    ];
  });
}

/** As the panel and `crossfade status` tell it now. */
export function shown(by: Speakers, state: PanelState, cluster: SimulatedCluster): Shown {
  const { run } = state;
  const news = newsOf(run, state.now);
  const status =
    cluster.record === null
      ? null
      : by.status(
          { record: cluster.record, nodeRecords: cluster.nodeRecords, lock: cluster.lock() },
          { ...news, holder: cluster.holder ?? "" },
        );
  return {
    badge: by.badge(state),
    phase: by.phase(state),
    why: by.why(state),
    bar: by.bar(run),
    estimate: by.estimate(run),
    facts: by.facts(state),
    traffic: by.traffic(state),
    nodes: shownNodes(by, state),
    lastLog: state.news.at(-1)?.text ?? "",
    status,
    statusText: status === null ? "" : statusLines(status).join("\n"),
    exitCode: status === null ? 0 : by.exitCode(status),
  };
}
