import { Box } from "ink";
import type { PanelState } from "../store/panel-state.ts";
import { badge, type Line, lineWidth, span, spread } from "../store/text/line.ts";
import { cutMiddle } from "../store/text/width.ts";
import { attentionOf } from "../store/views/attention.ts";
import type { Layout } from "../store/views/layout.ts";
import { badgeOf, phaseOf } from "../store/views/phase.ts";
import { AttentionLines } from "./attention-lines.tsx";
import { connectionSpans, factsOf, progressSpans, runnerWords, titleOf } from "./header-lines.ts";
import type { Look } from "./look.ts";
import { Row } from "./row.tsx";

export interface HeaderProps {
  readonly state: PanelState;
  readonly look: Look;
  readonly layout: Layout;
}

/** A holder that is cut shorter than this names nobody. */
const shortestWords = 8;

/** Where there is no row for facts, who has the run stands in the first one, if only cut. */
function withRunner(state: PanelState): Line {
  const link = connectionSpans(state);
  const words = runnerWords(state);
  const room = Math.floor(state.view.size.columns / 2) - lineWidth(link);
  return words === null || room < shortestWords ? link : [span(`${cutMiddle(words, room)} `, "quiet"), ...link];
}

/** What stands on every screen: which cluster, where to, how far, and the one sentence that says why it waits. */
export function Header({ state, look, layout }: HeaderProps) {
  const { columns } = state.view.size;
  const { word, tone } = badgeOf(state);
  return (
    <Box flexDirection="column" height={layout.headerRows} flexShrink={0}>
      <Row
        line={spread(titleOf(state, columns), layout.facts ? connectionSpans(state) : withRunner(state), columns)}
        width={columns}
        look={look}
      />
      <Row
        line={spread(
          [span(" "), badge(word, tone), span(` ${phaseOf(state)}`)],
          progressSpans(state, columns),
          columns,
        )}
        width={columns}
        look={look}
      />
      {layout.facts && <Row line={factsOf(state)} width={columns} look={look} />}
      <AttentionLines attention={attentionOf(state)} columns={columns} rows={layout.attentionRows} look={look} />
    </Box>
  );
}
