import type { PodCounts } from "../../engine/model/events.ts";
import type { Glyphs } from "../text/glyphs.ts";
import { drawn, type Span, span } from "../text/line.ts";

/** Shares of `columns` that sum up to it; what exists gets at least one column. */
function shares(counts: readonly number[], columns: number): readonly number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return counts.map(() => 0);
  const parts = counts.map((count) => (count === 0 ? 0 : Math.max(1, Math.round((count / total) * columns))));
  let excess = parts.reduce((sum, part) => sum + part, 0) - columns;
  while (excess !== 0) {
    const widest = parts.indexOf(Math.max(...parts));
    parts[widest] = (parts[widest] ?? 0) - Math.sign(excess);
    excess -= Math.sign(excess);
  }
  return parts;
}

/** Old, new and host pods as one bar; shapes differ, so that it reads without colour. */
export function podBar({ source, cilium, host, unknown }: PodCounts, columns: number, glyphs: Glyphs): readonly Span[] {
  const [old = 0, fresh = 0, rest = 0] = shares([source, cilium, host + unknown], columns);
  const empty = columns - old - fresh - rest;
  return [
    drawn(glyphs.old.repeat(old), "source"),
    drawn(glyphs.new.repeat(fresh), "cilium"),
    drawn(glyphs.host.repeat(rest), "quiet"),
    span(" ".repeat(empty)),
  ];
}
