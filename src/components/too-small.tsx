import type { PanelState } from "../store/panel-state.ts";
import type { Look } from "./look.ts";
import { Rows } from "./rows.tsx";
import { tooSmallLines } from "./too-small-lines.ts";

export interface TooSmallProps {
  readonly state: PanelState;
  readonly look: Look;
}

/** The panel where it does not fit. */
export function TooSmall({ state, look }: TooSmallProps) {
  const { columns } = state.view.size;
  const lines = tooSmallLines(state);
  return <Rows lines={lines} width={columns} height={lines.length} look={look} />;
}
