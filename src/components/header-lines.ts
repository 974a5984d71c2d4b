import type { PanelState } from "../store/panel-state.ts";
import { roughly, wholeSeconds } from "../store/text/durations.ts";
import { progressBar } from "../store/text/glyphs.ts";
import { badge, drawn, type Line, lineWidth, type Span, span } from "../store/text/line.ts";
import { timeOfDay } from "../store/text/times.ts";
import { cutMiddle } from "../store/text/width.ts";
import { sourceName } from "../store/text/words.ts";
import { countNodes, inMotion, progress, remainingMs } from "../store/views/counts.ts";

const tlsBadges: Readonly<Record<PanelState["tls"], readonly Span[]>> = {
  verified: [],
  unverified: [badge("TLS unverified", "warn"), span(" ")],
  none: [badge("no TLS", "warn"), span(" ")],
};

/** That whoever is on the way may answer in the API server's place; then how fresh what is shown is. */
export const connectionSpans = (state: PanelState): readonly Span[] => [...tlsBadges[state.tls], ...linkSpans(state)];

/** How fresh what is shown is. */
function linkSpans({ run, closed, now, glyphs, watching }: PanelState): readonly Span[] {
  if (closed !== null)
    return [span(run.outcome ? "engine ended " : `${glyphs.stale} detached `, run.outcome ? "quiet" : "bad")];
  const { state, since } = run.link;
  if (state === "live") return [span(`${glyphs.live} ${watching ? "watching" : "live"} `, "good")];
  if (state === "syncing") return [span(`${glyphs.stale} syncing `, "busy")];
  return [span(`${glyphs.stale} stale ${wholeSeconds(now - since)} `, "warn")];
}

/** Which cluster, from what to what. */
export function titleOf({ run, cluster, glyphs, tls }: PanelState, columns: number): Line {
  const target = run.plan ? `${sourceName(run.plan.source)} ${glyphs.arrow} Cilium ${run.plan.cilium.version}` : "";
  const room = Math.max(8, columns - target.length - 32 - lineWidth(tlsBadges[tls]));
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
function whenGone({ run, ownCluster, watching }: PanelState): string | null {
  if (run.outcome !== null || !run.plan) return null;
  if (watching) return "you watch";
  if (ownCluster) return "if you go: the demo ends";
  return run.whenLeft === "pause" ? "if you go: pauses" : "if you go: goes on";
}

/** Who has the run, from where and since when. */
export function runnerWords({ run: { runner }, zone }: PanelState): string | null {
  if (!runner) return null;
  if (runner.lease === "free") return "no runner";
  const lost = runner.lease === "expired" ? ", lease expired" : "";
  return `by ${runner.holder} since ${timeOfDay(runner.since, zone).slice(0, 5)}${lost}`;
}

/** Elapsed time, estimate, what happens when this panel goes, and who runs it. Where not all fit, the first ones go. */
export function factsOf(state: PanelState): Line {
  const { run, now, glyphs, view } = state;
  const left = remainingMs(run);
  const facts = [
    run.startedAt === null ? null : `elapsed ${wholeSeconds((run.finishedAt ?? now) - run.startedAt)}`,
    left === null ? null : `${roughly(left)} ${inMotion(state) ? "left" : "of work"}`,
    whenGone(state),
    runnerWords(state),
  ].filter((fact) => fact !== null);
  const separator = ` ${glyphs.dot} `;
  while (facts.length > 1 && facts.join(separator).length >= view.size.columns) facts.shift();
  return [span(` ${facts.join(separator)}`, "quiet")];
}
