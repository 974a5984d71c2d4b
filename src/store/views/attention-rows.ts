import type { PanelState } from "../panel-state.ts";
import { span } from "../text/line.ts";
import { wrap } from "../text/width.ts";
import { type Attention, attentionOf } from "./attention.ts";

/** What stands still is said in as many more rows as this, so that what to do is not cut. */
const mostMoreRows = 3;
const least = { withFacts: 2, without: 1 } as const;

const whole = ({ text, remedy }: Attention): string => span(remedy === "" ? text : `${text} — ${remedy}`).text;

let last: { readonly state: PanelState; readonly facts: boolean; readonly rows: number } | null = null;

/** Rows that the sentence takes: what moves by itself keeps its place, what waits for a person is shown whole. */
export function attentionRows(state: PanelState, facts: boolean): number {
  if (last?.state === state && last.facts === facts) return last.rows;
  const fewest = facts ? least.withFacts : least.without;
  const attention = attentionOf(state);
  const needed = attention.spins ? fewest : wrap(whole(attention), state.view.size.columns - 1).length;
  const rows = Math.max(fewest, Math.min(needed, fewest + mostMoreRows));
  last = { state, facts, rows };
  return rows;
}

/** The sentence in as many rows as there are. What a person must do is the last thing that is cut. */
export function attentionParts(attention: Attention, room: number, rows: number): readonly string[] {
  const parts = wrap(whole(attention), room);
  if (parts.length <= rows) return parts;
  if (rows === 1 || attention.remedy === "" || attention.spins)
    return [...parts.slice(0, rows - 1), parts.slice(rows - 1).join(" ")];
  const remedy = wrap(span(attention.remedy).text, room).slice(0, rows - 1);
  const text = wrap(span(attention.text).text, room);
  const kept = rows - remedy.length;
  return [...text.slice(0, kept - 1), text.slice(kept - 1).join(" "), ...remedy];
}
