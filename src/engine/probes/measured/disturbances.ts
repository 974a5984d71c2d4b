import type { Flow, FlowPath } from "../../model/probing/flow.ts";
import type { Disturbance } from "../expected-gap.ts";

/** A time in which a loss is to be expected; `to` is null while it lasts. */
interface Interval {
  readonly from: number;
  readonly to: number | null;
  readonly why: string;
}

/** What the run was at from a moment on. */
interface Doing {
  readonly at: number;
  readonly what: string;
}

/** What the run itself disturbed, and when: losses are told seconds later, and by then it may be at something else. */
export interface Disturbances {
  /** By what is disturbed: `node NAME` or `path NAME`; oldest first. */
  readonly intervals: ReadonlyMap<string, readonly Interval[]>;
  readonly doing: readonly Doing[];
}

export const undisturbed: Disturbances = { intervals: new Map(), doing: [] };

/** Of one subject: a node is moved, taken back and moved again a few times at most. */
const mostIntervals = 16;
const mostDoing = 4_096;

/** Clocks and lines are not exact to the second. */
const beforeMs = 1_000;
/** A datapath that works again may take so long to be seen to do so. */
const afterMs = 2_000;

const nodeSubject = (node: string) => `node ${node}`;
const pathSubject = (path: FlowPath) => `path ${path}`;

/** What is disturbed now → why. `dnsReady`: a DNS pod is Ready anywhere. `replaced`: nodes whose probe pod is being replaced by anyone. */
function subjectsOf(
  { away, noApiServer, busy }: Disturbance,
  dnsReady: boolean,
  replaced: readonly string[],
): ReadonlyMap<string, string> {
  const subjects = new Map<string, string>();
  for (const node of replaced) subjects.set(nodeSubject(node), `the probe pod of ${node} is replaced`);
  for (const [node, step] of away) subjects.set(nodeSubject(node), `${node} is being moved (${step})`);
  if (noApiServer !== null) subjects.set(pathSubject("api-service"), `its only control plane ${noApiServer} restarts`);
  if (busy && !dnsReady) subjects.set(pathSubject("dns"), "no DNS pod is Ready");
  return subjects;
}

const isOpen = (intervals: readonly Interval[] | undefined) => intervals?.at(-1)?.to === null;

/** What is disturbed at a moment. */
export interface DisturbedNow {
  readonly disturbance: Disturbance;
  readonly dnsReady: boolean;
  readonly replaced: readonly string[];
  readonly doing: string;
}

/** The log after a look at the run. */
export function withLook(log: Disturbances, at: number, now: DisturbedNow): Disturbances {
  const subjects = subjectsOf(now.disturbance, now.dnsReady, now.replaced);
  const intervals = new Map(log.intervals);
  for (const [subject, known] of intervals) {
    const last = known.at(-1);
    if (last?.to !== null || subjects.has(subject)) continue;
    intervals.set(subject, [...known.slice(0, -1), { ...last, to: at }]);
  }
  for (const [subject, why] of subjects) {
    const known = intervals.get(subject) ?? [];
    if (!isOpen(known)) intervals.set(subject, [...known, { from: at, to: null, why }].slice(-mostIntervals));
  }
  const doing =
    log.doing.at(-1)?.what === now.doing ? log.doing : [...log.doing, { at, what: now.doing }].slice(-mostDoing);
  return { intervals, doing };
}

/** What the run was at then. */
export function doingAt({ doing }: Disturbances, at: number): string {
  return doing.findLast((one) => one.at <= at)?.what ?? "";
}

function expectedOf(log: Disturbances, { from, to, path }: Flow): readonly Interval[] {
  const subjects = [nodeSubject(from), ...(to === null ? [] : [nodeSubject(to)]), pathSubject(path)];
  return subjects.flatMap((subject) => log.intervals.get(subject) ?? []);
}

/** What of a gap had no reason that the run gave. */
export interface Unexplained {
  /** The longest stretch of it. */
  readonly longestMs: number;
  readonly totalMs: number;
  /** Begin of that stretch; of the gap, where there is none. */
  readonly since: number;
  /** The reason of the rest; "" where all of it is unexplained. */
  readonly why: string;
}

/** A gap without the times in which it was to be expected. */
export function unexplained(log: Disturbances, flow: Flow, from: number, to: number): Unexplained {
  const around = expectedOf(log, flow)
    .map((one) => ({
      begins: one.from - beforeMs,
      ends: one.to === null ? Number.POSITIVE_INFINITY : one.to + afterMs,
      why: one.why,
    }))
    .filter(({ begins, ends }) => begins < to && ends > from)
    .toSorted((one, other) => one.begins - other.begins);
  const stretches: { begins: number; ms: number }[] = [];
  let at = from;
  for (const { begins, ends } of around) {
    if (begins > at) stretches.push({ begins: at, ms: begins - at });
    at = Math.max(at, ends);
  }
  if (at < to) stretches.push({ begins: at, ms: to - at });
  const longest = stretches.toSorted((one, other) => other.ms - one.ms)[0];
  return {
    longestMs: longest?.ms ?? 0,
    totalMs: stretches.reduce((sum, { ms }) => sum + ms, 0),
    since: longest?.begins ?? from,
    why: around[0]?.why ?? "",
  };
}
