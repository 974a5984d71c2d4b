import type { EngineEvent } from "../../engine/model/events.ts";
import type { Hold } from "../../engine/model/hold.ts";

type Rules = readonly (readonly [RegExp, string])[];

/**
 * What a remedy's key does, as a command: remedies are written for the panel, and lines are read where no key can be
 * pressed. Every command here goes on by itself where no engine runs.
 */
const ofNode = (node: string): Rules => [
  [/ \(r retries, u undoes it\)/, `; crossfade skip ${node} leaves it out`],
  [
    /\br moves it again, s leaves it out/,
    `crossfade retry ${node} moves it again, crossfade skip ${node} leaves it out`,
  ],
  [/\(s leaves the node out\)/, `(crossfade skip ${node} leaves the node out)`],
  [
    /press r to go on waiting, or u to undo/,
    `run crossfade retry ${node} to go on waiting, or crossfade rollback ${node}`,
  ],
  [/space and m to include it/, `crossfade include ${node}`],
  [/space and m to move it again/, `crossfade include ${node}`],
  [/press b\b/, `run crossfade retry --rebooted ${node}`],
  [/or key b once it was restarted/, `or crossfade retry --rebooted ${node} once it was restarted`],
  [/press r\b/, `run crossfade retry ${node}`],
  [/press u\b/, `run crossfade rollback ${node}`],
  [/press s\b/, `run crossfade skip ${node}`],
];

const ofRun = (again: string): Rules => [
  [/ \(r retries, U undoes all\)/, `; ${again} tries it again, crossfade rollback --all takes everything back`],
  [/ \(r retries\)/, ""],
  [
    /space and m to include them, or U to undo all/,
    "crossfade include --all takes them in, crossfade rollback --all takes everything back",
  ],
  [/press U to undo the installation/, "undo the installation with crossfade rollback --all"],
  [/ \(U\)/, " (crossfade rollback --all)"],
  [/P \(crossfade resume\)/, "crossfade resume"],
  [/^P$/, "crossfade resume"],
  [/end this one with q, then start crossfade again to go on with theirs/, "crossfade shows theirs"],
];

export interface About {
  /** Where it is about one. */
  readonly node?: string | null;
  /** What does again what failed, where it is not about a node. */
  readonly again?: string;
}

/** The remedy for whoever reads lines. */
export function withoutKeys(remedy: string, { node = null, again = "the same command again" }: About = {}): string {
  const text = node === null ? remedy.replace(/press r( to retry)?\b(?! to go)/, `run ${again}`) : remedy;
  return [...ofRun(again), ...ofNode(node ?? "NODE")].reduce((left, [key, said]) => left.replace(key, said), text);
}

const resume = "crossfade resume";

/** The node that a sentence of the run is about, where a command has to name it. */
const nodeOf = (because: string): string | null => /^(\S+) failed at /.exec(because)?.[1] ?? null;

function clearedByCommand({ because, clearedBy, needsPerson }: Hold, node: string | null): string {
  const consent = /^your consent "([^"]+)"$/.exec(because)?.[1];
  if (consent !== undefined && clearedBy === "m") return `${resume} --consent ${consent}`;
  const cleared = withoutKeys(clearedBy, { node, again: resume });
  // What clears it starts no engine again, and one that nobody attends has ended there. A plan with blockers is no run yet.
  const isOver = needsPerson && !because.startsWith("preflight:") && !cleared.includes("crossfade ");
  return isOver ? `${cleared}; then ${resume}` : cleared;
}

const held = (hold: Hold | null, node: string | null): Hold | null =>
  hold && { ...hold, clearedBy: clearedByCommand(hold, node ?? nodeOf(hold.because)) };

type EventOf<T extends EngineEvent["type"]> = Extract<EngineEvent, { readonly type: T }>;
type Rewritten = { readonly [T in EngineEvent["type"]]?: (event: EventOf<T>) => EventOf<T> };

const rewritten: Rewritten = {
  "run-held": (event) => ({ ...event, hold: held(event.hold, null) }),
  "node-held": (event) => ({ ...event, hold: held(event.hold, event.node) }),
  "run-step-failed": (event) => {
    const { failure } = event;
    return { ...event, failure: { ...failure, remedy: withoutKeys(failure.remedy, { again: resume }) } };
  },
  "node-failed": (event) => {
    const { failure, node } = event;
    return { ...event, failure: { ...failure, remedy: withoutKeys(failure.remedy, { node }) } };
  },
  "run-finished": (event) => ({ ...event, summary: withoutKeys(event.summary) }),
};

/** The event as those read it who have commands and no keys: lines, JSON, the report. */
export function eventWithoutKeys(event: EngineEvent): EngineEvent {
  const write = rewritten[event.type] as ((event: EngineEvent) => EngineEvent) | undefined;
  return write === undefined ? event : write(event);
}
