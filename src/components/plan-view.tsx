import { foundLines, withFound } from "../store/find.ts";
import type { PanelState } from "../store/panel-state.ts";
import { clampScroll } from "../store/scrolling.ts";
import { span } from "../store/text/line.ts";
import type { Region } from "../store/views/layout.ts";
import { planLines } from "../store/views/plan-lines.ts";
import type { Look } from "./look.ts";
import { Rows } from "./rows.tsx";
import { titleLine, windowNote } from "./title.ts";

export interface PlanViewProps {
  readonly state: PanelState;
  readonly region: Region;
  readonly look: Look;
}

/** The plan to read before it is allowed: what speaks against it, the order, the values, every object touched. */
export function PlanView({ state, region, look }: PlanViewProps) {
  const { width, height } = region;
  const { plan } = state.run;
  const lines = plan ? planLines(plan, state.glyphs, width) : [[span(" there is no plan yet", "quiet")]];
  const first = clampScroll(state, "plan");
  const wanted = state.view.finds.plan;
  const found = wanted === "" ? "" : `find ${span(wanted).text}: ${foundLines(state, "plan").length}`;
  const note = [found, windowNote(first, height - 1, lines.length)].filter((one) => one !== "").join(", ");
  return (
    <Rows
      lines={[
        titleLine({ text: "Plan", note, focused: true }, width, state.glyphs),
        ...withFound(lines.slice(first, first + height - 1), wanted),
      ]}
      width={width}
      height={height}
      look={look}
    />
  );
}
