import { afterwards, leaveDraft, standingOf } from "../dialogs/leave-draft.ts";
import { takeOverDraft } from "../dialogs/take-over-draft.ts";
import type { PanelState } from "../panel-state.ts";
import { selectedNode } from "../views/rows.ts";
import { always, type Binding } from "./binding.ts";
import { over, runnerElsewhere } from "./bindings-acting.ts";
import type { Deck } from "./deck.ts";

/** How long a first Ctrl-c stands. */
const leaveArmedMs = 2_000;

function leave(deck: Deck): void {
  const draft = leaveDraft(deck.state());
  if (draft) deck.open(draft);
  else deck.perform({ do: "leave", whenLeft: null, pause: false });
}

function leaveAtSecond(deck: Deck): void {
  const state = deck.state();
  const { view, now, run } = state;
  if (now < view.leaveArmedUntil) {
    const standing = standingOf(state);
    const begun = standing === "running" || standing === "waits-for-you";
    deck.perform({ do: "leave", whenLeft: null, pause: begun && run.whenLeft === "pause" });
    return;
  }
  deck.look({ leaveArmedUntil: now + leaveArmedMs, dialog: null, filtering: false });
  const then = afterwards(state);
  deck.tell(then === null ? "press Ctrl-c again to leave" : `press Ctrl-c again to leave; ${then}`);
}

function saveScreen(deck: Deck): void {
  deck.terminal.saveScreen().then(
    (path) => deck.tell(`screen written to ${path}`),
    (error: unknown) => deck.tell(`the screen could not be written: ${String(error)}`, true),
  );
}

/** One who watches may ask whoever runs it, and nobody else. */
const unheard = (state: PanelState): string | null =>
  over(state) ?? (runnerElsewhere(state) === "nobody" ? "nobody runs it: T takes it over" : null);

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
    run: (deck) => deck.ask({ request: "pause", by: deck.state().user }, "pausing at the next safe point"),
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
    run(deck) {
      const state = deck.state();
      if (runnerElsewhere(state) === "nobody") deck.open(takeOverDraft(state));
      else deck.ask({ request: "resume", by: state.user }, "going on");
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
    run: (deck) => deck.restart(),
  },
  {
    id: "take-over",
    small: true,
    keys: ["T"],
    shown: "T",
    label: "take over",
    labelNow: (state) => (runnerElsewhere(state) === "nobody" ? "take over" : "ask for the run"),
    help: "become the runner of a run that you watch: asks for it where somebody has it",
    group: "Run",
    footer: 6,
    blocked(state) {
      const holder = runnerElsewhere(state);
      return holder === null ? "it is this panel's engine that runs it" : isOver(state) ? "the run is over" : null;
    },
    run: (deck) => deck.open(takeOverDraft(deck.state())),
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
    run(deck) {
      const name = selectedNode(deck.state())?.name;
      if (name === undefined) return;
      deck.terminal.copy(name);
      deck.tell(`${name} copied, where the terminal allows it`);
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
    run: (deck) => deck.terminal.repaint(),
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
    run: (deck) => deck.terminal.suspend(),
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
