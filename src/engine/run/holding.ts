import type { decide } from "../decide/decide.ts";
import { AdmissionDenied } from "../model/errors.ts";
import { admissionReason, holdFrom, sameReason } from "../model/hold.ts";
import { type Waiting, waitingFor } from "../model/observation.ts";
import type { Reason } from "../model/reason.ts";
import type { Session } from "./session.ts";

/** Tells what a node waits for, when that changed. */
export function holdNode(session: Session, node: string, why: Reason): void {
  const old = session.state.nodes[node]?.hold ?? null;
  if (sameReason(old?.reason, why)) return;
  session.tell({ type: "node-held", at: session.now(), node, hold: holdFrom(why, old, session.now()) });
}

/** Tells what the run waits for, when that changed. */
export function holdRun(session: Session, why: Reason): void {
  const old = session.state.hold;
  if (sameReason(old?.reason, why)) return;
  session.tell({ type: "run-held", at: session.now(), hold: holdFrom(why, old, session.now()) });
}

/** Tells why each waiting node waits, when that changed. */
export function tellHolds(session: Session, holds: ReturnType<typeof decide>["holds"]): void {
  for (const [node, why] of Object.entries(holds)) holdNode(session, node, why);
}

/** Who refuses a write today may let it pass in a minute: the step holds on that, in its own time, and asks again. */
export async function deniedOr(applied: Promise<void>): Promise<Waiting | null> {
  try {
    await applied;
    return null;
  } catch (thrown) {
    if (!(thrown instanceof AdmissionDenied)) throw thrown;
    return waitingFor(admissionReason(thrown));
  }
}
