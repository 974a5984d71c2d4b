/** A run of probes that were lost one after the other. */
export interface LossRun {
  /** Their number times the interval: the true gap is this, give or take one interval. */
  readonly ms: number;
  /** Epoch milliseconds by the prober's clock at which the first of them was sent. */
  readonly since: number;
}

/** What became of the probes to one target that were settled in one second: answered, or given up. */
export interface FlowCount {
  readonly id: string;
  readonly good: number;
  readonly lost: number;
  /** Round trips in milliseconds; null where nothing was answered. */
  readonly delayMs: { readonly least: number; readonly mean: number; readonly most: number } | null;
  /** The longest that was seen in this second, as long as it had become by then. */
  readonly gap: LossRun | null;
  /** Losses in a row that nothing has ended yet. */
  readonly lostInARow: number;
  /** Answers that came after one to a later probe. */
  readonly reordered: number;
  /** Answers that came after their limit, or twice: the probes themselves are counted as lost or good. */
  readonly late: number;
  /** How late the other end came to its own work: it had no processor. */
  readonly peerStallMs: number;
  /** Datagrams that were sent so far, and those of them that the other end received: tells the way there from the way back. */
  readonly heard: { readonly sent: number; readonly received: number } | null;
  /** Of the last loss: timeout, refused, unreachable, too-long, reset, closed, http-503, dns-2 …; empty where there was none. */
  readonly error: string;
}

/** What became of a long-lived connection. */
export interface HeldEvent {
  readonly what: "open" | "broken";
  readonly id: string;
  readonly at: number;
  readonly heldMs: number;
  readonly why: string;
}

/** One line of a prober: what it settled, heard and met in one second. */
export interface ProberLine {
  /** Name of its node. */
  readonly me: string;
  /** Of its process: after a restart the numbers begin again. */
  readonly boot: string;
  readonly number: number;
  /** Epoch milliseconds by its node's clock. */
  readonly at: number;
  /** Of the list of targets that it follows. */
  readonly generation: string;
  /** How late it came to its own work in this second: what it measured then says little. */
  readonly stallMs: number;
  readonly badTargets: number;
  /** What it cannot do: a port that is in use. */
  readonly problems: readonly string[];
  readonly flows: readonly FlowCount[];
  /** Datagrams of others that reached it in this second, by the name of their node. */
  readonly heardFrom: Readonly<Record<string, number>>;
  readonly events: readonly HeldEvent[];
  /** Events that did not fit. */
  readonly moreEvents: number;
}
