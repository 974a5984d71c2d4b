import type { RunNode } from "../../engine/model/state.ts";
import { atNext, typedIn, withTyped } from "../find.ts";
import { type Pane, type PanelState, panes } from "../panel-state.ts";
import { cursorOf, nodeToLookAt, selectedNode, visibleNodes } from "../views/rows.ts";
import { always, type Binding } from "./binding.ts";
import { inOtherPane } from "./bindings-acting.ts";
import type { KeyActions } from "./key-actions.ts";

const noNodes: Binding["blocked"] = ({ run }) => (run.order.length === 0 ? "no node is known yet" : null);

const nothingTyped: Binding["blocked"] = (state) => (typedIn(state) === "" ? "nothing was typed after /" : null);

function noDetails(state: PanelState): string | null {
  if (state.view.pane === "details") return "the details are open";
  return selectedNode(state) === null ? "no node is selected" : null;
}

function show(actions: KeyActions, pane: Pane): void {
  const { run } = actions.state();
  if (pane === "plan" && !run.plan) {
    actions.tell("there is no plan yet");
    return;
  }
  actions.setView({ pane, help: false });
}

function nextPane(actions: KeyActions, by: number): void {
  const { view, run } = actions.state();
  const open = panes.filter((pane) => pane !== "plan" || run.plan);
  const at = open.indexOf(view.pane);
  show(actions, open[(at + by + open.length) % open.length] ?? "nodes");
}

function nameOf(node: RunNode | null): string {
  const phase = node?.state.phase;
  if (phase === "deferred") return "deferred node";
  return phase === "migrating" || phase === "rolling-back" ? "current node" : "failed node";
}

function whyNotThere(state: PanelState): string | null {
  const node = nodeToLookAt(state);
  if (node === null) return "no node failed, and none is being moved or deferred";
  return selectedNode(state) === node ? `${node.name} is under the cursor` : null;
}

/** To the next or previous place that the text after `/` is found in; in the log, to the next or previous line. */
function find(actions: KeyActions, by: number): void {
  const state = actions.state();
  const { pane } = state.view;
  if (pane === "log") {
    actions.move(by);
    return;
  }
  if (pane !== "nodes") {
    const next = atNext(state, pane, by);
    if (next) actions.setView(next);
    else actions.tell(`${typedIn(state)} is not there`);
    return;
  }
  const names = visibleNodes(state);
  const to = names[(cursorOf(state) + by + names.length) % Math.max(1, names.length)];
  if (to !== undefined) actions.setView({ cursor: to });
}

const numbered = (pane: Pane, key: string, help: string): Binding => ({
  id: `pane-${pane}`,
  keys: [key],
  shown: key,
  label: pane,
  help,
  group: "Look",
  footer: null,
  blocked: always,
  run: (actions) => show(actions, pane),
});

/** One step back: help, then what was typed after `/`, then the pane, then marks; at the top it does nothing. */
function back(actions: KeyActions): void {
  const state = actions.state();
  const { view } = state;
  if (view.help) {
    actions.setView({ help: false });
    return;
  }
  if (typedIn(state) !== "") {
    actions.setView(withTyped(state, ""));
    return;
  }
  if (view.pane !== "nodes") {
    actions.setView({ pane: "nodes" });
    return;
  }
  if (view.rangeFrom !== null) {
    actions.setView({ rangeFrom: null });
    return;
  }
  if (Object.keys(view.marks).length > 0) {
    actions.setView({ marks: {} });
    return;
  }
}

/** Keys that change what is looked at, and nothing else. */
export const viewingBindings: readonly Binding[] = [
  {
    id: "details",
    keys: ["enter"],
    shown: "Enter",
    label: "details",
    help: "open the details of the node",
    group: "Look",
    footer: 40,
    blocked: (state) => inOtherPane(state) ?? noDetails(state),
    run: (actions) => actions.setView({ pane: "details", help: false }),
  },
  {
    id: "back",
    keys: ["esc"],
    shown: "Esc",
    label: "back",
    help: "one step back: help, what was typed after /, pane, marks",
    group: "Look",
    footer: null,
    blocked: always,
    run: back,
  },
  {
    id: "next-pane",
    keys: ["tab"],
    shown: "Tab",
    label: "next pane",
    help: "to the next pane",
    group: "Look",
    footer: 60,
    blocked: always,
    run: (actions) => nextPane(actions, 1),
  },
  {
    id: "previous-pane",
    keys: ["shift-tab"],
    shown: "Shift-Tab",
    label: "previous pane",
    help: "to the previous pane",
    group: "Look",
    footer: null,
    blocked: always,
    run: (actions) => nextPane(actions, -1),
  },
  numbered("nodes", "1", "the nodes"),
  numbered("details", "2", "the details of the selected node, with its CNI files"),
  numbered("plan", "3", "the plan: preflight, order, values, planned changes"),
  numbered("log", "4", "the log"),
  {
    id: "log",
    keys: ["l"],
    shown: "l",
    label: "log",
    help: "open the log, or close it",
    group: "Look",
    footer: 55,
    blocked: always,
    run: (actions) => actions.setView({ pane: actions.state().view.pane === "log" ? "nodes" : "log", help: false }),
  },
  {
    id: "follow",
    keys: ["f"],
    shown: "f",
    label: "follow",
    help: "follow the end of the log",
    group: "Look",
    footer: null,
    blocked: ({ view }) => (view.pane === "log" ? null : "it works in the log"),
    run: (actions) => actions.setView({ follow: true, logBack: 0 }),
  },
  {
    id: "filter",
    keys: ["/"],
    shown: "/",
    label: "filter",
    labelNow: ({ view }) => (view.pane === "details" || view.pane === "plan" ? "find" : "filter"),
    help: "filter the nodes by what their rows say, or the log; in the details and the plan, find; ! in front turns a filter round",
    group: "Look",
    footer: 50,
    blocked: (state) => (state.view.pane === "plan" || state.view.pane === "log" ? null : noNodes(state)),
    run: (actions) => actions.setView({ filtering: true, help: false }),
  },
  {
    id: "next-found",
    keys: ["n"],
    shown: "n",
    label: "next",
    help: "to the next place that / found",
    group: "Look",
    footer: null,
    blocked: nothingTyped,
    run: (actions) => find(actions, 1),
  },
  {
    id: "previous-found",
    keys: ["N"],
    shown: "N",
    label: "previous",
    help: "to the previous one",
    group: "Look",
    footer: null,
    blocked: nothingTyped,
    run: (actions) => find(actions, -1),
  },
  {
    id: "urgent",
    keys: ["!"],
    shown: "!",
    label: "current node",
    labelNow: (state) => nameOf(nodeToLookAt(state)),
    help: "to the failed node, else to the current or a deferred one",
    group: "Look",
    footer: 45,
    blocked: whyNotThere,
    run(actions) {
      const node = nodeToLookAt(actions.state());
      if (node) actions.setView({ cursor: node.name, filter: "", pane: "nodes", help: false });
    },
  },
  {
    id: "help",
    keys: ["?"],
    shown: "?",
    label: "help",
    help: "all keys, and why some of them do nothing now",
    group: "Look",
    footer: 90,
    blocked: always,
    run: (actions) =>
      actions.setView({ help: !actions.state().view.help, scroll: { ...actions.state().view.scroll, help: 0 } }),
  },
];
