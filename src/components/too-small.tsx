import { progress } from "../store/counts.ts";
import { leastSize } from "../store/layout.ts";
import { badge, type Line, span } from "../store/line.ts";
import type { PanelState } from "../store/panel-state.ts";
import { badgeOf, phaseOf } from "../store/phase.ts";
import type { Look } from "./look.ts";
import { Rows } from "./rows.tsx";

export interface TooSmallProps {
  readonly state: PanelState;
  readonly look: Look;
}

/** What still fits when the terminal is too small: that it goes on, how far it is, and what size is needed. */
export function TooSmall({ state, look }: TooSmallProps) {
  const { columns, rows } = state.view.size;
  const { word, tone } = badgeOf(state);
  const lines: readonly Line[] = [
    [badge(word, tone), span(` ${Math.floor(progress(state.run) * 100)}%`, "strong")],
    [span(phaseOf(state))],
    [span(`terminal too small: ${leastSize.columns}x${leastSize.rows} needed, this is ${columns}x${rows}`, "quiet")],
    [span("the run is not affected; q leaves", "quiet")],
  ];
  return <Rows lines={lines.slice(0, rows)} width={columns} height={Math.min(rows, lines.length)} look={look} />;
}
