import { Box } from "ink";
import { attentionOf } from "../store/attention.ts";
import { badge, span, spread } from "../store/line.ts";
import type { PanelState } from "../store/panel-state.ts";
import { badgeOf, phaseOf } from "../store/phase.ts";
import { AttentionLines } from "./attention-lines.tsx";
import { factsOf, linkSpans, progressSpans, titleOf } from "./header-lines.ts";
import type { Look } from "./look.ts";
import { Row } from "./row.tsx";

export interface HeaderProps {
  readonly state: PanelState;
  readonly look: Look;
  readonly rows: 3 | 5;
}

/** What stands on every screen: which cluster, where to, how far, and the one sentence that says why it waits. */
export function Header({ state, look, rows }: HeaderProps) {
  const { columns } = state.view.size;
  const { word, tone } = badgeOf(state);
  return (
    <Box flexDirection="column" height={rows} flexShrink={0}>
      <Row line={spread(titleOf(state, columns), linkSpans(state), columns)} width={columns} look={look} />
      <Row
        line={spread(
          [span(" "), badge(word, tone), span(` ${phaseOf(state)}`)],
          progressSpans(state, columns),
          columns,
        )}
        width={columns}
        look={look}
      />
      {rows === 5 && <Row line={factsOf(state)} width={columns} look={look} />}
      <AttentionLines attention={attentionOf(state)} columns={columns} rows={rows === 5 ? 2 : 1} look={look} />
    </Box>
  );
}
