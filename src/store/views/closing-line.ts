import { lines } from "../../words/audience.ts";
import { endingWords } from "../../words/run-ending.ts";
import { afterwards } from "../dialogs/leave-draft.ts";
import type { PanelState } from "../panel-state.ts";
import { outcomeWords } from "../text/words.ts";

/** How the run stands when the panel is gone: for the shell, where nothing else of it is left. Null where none was seen. */
export function closingLine(state: PanelState): string | null {
  const { run, closed, watching } = state;
  if (run.plan === null) return null;
  if (run.outcome !== null)
    return `the run ended: ${outcomeWords[run.outcome]}; ${endingWords({ ...run, reason: run.endedFor }, lines)}`;
  if (run.agreement !== null) return "nothing was agreed to, and nothing was done";
  if (closed !== null) return `the engine is gone (${closed}); the cluster records where the run stands`;
  if (watching)
    return run.runner === null ? "no engine runs it" : `${run.runner.holder} runs the run, and goes on with it`;
  return afterwards(state);
}
