import { type Random, seededRandom } from "crossfade-lab/random.ts";

/** What a bad API server, or the way to it, does. */
export const faultKinds = [
  /** Answers take their time. */
  "latency",
  /** Connections break before the request was carried out, and after it. */
  "drop-before",
  "drop-after",
  /** Open watches and execs go silent, and their connections stay. */
  "half-open",
  /** New watches are accepted, and say nothing. */
  "mute-watch",
  "throttle",
  "throttle-bare",
  "error-500",
  "error-502",
  "error-503",
  "error-504",
  /** The server carries it out and answers 504 all the same. */
  "late-504",
  /** Versions and continue tokens are too old. */
  "expired",
  "conflict",
  /** Reads show what was a while ago. */
  "stale-read",
  /** Watches lag behind. */
  "lag",
  "slow-body",
  "truncated",
  /** Nobody listens at the address; everybody is let in and nobody answered; every answer is 503. */
  "outage",
  "black-hole",
  "unavailable",
  /** The token is not accepted any more, until the kubeconfig has a new one. */
  "unauthorized",
  /** Another server answers, whose versions lie behind; in the second form it lets watches wait for its future. */
  "went-back",
  "went-back-mute",
] as const;

export type FaultKind = (typeof faultKinds)[number];

/** Some time of one fault. */
export interface Episode {
  readonly kind: FaultKind;
  /** Begins with the n-th request: a fast machine and a slow one meet it at the same place. */
  readonly atRequest: number;
  /** In milliseconds of the cluster's clock. */
  readonly forMs: number;
  /** Of the requests that it may meet. */
  readonly share: number;
}

export type Schedule = readonly Episode[];

/** While they last nothing gets through: what waits must say so. */
const total: ReadonlySet<FaultKind> = new Set(["outage", "black-hole", "unavailable", "unauthorized"]);
/** They happen at one moment. */
const momentary: ReadonlySet<FaultKind> = new Set(["half-open", "went-back", "went-back-mute"]);
/** A server goes back once; a second time would only repeat it. */
const once: ReadonlySet<FaultKind> = new Set(["went-back", "went-back-mute"]);

const minutesMs = 60_000;

function lengthOf(kind: FaultKind, random: Random): number {
  if (momentary.has(kind)) return 1_000;
  if (total.has(kind)) return random.between(1 * minutesMs, 4 * minutesMs);
  return random.between(1 * minutesMs, 5 * minutesMs);
}

/** From four to nine episodes over so many requests, drawn by the seed; every kind comes as often as another over many seeds. */
export function scheduleOf(seed: number, overRequests: number): Schedule {
  const random = seededRandom(seed);
  const kinds: FaultKind[] = [];
  const wanted = random.between(4, 9);
  while (kinds.length < wanted) {
    const kind = faultKinds[random.between(0, faultKinds.length - 1)] ?? "latency";
    if (!(once.has(kind) && kinds.some((other) => once.has(other)))) kinds.push(kind);
  }
  return kinds
    .map((kind) => ({
      kind,
      atRequest: random.between(10, overRequests),
      forMs: lengthOf(kind, random),
      share: total.has(kind) || momentary.has(kind) ? 1 : random.between(5, 40) / 100,
    }))
    .toSorted((one, other) => one.atRequest - other.atRequest);
}
