import type { decide } from "../decide/decide.ts";
import { AdmissionDenied } from "../model/errors.ts";
import { admissionHold, holdFrom } from "../model/hold.ts";
import type { Waiting } from "../model/observation.ts";
import type { Session } from "./session.ts";

/** Tells what a node waits for, when that changed. */
export function holdNode(session: Session, node: string, seen: Waiting): void {
  const old = session.state.nodes[node]?.hold ?? null;
  const hold = holdFrom(seen, old, session.now());
  if (old?.because !== hold.because) session.tell({ type: "node-held", at: session.now(), node, hold });
}

/** Tells what the run waits for, when that changed. */
export function holdRun(session: Session, seen: Waiting): void {
  const old = session.state.hold;
  const hold = holdFrom(seen, old, session.now());
  if (old?.because !== hold.because) session.tell({ type: "run-held", at: session.now(), hold });
}

/** Tells why each waiting node waits, when that changed. */
export function tellHolds(session: Session, holds: ReturnType<typeof decide>["holds"]): void {
  for (const [node, reason] of Object.entries(holds)) holdNode(session, node, { done: false, ...reason });
}

/** Who refuses a write today may let it pass in a minute: the step holds on that, in its own time, and asks again. */
export async function deniedOr(applied: Promise<void>): Promise<Waiting | null> {
  try {
    await applied;
    return null;
  } catch (thrown) {
    if (!(thrown instanceof AdmissionDenied)) throw thrown;
    return admissionHold(thrown);
  }
}
