import { counted } from "../../engine/model/some-of.ts";
import { cursorOf, selectedNode, visibleNodes } from "../views/rows.ts";
import type { Binding } from "./binding.ts";
import type { KeyActions } from "./key-actions.ts";

const inList: Binding["blocked"] = (state) => {
  if (state.view.pane !== "nodes") return "it works in the list of nodes";
  return selectedNode(state) ? null : "no node is selected";
};

function withMarks(marks: Readonly<Record<string, true>>, names: readonly string[]): Record<string, true> {
  const next: Record<string, true> = { ...marks };
  for (const name of names) next[name] = true;
  return next;
}

function markOne(actions: KeyActions): void {
  const state = actions.state();
  const name = selectedNode(state)?.name;
  if (name === undefined) return;
  const { [name]: marked, ...rest } = state.view.marks;
  actions.setView({ marks: marked ? rest : withMarks(state.view.marks, [name]) });
  actions.move(1);
}

function markRange(actions: KeyActions): void {
  const state = actions.state();
  const names = visibleNodes(state);
  const here = cursorOf(state);
  const { rangeFrom, marks } = state.view;
  const from = rangeFrom === null ? -1 : names.indexOf(rangeFrom);
  if (from < 0) {
    actions.setView({ rangeFrom: names[here] ?? null });
    actions.tell("range begins here: v again marks up to the cursor");
    return;
  }
  const chosen = names.slice(Math.min(from, here), Math.max(from, here) + 1);
  actions.setView({ rangeFrom: null, marks: withMarks(marks, chosen) });
  actions.tell(`${counted(chosen.length, "node")} marked`);
}

function markAll(actions: KeyActions): void {
  const { view } = actions.state();
  const names = visibleNodes(actions.state());
  const all = names.every((name) => view.marks[name]);
  actions.setView({ marks: all ? {} : withMarks(view.marks, names), rangeFrom: null });
  actions.tell(all ? "no node is marked" : `${counted(names.length, "node")} marked`);
}

/** Keys that mark nodes for the next act. */
export const markingBindings: readonly Binding[] = [
  {
    id: "mark",
    keys: ["space"],
    shown: "Space",
    label: "mark",
    help: "mark the node, or take its mark away",
    group: "Nodes",
    footer: 45,
    blocked: inList,
    run: markOne,
  },
  {
    id: "mark-range",
    keys: ["v"],
    shown: "v",
    label: "range",
    help: "begin a range; v again marks up to the cursor",
    group: "Nodes",
    footer: null,
    blocked: inList,
    run: markRange,
  },
  {
    id: "mark-all",
    keys: ["a"],
    shown: "a",
    label: "all",
    help: "mark all nodes that the filter lets through, or none",
    group: "Nodes",
    footer: null,
    blocked: inList,
    run: markAll,
  },
];
