import { Box } from "ink";
import type { PanelState } from "../store/panel-state.ts";
import { drawn, type Line } from "../store/text/line.ts";
import { type Layout, type Region, separatorColumns } from "../store/views/layout.ts";
import { Details } from "./details.tsx";
import { Log } from "./log.tsx";
import type { Look } from "./look.ts";
import { NodeTable } from "./node-table.tsx";
import { PlanView } from "./plan-view.tsx";
import { Rows } from "./rows.tsx";
import { Traffic } from "./traffic.tsx";

export interface BodyProps {
  readonly state: PanelState;
  readonly layout: Layout;
  readonly look: Look;
}

function Separator({ state, layout, look }: BodyProps) {
  const height = layout.bodyRows;
  const line: Line = [drawn(` ${state.glyphs.bar} `, "quiet")];
  return (
    <Rows lines={Array.from({ length: height }, () => line)} width={separatorColumns} height={height} look={look} />
  );
}

function TrafficAndLog({ state, layout, look }: BodyProps) {
  return (
    <Box flexDirection="column" flexShrink={0}>
      {layout.traffic && <Traffic state={state} region={layout.traffic} look={look} />}
      {layout.log && <Log state={state} region={layout.log} look={look} />}
    </Box>
  );
}

function NodesColumn(props: BodyProps & { readonly list: Region }) {
  const { state, layout, look, list } = props;
  return (
    <Box flexDirection="column" flexShrink={0}>
      <NodeTable state={state} region={list} look={look} />
      {!layout.sideColumn && <TrafficAndLog state={state} layout={layout} look={look} />}
    </Box>
  );
}

/** The panes between header and footer, as the layout puts them. */
export function Body(props: BodyProps) {
  const { state, layout, look } = props;
  const { list, details, plan, sideColumn } = layout;
  if (plan) return <PlanView state={state} region={plan} look={look} />;
  if (!list && details) return <Details state={state} region={details} look={look} />;
  if (!list) return <TrafficAndLog state={state} layout={layout} look={look} />;
  return (
    <Box>
      <NodesColumn {...props} list={list} />
      {details && <Separator {...props} />}
      {details && <Details state={state} region={details} look={look} />}
      {sideColumn && <Separator {...props} />}
      {sideColumn && <TrafficAndLog {...props} />}
    </Box>
  );
}
