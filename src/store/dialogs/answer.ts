import { typedBy, withoutLast } from "../keys/typed-text.ts";
import type { Act, Answer, Dialog, PanelState } from "../panel-state.ts";

/** Keys sooner than this after a dialog opened were meant for something else. */
export const dialogGuardMs = 300;

/** More printable characters than this in one chunk are a paste, whatever the terminal says. */
const mostTypedAtOnce = 8;

/** Where a key came from: all keys of one read of the terminal share the chunk. */
export interface Origin {
  readonly chunk: number;
  /** Printable characters in the chunk. */
  readonly printable: number;
}

export type Answered =
  | { readonly effect: "ignore"; readonly tell: string }
  | { readonly effect: "stay"; readonly answer: Answer }
  | { readonly effect: "close"; readonly act: Act };

const ignore = (tell: string): Answered => ({ effect: "ignore", tell });
const close = (act: Act = { do: "nothing" }): Answered => ({ effect: "close", act });

function tooSoon({ openedAt, openedIn }: Dialog, now: number, origin: Origin): boolean {
  return now - openedAt < dialogGuardMs || origin.chunk === openedIn;
}

const steps: Readonly<Record<string, number>> = { j: 1, down: 1, tab: 1, k: -1, up: -1, "shift-tab": -1 };

function choosing(answer: Extract<Answer, { by: "choice" }>, key: string): Answered {
  const last = answer.choices.length - 1;
  const step = steps[key];
  if (step !== undefined) {
    return { effect: "stay", answer: { ...answer, index: Math.max(0, Math.min(last, answer.index + step)) } };
  }
  const index = /^[1-9]$/.test(key) ? Number(key) - 1 : last + 1;
  if (index <= last) return { effect: "stay", answer: { ...answer, index } };
  if (key === "enter") return close(answer.choices[answer.index]?.act);
  return ignore("nothing was done: j and k choose, Enter confirms, Esc leaves");
}

function typing(answer: Extract<Answer, { by: "typing" }>, key: string, origin: Origin): Answered {
  if (key === "backspace") return { effect: "stay", answer: { ...answer, typed: withoutLast(answer.typed) } };
  if (key === "ctrl-u") return { effect: "stay", answer: { ...answer, typed: "" } };
  if (key === "enter") {
    if (answer.typed === answer.expected) return close(answer.act);
    return ignore(
      `nothing was done: ${answer.typed === "" ? "type it first, Enter confirms, Esc leaves" : "that is not it"}`,
    );
  }
  const text = typedBy(key);
  if (text === null) return ignore("nothing was done: it is typed, Enter confirms, Esc leaves");
  if (origin.printable > mostTypedAtOnce)
    return ignore("nothing was done: so many keys at once are a paste, and this terminal does not say so; type it");
  return { effect: "stay", answer: { ...answer, typed: answer.typed + text } };
}

/** What a key does to the open dialog. Esc always leaves; nothing else works within the guard. */
export function answerOf(dialog: Dialog, key: string, now: PanelState["now"], origin: Origin): Answered {
  if (key === "esc") return close();
  if (tooSoon(dialog, now, origin)) return ignore("nothing was done: the key came too soon after the dialog");
  const { answer } = dialog;
  switch (answer.by) {
    case "choice":
      return choosing(answer, key);
    case "typing":
      return typing(answer, key, origin);
    default:
      return answer satisfies never;
  }
}
