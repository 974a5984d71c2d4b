import type { FlowCount, HeldEvent, LossRun, ProberLine } from "../../engine/model/probing/prober-line.ts";
import { at, fields, list, text, texts } from "../objects/read.ts";

/** Of the lines that this version understands. */
const version = 1;
/** Longer ones are no prober's. */
export const longestLine = 262_144;
/** More than a prober can have: a line that says more is not one. */
const most = { flows: 256, names: 256, events: 32, problems: 8 } as const;
/** Of a name, an error, a problem: they end up on a screen. */
const longestText = 270;

/** What a line of a log is: a prober's, one that was cut or is not as it should be, or somebody else's. */
export type ReadLine =
  | { readonly kind: "line"; readonly line: ProberLine }
  | { readonly kind: "malformed" }
  | { readonly kind: "foreign" };

const count = (value: unknown): number =>
  typeof value === "number" && Number.isFinite(value) && value > 0 ? Math.floor(value) : 0;
const isMs = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value) && value >= 0;

/** Printable and short, whoever wrote it. */
const word = (value: unknown): string =>
  text(value)
    .replace(/[^\x20-\x7e]/g, "")
    .slice(0, longestText);

function delayOf(value: unknown): FlowCount["delayMs"] {
  const [least, mean, longest] = list(value);
  return isMs(least) && isMs(mean) && isMs(longest) ? { least, mean, most: longest } : null;
}

function gapOf(value: unknown): LossRun | null {
  const [ms, since] = list(value);
  return isMs(ms) && isMs(since) && ms > 0 ? { ms, since } : null;
}

function heardOf(value: unknown): FlowCount["heard"] {
  const [sent, received] = list(value);
  return isMs(sent) && isMs(received) && received <= sent ? { sent: count(sent), received: count(received) } : null;
}

function flowOf(value: unknown): FlowCount | null {
  const { id, good, lost, ms, gap, run, reordered, late, peer, heard, error } = fields(value);
  if (word(id) === "" || !isMs(good) || !isMs(lost)) return null;
  return {
    id: word(id),
    good: count(good),
    lost: count(lost),
    delayMs: good > 0 ? delayOf(ms) : null,
    gap: gapOf(gap),
    lostInARow: count(run),
    reordered: count(reordered),
    late: count(late),
    peerStallMs: count(peer),
    heard: heardOf(heard),
    error: word(error),
  };
}

function eventOf(value: unknown): HeldEvent | null {
  const { what, id, at: when, held, why } = fields(value);
  if ((what !== "open" && what !== "broken") || word(id) === "" || !isMs(when)) return null;
  return { what, id: word(id), at: when, heldMs: count(held), why: word(why) };
}

function namesOf(value: unknown): Readonly<Record<string, number>> {
  const pairs = list(value)
    .slice(0, most.names)
    .flatMap((pair): readonly (readonly [string, number])[] => {
      const [name, heard] = list(pair);
      return word(name) === "" || count(heard) === 0 ? [] : [[word(name), count(heard)]];
    });
  // Built so that no name, __proto__ neither, reaches a prototype.
  return Object.fromEntries(pairs);
}

function parsed(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}

/** Reads a line of a prober's log. Never throws: others write to logs too, and lines are cut where a container dies. */
export function parseLine(raw: string): ReadLine {
  const begins = raw.trimStart().startsWith('{"crossfade":');
  if (!begins) return { kind: "foreign" };
  if (raw.length > longestLine) return { kind: "malformed" };
  const all = parsed(raw);
  if (at(all, "crossfade") !== version) return { kind: "malformed" };
  const { me, boot, line, at: when, gen, stall, bad, problems, to, from, events, more } = fields(all);
  if (word(me) === "" || word(boot) === "" || count(line) === 0 || !isMs(when) || !Array.isArray(to))
    return { kind: "malformed" };
  return {
    kind: "line",
    line: {
      me: word(me),
      boot: word(boot),
      number: count(line),
      at: when,
      generation: word(gen),
      stallMs: count(stall),
      badTargets: count(bad),
      problems: texts(problems).slice(0, most.problems).map(word),
      flows: list(to)
        .slice(0, most.flows)
        .flatMap((flow) => flowOf(flow) ?? []),
      heardFrom: namesOf(from),
      events: list(events)
        .slice(0, most.events)
        .flatMap((event) => eventOf(event) ?? []),
      moreEvents: count(more),
    },
  };
}
