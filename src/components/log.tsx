import type { Region } from "../store/layout.ts";
import { type Line, span } from "../store/line.ts";
import { foldedLog, newestLog } from "../store/log-lines.ts";
import type { PanelState } from "../store/panel-state.ts";
import type { Look } from "./look.ts";
import { Rows } from "./rows.tsx";
import { titleLine } from "./title.ts";

export interface LogProps {
  readonly state: PanelState;
  readonly region: Region;
  readonly look: Look;
}

/** The run's events, newest below. */
export function Log({ state, region, look }: LogProps) {
  const { view, glyphs } = state;
  const { width, height } = region;
  const full = view.pane === "log";
  const rows = height - 1;
  const all = full ? foldedLog(state, width) : newestLog(state, width, rows);
  const back = full ? Math.min(view.logBack, Math.max(0, all.length - rows)) : 0;
  const lines = all.slice(Math.max(0, all.length - back - rows), all.length - back);
  const note = full ? (back === 0 ? "following" : `${back} newer lines below; f follows`) : "";
  const none: Line = [span(" nothing has happened yet", "quiet")];
  return (
    <Rows
      lines={[
        titleLine({ text: "Log", note, focused: full }, width, glyphs),
        ...(state.news.length === 0 ? [none] : lines),
      ]}
      width={width}
      height={height}
      look={look}
    />
  );
}
