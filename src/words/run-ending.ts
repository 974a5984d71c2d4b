import type { JournalGap, Outcome } from "../engine/model/events.ts";
import type { Reason } from "../engine/model/reason.ts";
import { counted } from "../engine/model/some-of.ts";
import type { Audience } from "./audience.ts";
import { explain } from "./explain.ts";

interface Ending {
  readonly outcome: Outcome | null;
  readonly reason: Reason | null;
  readonly lacks?: JournalGap | null;
}

/** How a run ended in a sentence; a plan with blockers says also what to do. "" where it has not ended. */
export function endingWords({ outcome, reason, lacks = null }: Ending, audience: Audience): string {
  if (reason === null) return "";
  const { text, clearedBy } = explain(reason, audience);
  const why = outcome === "blocked" && clearedBy !== "" ? `${text} — ${clearedBy}` : text;
  return lacks === null ? why : `${why}; the journal ${lacks.journal} lacks ${counted(lacks.missing, "event")}`;
}
