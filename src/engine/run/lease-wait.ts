import type { OnLeaseWait } from "../model/ports/lock.ts";
import type { Session } from "./session.ts";

/** Tells, while the last runner's lease is waited for, until when and why: a minute is long for whoever sees nothing. */
export const tellLeaseWait =
  (session: Session): OnLeaseWait =>
  (forMs, oddTerm) => {
    const until = new Date(session.now() + forMs).toISOString();
    const odd =
      oddTerm === null ? "" : `; it names a term of ${oddTerm} s, which no runner writes, and is not believed`;
    session.log(
      "info",
      `waits until ${until} for the last runner's lease to expire: it was not given back, and whoever has it may only be slow${odd}`,
    );
  };
