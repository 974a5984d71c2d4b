import { foundLines, withFound } from "../store/find.ts";
import type { PanelState } from "../store/panel-state.ts";
import { clampScroll } from "../store/scrolling.ts";
import { type Line, span } from "../store/text/line.ts";
import { detailsLines } from "../store/views/details-lines.ts";
import type { Region } from "../store/views/layout.ts";
import { selectedNode } from "../store/views/rows.ts";
import type { Look } from "./look.ts";
import { Rows } from "./rows.tsx";
import { titleLine, windowNote } from "./title.ts";

export interface DetailsProps {
  readonly state: PanelState;
  readonly region: Region;
  readonly look: Look;
}

/** The selected node in full: steps, CNI files with contents, pods, what blocks it, its log. */
export function Details({ state, region, look }: DetailsProps) {
  const { width, height } = region;
  const node = selectedNode(state);
  const lines: readonly Line[] = node ? detailsLines(state, node, width) : [[span(" no node is selected", "quiet")]];
  const first = clampScroll(state, "details");
  const { pane, finds, marks } = state.view;
  const focused = pane === "details";
  const marked = focused ? Object.keys(marks).length : 0;
  const notes = [
    marked > 0 ? `${marked} marked` : "",
    finds.details === "" ? "" : `find ${span(finds.details).text}: ${foundLines(state, "details").length}`,
    windowNote(first, height - 1, lines.length),
  ];
  const title = { text: "Details", note: notes.filter((note) => note !== "").join(", "), focused };
  return (
    <Rows
      lines={[
        titleLine(title, width, state.glyphs),
        ...withFound(lines.slice(first, first + height - 1), finds.details),
      ]}
      width={width}
      height={height}
      look={look}
    />
  );
}
