import { answerOf, dialogGuardMs, type Origin } from "./answer.ts";
import { bindings } from "./bindings.ts";
import type { Deck } from "./deck.ts";
import { layoutOf } from "./layout.ts";
import { typedBy, withoutLast } from "./typed-text.ts";
import { visible } from "./width.ts";

/** Keys that work whatever is open. */
const everywhere: ReadonlySet<string> = new Set(["ctrl-c", "ctrl-l", "ctrl-s", "ctrl-z"]);

function answer(deck: Deck, key: string, origin: Origin): void {
  const { view, now } = deck.state();
  if (!view.dialog) return;
  const answered = answerOf(view.dialog, key, now, origin);
  switch (answered.effect) {
    case "ignore":
      if (answered.tell !== null) deck.tell(answered.tell);
      return;
    case "stay":
      deck.look({ dialog: { ...view.dialog, answer: answered.answer }, message: null });
      return;
    case "close":
      deck.look({ dialog: null, message: null });
      if (answered.tell !== null) deck.tell(answered.tell);
      deck.perform(answered.act);
      return;
    default:
      answered satisfies never;
      return;
  }
}

function edit(deck: Deck, key: string): void {
  const { filter } = deck.state().view;
  if (key === "enter") {
    deck.look({ filtering: false });
    return;
  }
  if (key === "esc") {
    deck.look({ filtering: false, filter: "" });
    return;
  }
  if (key === "down" || key === "up") {
    deck.move(key === "down" ? 1 : -1);
    return;
  }
  if (key === "ctrl-u") {
    deck.look({ filter: "" });
    return;
  }
  if (key === "backspace") {
    deck.look({ filter: withoutLast(filter) });
    return;
  }
  const text = typedBy(key);
  if (text !== null) deck.look({ filter: filter + text });
}

function byBinding(deck: Deck, key: string): void {
  const binding = bindings.find(({ keys }) => keys.includes(key));
  if (!binding) return;
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
    deck.look({ filter: view.filter + words });
    return;
  }
  const { dialog } = view;
  if (!dialog) return;
  const { answer } = dialog;
  if (answer.by !== "typing" || now - dialog.openedAt < dialogGuardMs) {
    deck.tell("pasted text does not answer");
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
    answer(deck, key, origin);
    return;
  }
  if (view.filtering) {
    edit(deck, key);
    return;
  }
  byBinding(deck, key);
}
