import { detailsLines } from "../store/details-lines.ts";
import type { Region } from "../store/layout.ts";
import { type Line, span } from "../store/line.ts";
import type { PanelState } from "../store/panel-state.ts";
import { selectedNode } from "../store/rows.ts";
import { clampScroll } from "../store/scrolling.ts";
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
  const title = {
    text: "Details",
    note: windowNote(first, height - 1, lines.length),
    focused: state.view.pane === "details",
  };
  return (
    <Rows
      lines={[titleLine(title, width, state.glyphs), ...lines.slice(first, first + height - 1)]}
      width={width}
      height={height}
      look={look}
    />
  );
}
