import { answerOf, dialogGuardMs, type Origin } from "../dialogs/answer.ts";
import { dialogWindow, isRead, turned } from "../dialogs/dialog-window.ts";
import { typedIn, withTyped } from "../find.ts";
import type { Act, Dialog } from "../panel-state.ts";
import { visible } from "../text/width.ts";
import { layoutOf } from "../views/layout.ts";
import { bindings } from "./bindings.ts";
import type { KeyActions } from "./key-actions.ts";
import { typedBy, withoutLast } from "./typed-text.ts";

/** Keys that work whatever is open. */
const everywhere: ReadonlySet<string> = new Set(["ctrl-c", "ctrl-l", "ctrl-s", "ctrl-z"]);

const pageKeys: Readonly<Record<string, number>> = { pagedown: 1, "ctrl-f": 1, pageup: -1, "ctrl-b": -1 };

/** A page of a dialog that does not fit; false where there is nothing to turn. */
function turnPage(actions: KeyActions, dialog: Dialog, key: string): boolean {
  const pages = pageKeys[key];
  const { lines, rows } = dialogWindow(actions.state(), dialog);
  if (pages === undefined || lines.length <= rows) return false;
  actions.setView({ dialog: turned(actions.state(), dialog, pages), message: null });
  return true;
}

/** What a dialog says below its edge is agreed to unread by nobody. */
function confirm(actions: KeyActions, dialog: Dialog, act: Act): void {
  if (act.do !== "nothing" && !isRead(actions.state(), dialog)) {
    actions.tell("nothing was done: PgDn shows the rest of it first");
    return;
  }
  actions.setView({ dialog: null, message: null });
  actions.perform(act);
}

function answer(actions: KeyActions, dialog: Dialog, key: string, origin: Origin): void {
  if (turnPage(actions, dialog, key)) return;
  const answered = answerOf(dialog, key, actions.state().now, origin);
  switch (answered.effect) {
    case "ignore":
      actions.tell(answered.tell);
      return;
    case "stay":
      actions.setView({ dialog: { ...dialog, answer: answered.answer }, message: null });
      return;
    case "close":
      confirm(actions, dialog, answered.act);
      return;
    default:
      answered satisfies never;
      return;
  }
}

function edit(actions: KeyActions, key: string): void {
  const typed = typedIn(actions.state());
  const retype = (text: string) => actions.setView(withTyped(actions.state(), text));
  if (key === "enter") {
    actions.setView({ filtering: false });
    return;
  }
  if (key === "esc") {
    actions.setView({ ...withTyped(actions.state(), ""), filtering: false });
    return;
  }
  if (key === "down" || key === "up") {
    actions.move(key === "down" ? 1 : -1);
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

function byBinding(actions: KeyActions, key: string): void {
  const binding = bindings.find(({ keys }) => keys.includes(key));
  if (!binding) {
    actions.tell(`${key}: no such key, ? lists them`);
    return;
  }
  const state = actions.state();
  const unseen = layoutOf(state).tooSmall && binding.small !== true ? "make the terminal larger first" : null;
  const why = unseen ?? binding.blocked(state);
  if (why !== null) {
    actions.tell(`${binding.shown}: ${why}`);
    return;
  }
  actions.setView({ message: null });
  binding.run(actions);
}

/** A paste fills in what is typed, as one line, and confirms nothing: keys that come with it or soon after it do not answer. */
export function pasteText(actions: KeyActions, text: string): void {
  const { view, now } = actions.state();
  const words = visible(text.replaceAll(/\s+/g, " ")).trim();
  if (view.filtering && !view.dialog) {
    actions.setView(withTyped(actions.state(), typedIn(actions.state()) + words));
    return;
  }
  const { dialog } = view;
  if (!dialog) {
    actions.tell("nothing was done: pasted text is no key");
    return;
  }
  const { answer } = dialog;
  if (answer.by !== "typing") {
    actions.tell("nothing was done: pasted text chooses nothing, j and k choose, Enter confirms, Esc leaves");
    return;
  }
  if (now - dialog.openedAt < dialogGuardMs) {
    actions.tell("nothing was done: the paste came too soon after the dialog");
    return;
  }
  actions.open({ ...dialog, answer: { ...answer, typed: answer.typed + words } });
  actions.tell("pasted: nothing was done yet, Enter confirms");
}

/** One key, to whatever listens now: the open dialog, the filter, or the bindings. */
export function pressKey(actions: KeyActions, key: string, origin: Origin): void {
  const { view } = actions.state();
  if (everywhere.has(key)) {
    byBinding(actions, key);
    return;
  }
  if (view.dialog) {
    answer(actions, view.dialog, key, origin);
    return;
  }
  if (view.filtering) {
    edit(actions, key);
    return;
  }
  byBinding(actions, key);
}
