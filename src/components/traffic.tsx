import type { PanelState } from "../store/panel-state.ts";
import { drawn, type Line, span } from "../store/text/line.ts";
import { pad } from "../store/text/width.ts";
import type { Layout } from "../store/views/layout.ts";
import { trafficLine, trafficLines } from "../store/views/traffic-lines.ts";
import type { Look } from "./look.ts";
import { Rows } from "./rows.tsx";

export interface TrafficProps {
  readonly state: PanelState;
  readonly region: NonNullable<Layout["traffic"]>;
  readonly look: Look;
}

/** The title row bears the heads of the columns below it. */
function heads(state: PanelState, width: number): Line {
  const { rule } = state.glyphs;
  const columns = `${pad("sent", 8, "left")} ${pad("lost", 6, "left")} ${pad("longest gap", 12, "left")}  last loss `;
  const used = 10 + columns.length;
  return [
    drawn(`${rule} `, "quiet"),
    span("Traffic ", "title"),
    span(columns, "quiet"),
    drawn(rule.repeat(Math.max(0, width - used)), "quiet"),
  ];
}

/** Connectivity between both sides while the nodes move: six paths, or all of them in one line. */
export function Traffic({ state, region, look }: TrafficProps) {
  const { width, height, form } = region;
  const lines =
    form === "line"
      ? [trafficLine(state, width)]
      : [heads(state, width), ...trafficLines(state, { columns: width, rows: height - 1 })];
  return <Rows lines={lines} width={width} height={height} look={look} />;
}
