import { countNodes, progress, remainingMs } from "../store/counts.ts";
import { progressBar } from "../store/glyphs.ts";
import { drawn, type Line, type Span, span } from "../store/line.ts";
import type { PanelState } from "../store/panel-state.ts";
import { roughly, wholeSeconds } from "../store/times.ts";
import { cutMiddle } from "../store/width.ts";
import { sourceName } from "../store/words.ts";

/** How fresh what is shown is. */
export function linkSpans({ run, closed, now, glyphs }: PanelState): readonly Span[] {
  if (closed !== null)
    return [span(run.outcome ? "engine ended " : `${glyphs.stale} detached `, run.outcome ? "quiet" : "bad")];
  const { state, since } = run.link;
  if (state === "live") return [span(`${glyphs.live} live `, "good")];
  if (state === "syncing") return [span(`${glyphs.stale} syncing `, "busy")];
  return [span(`${glyphs.stale} stale ${wholeSeconds(now - since)} `, "warn")];
}

/** Which cluster, from what to what. */
export function titleOf({ run, cluster, glyphs }: PanelState, columns: number): Line {
  const target = run.plan ? `${sourceName(run.plan.source.id)} ${glyphs.arrow} Cilium ${run.plan.cilium.version}` : "";
  const room = Math.max(8, columns - target.length - 32);
  return [
    span(" crossfade", "key"),
    span(`  ${cutMiddle(span(cluster).text, room)}`, "strong"),
    span(target === "" ? "" : `  ${target}`),
  ];
}

/** How far, in the direction the run goes. */
export function progressSpans(state: PanelState, columns: number): readonly Span[] {
  const { run, glyphs } = state;
  if (run.order.length === 0) return [];
  const { total, done } = countNodes(run);
  const fraction = progress(run);
  const bar = progressBar(fraction, columns >= 100 ? 30 : columns >= 76 ? 16 : 8, glyphs);
  const tone = run.direction === "forward" ? "cilium" : "source";
  return [
    drawn(bar.full, tone),
    drawn(bar.empty, "quiet"),
    span(` ${Math.floor(fraction * 100)}%`, "strong"),
    span(`  ${done}/${total} nodes `),
  ];
}

/** What becomes of the run when this panel goes; nothing where there is none to go on. */
function whenGone({ run, ownCluster }: PanelState): readonly string[] {
  if (run.outcome !== null || !run.plan) return [];
  if (ownCluster) return ["if you go: the demo ends"];
  return [run.whenLeft === "pause" ? "if you go: pauses" : "if you go: goes on"];
}

/** Time, estimate, what happens when this panel goes, and who runs it: as many as fit. */
export function factsOf(state: PanelState): Line {
  const { run, now, glyphs, view } = state;
  const facts: string[] = [];
  if (run.startedAt !== null) facts.push(`elapsed ${wholeSeconds((run.finishedAt ?? now) - run.startedAt)}`);
  const left = remainingMs(run, now);
  if (left !== null) facts.push(`${roughly(left)} ${run.asking || run.pace === "paused" ? "of work" : "left"}`);
  facts.push(...whenGone(state));
  if (run.runner) facts.push(`by ${run.runner.holder}`);
  const separator = ` ${glyphs.dot} `;
  const fitting = facts.filter((_, index) => facts.slice(0, index + 1).join(separator).length < view.size.columns);
  return [span(` ${fitting.join(separator)}`, "quiet")];
}
