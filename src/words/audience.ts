import type { RequestKind } from "../engine/model/reason.ts";

/** What a person may ask for in answer to a reason, as sentences name it. */
export type Asking = Extract<
  RequestKind,
  "resume" | "consent" | "include" | "retry" | "skip" | "rollback" | "rollback-all" | "rebooted"
>;

/** What waited or failed: a node by its name, the run (null), or a command that was called (undefined). */
export type About = string | null | undefined;

/** Who reads a sentence, and by what they can ask for something. */
export interface Audience {
  readonly name: "panel" | "lines";
  /** How to ask: a key, or a command for this node (or the consent, where it is about one). */
  readonly ask: Readonly<Record<Asking, (about: string) => string>>;
}

/** A person at the panel: its keys, as src/store/keys binds them. */
export const panel: Audience = {
  name: "panel",
  ask: {
    resume: () => "P",
    consent: () => "m",
    include: () => "space and m",
    retry: () => "r",
    skip: () => "s",
    rollback: () => "u",
    "rollback-all": () => "U",
    rebooted: () => "b",
  },
};

/** Whoever reads lines, JSON or a report, where no key can be pressed: commands, of which each goes on where no engine runs. */
export const lines: Audience = {
  name: "lines",
  ask: {
    resume: () => "crossfade resume",
    consent: (consent) => `crossfade resume --consent ${consent}`,
    include: (node) => `crossfade include ${node}`,
    retry: (node) => `crossfade retry ${node}`,
    skip: (node) => `crossfade skip ${node}`,
    rollback: (node) => `crossfade rollback ${node}`,
    "rollback-all": () => "crossfade rollback --all",
    rebooted: (node) => `crossfade retry --rebooted ${node}`,
  },
};

/** "press r", "run crossfade retry worker-1". */
export const doing = ({ name, ask }: Audience, asking: Asking, about: string): string =>
  `${name === "panel" ? "press" : "run"} ${ask[asking](about)}`;

/** Tries again what failed. */
export function retrying({ name, ask }: Audience, about: About): string {
  if (name === "panel") return `press ${ask.retry("")}`;
  if (about === undefined) return "run the same command again";
  return `run ${about === null ? ask.resume("") : ask.retry(about)}`;
}

/** Rolls back what failed: the node, or the whole run. */
export function rollingBack({ name, ask }: Audience, about: About): string {
  const asked = about === null || about === undefined ? ask["rollback-all"]("") : ask.rollback(about);
  return `${name === "panel" ? "press" : "run"} ${asked}`;
}
