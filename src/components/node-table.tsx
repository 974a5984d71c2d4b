import type { PanelState } from "../store/panel-state.ts";
import type { Line } from "../store/text/line.ts";
import { fitLine, inverse, span } from "../store/text/line.ts";
import { type Region, tableHeadRows } from "../store/views/layout.ts";
import { nodeColumns } from "../store/views/node-columns.ts";
import { headLine, nodeLine } from "../store/views/node-row.ts";
import { pageOf, visibleNodes } from "../store/views/rows.ts";
import type { Look } from "./look.ts";
import { Rows } from "./rows.tsx";
import { titleLine, windowNote } from "./title.ts";

export interface NodeTableProps {
  readonly state: PanelState;
  readonly region: Region;
  readonly look: Look;
}

/** The nodes, one page of them: rows that are not seen are not built. */
export function NodeTable({ state, region, look }: NodeTableProps) {
  const { run, view, glyphs } = state;
  const { width, height } = region;
  const columns = nodeColumns(run, width);
  const page = pageOf(state, height - tableHeadRows);
  const marked = Object.keys(view.marks).length;
  const hidden = view.filter === "" ? 0 : marked - visibleNodes(state).filter((name) => view.marks[name]).length;
  const notes = [
    view.filter === "" ? "" : `filter ${span(view.filter).text}: ${page.total} of ${run.order.length}`,
    marked > 0 ? `${marked} marked${hidden > 0 ? `, ${hidden} of them hidden` : ""}` : "",
    windowNote(page.first, page.names.length, page.total),
  ].filter((note) => note !== "");
  const rows = page.names.flatMap((name, index): readonly Line[] => {
    const node = run.nodes[name];
    if (!node) return [];
    const selected = page.first + index === page.cursorIndex;
    return [fitLine(nodeLine(state, node, columns, selected), width)];
  });
  const empty: Line = [
    span(run.order.length === 0 ? "   no node is known yet" : "   no node matches the filter", "quiet"),
  ];
  const title = { text: "Nodes", note: notes.join(", "), focused: view.pane === "nodes" };
  return (
    <Rows
      lines={[
        titleLine(title, width, glyphs),
        headLine(columns),
        ...(rows.length > 0 ? rows.map(selectedWhole) : [empty]),
      ]}
      width={width}
      height={height}
      look={look}
    />
  );
}

/** The cursor's row is inverted up to the edge. */
function selectedWhole(line: Line): Line {
  return line[0]?.inverse ? inverse(line) : line;
}
