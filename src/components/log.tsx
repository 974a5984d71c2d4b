import type { PanelState } from "../store/panel-state.ts";
import { type Line, span } from "../store/text/line.ts";
import type { Region } from "../store/views/layout.ts";
import { fittingLog, foldedLog, newestLog } from "../store/views/log-lines.ts";
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
  const filtered =
    full && view.finds.log !== ""
      ? `filter ${span(view.finds.log).text}: ${fittingLog(state).length} of ${state.news.length}`
      : "";
  const note = full ? (back === 0 ? "following" : `${back} newer lines below; f follows`) : "";
  const notes = [filtered, note].filter((one) => one !== "").join(", ");
  const none: Line = [
    span(state.news.length === 0 ? " nothing has happened yet" : " no line matches the filter", "quiet"),
  ];
  return (
    <Rows
      lines={[
        titleLine({ text: "Log", note: notes, focused: full }, width, glyphs),
        ...(all.length === 0 ? [none] : lines),
      ]}
      width={width}
      height={height}
      look={look}
    />
  );
}
