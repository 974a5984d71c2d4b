import type { PanelState } from "../store/panel-state.ts";
import { clampScroll } from "../store/scrolling.ts";
import { helpLines } from "../store/views/help-lines.ts";
import type { Region } from "../store/views/layout.ts";
import type { Look } from "./look.ts";
import { Rows } from "./rows.tsx";
import { titleLine, windowNote } from "./title.ts";

export interface HelpProps {
  readonly state: PanelState;
  readonly region: Region;
  readonly look: Look;
}

/** All keys, made from the bindings. */
export function Help({ state, region, look }: HelpProps) {
  const { width, height } = region;
  const lines = helpLines(state);
  const first = clampScroll(state, "help");
  const title = { text: "Keys", note: windowNote(first, height - 1, lines.length), focused: true };
  return (
    <Rows
      lines={[titleLine(title, width, state.glyphs), ...lines.slice(first, first + height - 1)]}
      width={width}
      height={height}
      look={look}
    />
  );
}
