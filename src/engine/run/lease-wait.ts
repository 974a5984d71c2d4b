import { note } from "../model/notes/note.ts";
import type { OnLeaseWait } from "../model/ports/lock.ts";
import type { Session } from "./session.ts";

/** Tells, while the last runner's lease is waited for, until when and why: a minute is long for whoever sees nothing. */
export const tellLeaseWait =
  (session: Session): OnLeaseWait =>
  (forMs, oddTerm) => {
    session.log("info", note("lease-awaited", { until: session.now() + forMs, oddTermSeconds: oddTerm }));
  };
