import { afterwards, leaveDraft, standingOf } from "../dialogs/leave-draft.ts";
import { takeOverDraft } from "../dialogs/take-over-draft.ts";
import type { PanelState } from "../panel-state.ts";
import { selectedNode } from "../views/rows.ts";
import { always, type Binding } from "./binding.ts";
import { isWithoutRunner, otherRunner, over, withoutRunner } from "./bindings-acting.ts";
import type { KeyActions } from "./key-actions.ts";

/** How long a first Ctrl-c stands. */
const leaveArmedMs = 2_000;

function leave(actions: KeyActions): void {
  const draft = leaveDraft(actions.state());
  if (draft) actions.open(draft);
  else actions.perform({ do: "leave", whenLeft: null, pause: false });
}

function leaveAtSecond(actions: KeyActions): void {
  const state = actions.state();
  const { view, now, run } = state;
  if (now < view.leaveArmedUntil) {
    const standing = standingOf(state);
    const begun = standing === "running" || standing === "waits-for-you";
    actions.perform({ do: "leave", whenLeft: null, pause: begun && run.whenLeft === "pause" });
    return;
  }
  actions.setView({ leaveArmedUntil: now + leaveArmedMs, dialog: null, filtering: false });
  const then = afterwards(state);
  actions.tell(then === null ? "press Ctrl-c again to leave" : `press Ctrl-c again to leave; ${then}`);
}

function saveScreen(actions: KeyActions): void {
  actions.terminal.saveScreen().then(
    (path) => actions.tell(`screen written to ${path}`),
    (error: unknown) => actions.tell(`the screen could not be written: ${String(error)}`, true),
  );
}

/** An observer can ask the runner only while there is one. */
const unheard = (state: PanelState): string | null => over(state) ?? (isWithoutRunner(state) ? withoutRunner : null);

/** Keys about the pace of the run. */
export const paceBindings: readonly Binding[] = [
  {
    id: "pause",
    small: true,
    keys: ["p"],
    shown: "p",
    label: "pause",
    help: "pause at the next safe point",
    group: "Run",
    footer: 15,
    blocked: (state) => unheard(state) ?? (state.run.pace === "running" ? null : `it is ${state.run.pace} already`),
    run: (actions) => actions.ask({ request: "pause", by: actions.state().user }, "pausing at the next safe point"),
  },
  {
    id: "resume",
    small: true,
    keys: ["P"],
    shown: "P",
    label: "resume",
    help: "go on after a pause",
    group: "Run",
    footer: 13,
    blocked: (state) => over(state) ?? (state.run.pace === "running" ? "it is not paused" : null),
    run(actions) {
      const state = actions.state();
      if (isWithoutRunner(state)) actions.open(takeOverDraft(state));
      else actions.ask({ request: "resume", by: state.user }, "going on");
    },
  },
];

/** A run that came to its end needs no engine any more. */
const isOver = ({ run }: PanelState): boolean => run.outcome === "migrated" || run.outcome === "rolled-back";

/** The key for when there is no engine any more. */
export const engineBindings: readonly Binding[] = [
  {
    id: "restart",
    small: true,
    keys: ["R"],
    shown: "R",
    label: "start again",
    help: "start the engine again after it died or ended; it goes on from what the cluster records",
    group: "Run",
    footer: 5,
    blocked: (state) =>
      state.watching
        ? "you watch; T takes the run over"
        : state.closed === null
          ? "the engine runs"
          : isOver(state)
            ? "the run is over"
            : null,
    run: (actions) => actions.restart(),
  },
  {
    id: "take-over",
    small: true,
    keys: ["T"],
    shown: "T",
    label: "take over",
    labelNow: (state) => (isWithoutRunner(state) ? "take over" : "ask for the run"),
    help: "become the runner of a run that you watch; asks its present runner first, where there is one",
    group: "Run",
    footer: 6,
    blocked(state) {
      return otherRunner(state) === null
        ? "it is this panel's engine that runs it"
        : isOver(state)
          ? "the run is over"
          : null;
    },
    run: (actions) => actions.open(takeOverDraft(actions.state())),
  },
];

/** Keys about the terminal and the panel itself. */
export const panelBindings: readonly Binding[] = [
  {
    id: "copy",
    keys: ["y"],
    shown: "y",
    label: "copy name",
    help: "copy the node's name to the clipboard (OSC 52)",
    group: "Panel",
    footer: null,
    blocked: (state) => (selectedNode(state) ? null : "no node is selected"),
    run(actions) {
      const name = selectedNode(actions.state())?.name;
      if (name === undefined) return;
      actions.terminal.copy(name);
      actions.tell(`${name} copied, where the terminal allows it`);
    },
  },
  {
    id: "save-screen",
    small: true,
    keys: ["ctrl-s"],
    shown: "Ctrl-s",
    label: "save screen",
    help: "write what is on the screen to a file",
    group: "Panel",
    footer: null,
    blocked: always,
    run: saveScreen,
  },
  {
    id: "repaint",
    small: true,
    keys: ["ctrl-l"],
    shown: "Ctrl-l",
    label: "repaint",
    help: "draw the whole screen again",
    group: "Panel",
    footer: null,
    blocked: always,
    run: (actions) => actions.terminal.repaint(),
  },
  {
    id: "suspend",
    small: true,
    keys: ["ctrl-z"],
    shown: "Ctrl-z",
    label: "suspend",
    help: "back to the shell; fg returns; the run is not touched",
    group: "Panel",
    footer: null,
    blocked: always,
    run: (actions) => actions.terminal.suspend(),
  },
  {
    id: "leave",
    small: true,
    keys: ["q"],
    shown: "q",
    label: "leave",
    help: "leave the panel; asks what should happen to the run",
    group: "Panel",
    footer: 95,
    blocked: always,
    run: leave,
  },
  {
    id: "leave-twice",
    small: true,
    keys: ["ctrl-c"],
    shown: "Ctrl-c Ctrl-c",
    label: "leave",
    help: "leave without a question",
    group: "Panel",
    footer: null,
    blocked: always,
    run: leaveAtSecond,
  },
];
