import { answerOf, dialogGuardMs, type Origin } from "../dialogs/answer.ts";
import { dialogWindow, isRead, turned } from "../dialogs/dialog-window.ts";
import { typedIn, withTyped } from "../find.ts";
import type { Act, Dialog } from "../panel-state.ts";
import { visible } from "../text/width.ts";
import { layoutOf } from "../views/layout.ts";
import { bindings } from "./bindings.ts";
import type { Deck } from "./deck.ts";
import { typedBy, withoutLast } from "./typed-text.ts";

/** Keys that work whatever is open. */
const everywhere: ReadonlySet<string> = new Set(["ctrl-c", "ctrl-l", "ctrl-s", "ctrl-z"]);

const pageKeys: Readonly<Record<string, number>> = { pagedown: 1, "ctrl-f": 1, pageup: -1, "ctrl-b": -1 };

/** A page of a dialog that does not fit; false where there is nothing to turn. */
function turnPage(deck: Deck, dialog: Dialog, key: string): boolean {
  const pages = pageKeys[key];
  const { lines, rows } = dialogWindow(deck.state(), dialog);
  if (pages === undefined || lines.length <= rows) return false;
  deck.look({ dialog: turned(deck.state(), dialog, pages), message: null });
  return true;
}

/** What a dialog says below its edge is agreed to unread by nobody. */
function confirm(deck: Deck, dialog: Dialog, act: Act): void {
  if (act.do !== "nothing" && !isRead(deck.state(), dialog)) {
    deck.tell("nothing was done: PgDn shows the rest of it first");
    return;
  }
  deck.look({ dialog: null, message: null });
  deck.perform(act);
}

function answer(deck: Deck, dialog: Dialog, key: string, origin: Origin): void {
  if (turnPage(deck, dialog, key)) return;
  const answered = answerOf(dialog, key, deck.state().now, origin);
  switch (answered.effect) {
    case "ignore":
      deck.tell(answered.tell);
      return;
    case "stay":
      deck.look({ dialog: { ...dialog, answer: answered.answer }, message: null });
      return;
    case "close":
      confirm(deck, dialog, answered.act);
      return;
    default:
      answered satisfies never;
      return;
  }
}

function edit(deck: Deck, key: string): void {
  const typed = typedIn(deck.state());
  const retype = (text: string) => deck.look(withTyped(deck.state(), text));
  if (key === "enter") {
    deck.look({ filtering: false });
    return;
  }
  if (key === "esc") {
    deck.look({ ...withTyped(deck.state(), ""), filtering: false });
    return;
  }
  if (key === "down" || key === "up") {
    deck.move(key === "down" ? 1 : -1);
    return;
  }
  if (key === "ctrl-u") {
    retype("");
    return;
  }
  if (key === "backspace") {
    retype(withoutLast(typed));
    return;
  }
  const text = typedBy(key);
  if (text !== null) retype(typed + text);
}

function byBinding(deck: Deck, key: string): void {
  const binding = bindings.find(({ keys }) => keys.includes(key));
  if (!binding) {
    deck.tell(`${key}: no such key, ? lists them`);
    return;
  }
  const state = deck.state();
  const unseen = layoutOf(state).tooSmall && binding.small !== true ? "make the terminal larger first" : null;
  const why = unseen ?? binding.blocked(state);
  if (why !== null) {
    deck.tell(`${binding.shown}: ${why}`);
    return;
  }
  deck.look({ message: null });
  binding.run(deck);
}

/** A paste fills in what is typed, as one line, and confirms nothing: keys that come with it or soon after it do not answer. */
export function pasteText(deck: Deck, text: string): void {
  const { view, now } = deck.state();
  const words = visible(text.replaceAll(/\s+/g, " ")).trim();
  if (view.filtering && !view.dialog) {
    deck.look(withTyped(deck.state(), typedIn(deck.state()) + words));
    return;
  }
  const { dialog } = view;
  if (!dialog) {
    deck.tell("nothing was done: pasted text is no key");
    return;
  }
  const { answer } = dialog;
  if (answer.by !== "typing") {
    deck.tell("nothing was done: pasted text chooses nothing, j and k choose, Enter confirms, Esc leaves");
    return;
  }
  if (now - dialog.openedAt < dialogGuardMs) {
    deck.tell("nothing was done: the paste came too soon after the dialog");
    return;
  }
  deck.open({ ...dialog, answer: { ...answer, typed: answer.typed + words } });
  deck.tell("pasted: nothing was done yet, Enter confirms");
}

/** One key, to whatever listens now: the open dialog, the filter, or the bindings. */
export function pressKey(deck: Deck, key: string, origin: Origin): void {
  const { view } = deck.state();
  if (everywhere.has(key)) {
    byBinding(deck, key);
    return;
  }
  if (view.dialog) {
    answer(deck, view.dialog, key, origin);
    return;
  }
  if (view.filtering) {
    edit(deck, key);
    return;
  }
  byBinding(deck, key);
}
