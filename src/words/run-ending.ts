import type { Outcome } from "../engine/model/events.ts";
import type { Reason } from "../engine/model/reason.ts";
import type { Audience } from "./audience.ts";
import { explain } from "./explain.ts";

interface Ending {
  readonly outcome: Outcome | null;
  /** "" where the reason says it all. */
  readonly summary: string;
  readonly reason: Reason | null;
}

/** How a run ended in a sentence; a plan with blockers says also what to do. "" where nothing more is to be said. */
export function endingWords({ outcome, summary, reason }: Ending, audience: Audience): string {
  const said = reason && explain(reason, audience);
  const why = !said
    ? []
    : outcome === "blocked" && said.clearedBy !== ""
      ? [`${said.text} — ${said.clearedBy}`]
      : [said.text];
  return [...why, ...(summary === "" ? [] : [summary])].join("; ");
}
