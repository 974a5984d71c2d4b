import type { RunTerms } from "../decide/run-terms.ts";
import { note } from "../model/notes/note.ts";
import type { Consent } from "../model/plan-types.ts";
import { isOver } from "./recording.ts";
import type { Session } from "./session.ts";

/** A run that is over is not to begin again because its record was put back. */
export function forgetAgreement({ state }: Session, { agreements }: RunTerms): void {
  if (isOver(state) && state.plan !== null) agreements.forget({ plan: state.plan, startedAt: state.startedAt ?? 0 });
}

/** A consent that this machine cannot keep holds nothing up: it is asked for again by whoever takes the run up here. */
export function keepConsent(session: Session, { agreements }: RunTerms, consent: Consent, by: string): void {
  const { plan, startedAt } = session.state;
  if (plan === null) return;
  const why = agreements.agree({ plan, startedAt: startedAt ?? 0 }, [consent], by, session.now());
  if (why !== null) session.log("warning", note("consent-not-kept", { why }));
}
