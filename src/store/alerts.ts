import { conditionOf, nodeNeedsPerson, type RunCondition } from "../engine/model/run-condition.ts";
import type { PanelState } from "./panel-state.ts";
import { cut, visible } from "./text/width.ts";
import { attentionOf } from "./views/attention.ts";
import { progress } from "./views/counts.ts";
import { badgeOf } from "./views/phase.ts";

/** How the panel calls somebody who looks elsewhere. */
export const alertKinds = ["bell", "title", "notification"] as const;
export type AlertKind = (typeof alertKinds)[number];

/** What a terminal can be asked to do besides drawing. */
export interface AlertTerminal {
  bell(): void;
  title(text: string): void;
  /** OSC 9 */
  notify(text: string): void;
}

const titleColumns = 80;
const notificationColumns = 160;

/** Where a person is asked, something failed, or the end has come. */
const calling: ReadonlySet<RunCondition> = new Set([
  "blocked",
  "confirm",
  "waiting",
  "done",
  "rolled-back",
  "failed",
  "stopped",
]);

/** What calls for a person now, told apart from what called before; null where nothing does. */
function callOf(state: PanelState): string | null {
  const { run, closed } = state;
  if (run.outcome === null && closed !== null) return "detached";
  const condition = conditionOf(run);
  if (!calling.has(condition)) return null;
  const nodes = run.order.filter((name) => {
    const node = run.nodes[name];
    return node !== undefined && nodeNeedsPerson(run, node);
  });
  return [condition, run.asking ?? "", run.agreement?.hash ?? "", ...nodes].join(" ");
}

/** The terminal's title: what a narrow tab still shows comes first. */
function titleText(state: PanelState): string {
  const { word } = badgeOf(state);
  const percent = state.run.plan && state.run.outcome === null ? ` ${Math.floor(progress(state.run) * 100)}%` : "";
  return cut(visible(`${word}${percent} - ${state.cluster} - crossfade`), titleColumns, "...");
}

/** Never a digit first: some terminals take "9;4;…" for a command of their own. */
function notificationText(state: PanelState): string {
  return cut(
    visible(`crossfade, ${state.cluster}: ${badgeOf(state).word}. ${attentionOf(state).text}`),
    notificationColumns,
    "...",
  );
}

/** So soon after the panel was opened, whoever opened it looks at it. */
const lookingMs = 5_000;

/** Rings, titles and notifies as the state changes, of a run that was seen under way; of one that was over before, never. */
export class Alerts {
  readonly #terminal: AlertTerminal;
  readonly #kinds: ReadonlySet<AlertKind>;
  readonly #openedAt: number;
  #seenUnderWay = false;
  #call: string | null = null;
  #title = "";

  constructor(terminal: AlertTerminal, kinds: ReadonlySet<AlertKind>, openedAt: number) {
    this.#terminal = terminal;
    this.#kinds = kinds;
    this.#openedAt = openedAt;
  }

  look(state: PanelState): void {
    this.#seenUnderWay ||= state.run.outcome === null && state.run.plan !== null;
    if (!this.#seenUnderWay) return;
    this.#tellTitle(titleText(state));
    const call = callOf(state);
    const calls = call !== null && call !== this.#call;
    this.#call = call;
    if (!calls || state.now - this.#openedAt < lookingMs) return;
    if (this.#kinds.has("bell")) this.#terminal.bell();
    if (this.#kinds.has("notification")) this.#terminal.notify(notificationText(state));
  }

  #tellTitle(text: string): void {
    if (text === this.#title || !this.#kinds.has("title")) return;
    this.#title = text;
    this.#terminal.title(text);
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Terminals that show OSC 9 as a notification; others may take it for something else, or print it. */
function takesNotifications({ TERM_PROGRAM = "", TERM = "", KITTY_WINDOW_ID, TMUX, STY }: Environment): boolean {
  // A multiplexer swallows it.
  if (TMUX || STY || /^(?:screen|tmux)/.test(TERM)) return false;
  return (
    /^(?:iTerm\.app|WezTerm|ghostty)$/.test(TERM_PROGRAM) ||
    KITTY_WINDOW_ID !== undefined ||
    /kitty|ghostty|foot/.test(TERM)
  );
}

/** A console that would print a title instead of taking it. */
const takesTitle = ({ TERM = "" }: Environment): boolean => !/^(?:|dumb|linux|vt\d+|ansi|cons25)$/.test(TERM);

/** What is on where nothing was chosen: all that the terminal is known to take. */
export function alertsFor(env: Environment): ReadonlySet<AlertKind> {
  const kinds: readonly (readonly [AlertKind, boolean])[] = [
    ["bell", true],
    ["title", takesTitle(env)],
    ["notification", takesNotifications(env)],
  ];
  return new Set(kinds.flatMap(([kind, on]) => (on ? [kind] : [])));
}
