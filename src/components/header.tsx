import { Box, Text } from "ink";
import Spinner from "ink-spinner";
import { type Attention, attentionOf } from "../store/attention.ts";
import { countNodes, progress, remainingMs } from "../store/counts.ts";
import { progressBar } from "../store/glyphs.ts";
import { badge, type Line, type Span, span, spread } from "../store/line.ts";
import type { PanelState } from "../store/panel-state.ts";
import { badgeOf, phaseOf } from "../store/phase.ts";
import { roughly, wholeSeconds } from "../store/times.ts";
import { cut, cutMiddle, widthOf, wrap } from "../store/width.ts";
import { sourceName } from "../store/words.ts";
import type { Look } from "./look.ts";
import { Row } from "./row.tsx";

/** The slowest of its kind, and plain ASCII: one small write each 400 ms while something is waited for. */
const spinnerColumns = 4;

export interface HeaderProps {
  readonly state: PanelState;
  readonly look: Look;
  readonly rows: 3 | 5;
}

function linkSpans({ run, closed, now, glyphs }: PanelState): readonly Span[] {
  if (closed !== null)
    return [span(run.outcome ? "engine ended " : `${glyphs.stale} detached `, run.outcome ? "quiet" : "bad")];
  const { state, since } = run.link;
  if (state === "live") return [span(`${glyphs.live} live `, "good")];
  if (state === "syncing") return [span(`${glyphs.stale} syncing `, "busy")];
  return [span(`${glyphs.stale} stale ${wholeSeconds(now - since)} `, "warn")];
}

function titleOf({ run, cluster, glyphs }: PanelState, columns: number): Line {
  const target = run.plan ? `${sourceName(run.plan.source.id)} ${glyphs.arrow} Cilium ${run.plan.cilium.version}` : "";
  const room = Math.max(8, columns - target.length - 32);
  return [
    span(" crossfade", "key"),
    span(`  ${cutMiddle(span(cluster).text, room)}`, "strong"),
    span(target === "" ? "" : `  ${target}`),
  ];
}

function progressSpans(state: PanelState, columns: number): readonly Span[] {
  const { run, glyphs } = state;
  if (run.order.length === 0) return [];
  const { total, done } = countNodes(run);
  const fraction = progress(run);
  const bar = progressBar(fraction, columns >= 100 ? 30 : columns >= 76 ? 16 : 8, glyphs);
  const tone = run.direction === "forward" ? "cilium" : "source";
  return [
    span(bar.full, tone),
    span(bar.empty, "quiet"),
    span(` ${Math.floor(fraction * 100)}%`, "strong"),
    span(`  ${done}/${total} nodes `),
  ];
}

function factsOf(state: PanelState): Line {
  const { run, now, glyphs, view } = state;
  const facts: string[] = [];
  if (run.startedAt !== null) facts.push(`elapsed ${wholeSeconds((run.finishedAt ?? now) - run.startedAt)}`);
  const left = remainingMs(run, now);
  if (left !== null) facts.push(`${roughly(left)} ${run.asking || run.pace === "paused" ? "of work" : "left"}`);
  if (run.outcome === null && run.plan) {
    facts.push(run.whenLeft === "pause" ? "if you go: pauses" : "if you go: goes on");
  }
  if (run.runner) facts.push(`by ${run.runner.holder}`);
  const separator = ` ${glyphs.dot} `;
  const fitting = facts.filter((_, index) => facts.slice(0, index + 1).join(separator).length < view.size.columns);
  return [span(` ${fitting.join(separator)}`, "quiet")];
}

interface AttentionLinesProps {
  readonly attention: Attention;
  readonly columns: number;
  readonly rows: number;
  readonly look: Look;
}

/** The sentence in as many rows as there are; what to do about it is never the part that is cut. */
function foldAttention({ text, remedy }: Attention, room: number, rows: number): readonly string[] {
  const whole = remedy === "" ? text : `${text} — ${remedy}`;
  const parts = wrap(span(whole).text, room);
  if (parts.length <= rows) return parts;
  if (rows === 1) return [whole];
  return remedy === "" ? [...parts.slice(0, rows - 1), parts.slice(rows - 1).join(" ")] : [text, remedy];
}

function AttentionLines({ attention, columns, rows, look }: AttentionLinesProps) {
  const room = columns - 1 - (attention.spins ? spinnerColumns : 0);
  const lines = foldAttention(attention, room, rows);
  const last = span(cut(span(lines.at(-1) ?? "").text, room), attention.tone);
  return (
    <Box flexDirection="column" height={rows}>
      {lines.slice(0, -1).map((text) => (
        <Row key={text} line={[span(` ${text}`, attention.tone)]} width={columns} look={look} />
      ))}
      <Box>
        <Row line={[span(" "), last]} width={1 + widthOf(last.text)} look={look} />
        {attention.spins && (
          <Text dimColor={look.colour}>
            {" "}
            <Spinner type="simpleDots" />
          </Text>
        )}
      </Box>
    </Box>
  );
}

/** What stands on every screen: which cluster, where to, how far, and the one sentence that says why it waits. */
export function Header({ state, look, rows }: HeaderProps) {
  const { columns } = state.view.size;
  const { word, tone } = badgeOf(state);
  return (
    <Box flexDirection="column" height={rows} flexShrink={0}>
      <Row line={spread(titleOf(state, columns), linkSpans(state), columns)} width={columns} look={look} />
      <Row
        line={spread(
          [span(" "), badge(word, tone), span(` ${phaseOf(state)}`)],
          progressSpans(state, columns),
          columns,
        )}
        width={columns}
        look={look}
      />
      {rows === 5 && <Row line={factsOf(state)} width={columns} look={look} />}
      <AttentionLines attention={attentionOf(state)} columns={columns} rows={rows === 5 ? 2 : 1} look={look} />
    </Box>
  );
}
