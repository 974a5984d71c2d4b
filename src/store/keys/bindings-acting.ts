import type { RunNode } from "../../engine/model/state.ts";
import { agreementDraft } from "../dialogs/agreement-draft.ts";
import { consentDraft, rollbackAllDraft, rollbackDraft, touchedNodes } from "../dialogs/dialogs.ts";
import { canChange, inOrOutDraft, skipDraft } from "../dialogs/in-or-out-draft.ts";
import { optionsDraft } from "../dialogs/options-draft.ts";
import { failedStepOf, rebootedDraft, retryNodeDraft, retryRunDraft } from "../dialogs/retry-draft.ts";
import type { PanelState } from "../panel-state.ts";
import { chosenNodes, wasRolledBackByPolicy } from "../views/rows.ts";
import type { Binding } from "./binding.ts";
import type { Deck } from "./deck.ts";

/** Nothing can be asked of a run that is over or out of reach. */
export function over({ run, closed }: PanelState): string | null {
  if (run.outcome !== null) return "the run is over";
  if (closed !== null) return "the engine is gone: R starts it again";
  return run.plan ? null : "there is no plan yet";
}

/** Who has a watched run; null where this panel's engine has it. */
export function runnerElsewhere({ watching, run }: PanelState): string | null {
  if (!watching) return null;
  return run.runner?.lease === "held" ? run.runner.holder : "nobody";
}

/** One who watches can change nothing but the pace. */
function notOurs(state: PanelState): string | null {
  const gone = over(state);
  if (gone !== null) return gone;
  const holder = runnerElsewhere(state);
  if (holder === null) return null;
  return holder === "nobody" ? "nobody runs it: T takes it over" : `you watch; ${holder} runs it: T asks for it`;
}

/** Past the point of no return nothing can be undone. */
function pastReturn({ run }: PanelState): string | null {
  return run.consents["remove-source"] ? "the old CNI is being removed: nothing can be rolled back any more" : null;
}

/** In the plan and in the log no node is seen to be selected. */
export const elsewhere = ({ view }: PanelState): string | null =>
  view.pane === "plan" || view.pane === "log" ? "choose a node first (1)" : null;

/** Before the first consent, nodes that were marked are what `m` is about. */
function marksFirst(state: PanelState): boolean {
  const { run, view } = state;
  if (run.asking !== "nodes" || run.agreement !== null || elsewhere(state) !== null) return false;
  return run.order.some((name) => view.marks[name]);
}

const answersRun = (state: PanelState): boolean =>
  (state.run.asking !== null || state.run.agreement !== null) && !marksFirst(state);

function migrate(deck: Deck): void {
  const state = deck.state();
  const asked = answersRun(state) ? (agreementDraft(state) ?? consentDraft(state)) : null;
  deck.open(asked ?? inOrOutDraft(state, chosenNodes(state)));
}

/** For an act that takes one node: the marked one, else the one under the cursor. */
function withChosen(state: PanelState, why: (node: RunNode) => string | null): string | null {
  const gone = notOurs(state) ?? elsewhere(state);
  if (gone !== null) return gone;
  const [node, ...more] = chosenNodes(state);
  if (!node) return "no node is selected";
  return more.length > 0 ? `one node at a time, and ${more.length + 1} are marked` : why(node);
}

function onChosen(deck: Deck, act: (node: RunNode, state: PanelState) => void): void {
  const state = deck.state();
  const [node] = chosenNodes(state);
  if (node) act(node, state);
}

/** Several queued nodes, which can be left out together. */
function queuedTogether(state: PanelState): boolean {
  const chosen = chosenNodes(state);
  return chosen.length > 1 && chosen.every(({ state: nodeState }) => nodeState.phase === "queued");
}

function whyNoSkip(node: RunNode): string | null {
  const { phase } = node.state;
  return phase === "failed" || phase === "queued" || wasRolledBackByPolicy(node)
    ? null
    : `${node.name} is neither queued nor failed`;
}

function skip(deck: Deck): void {
  const state = deck.state();
  if (queuedTogether(state)) deck.open(inOrOutDraft(state, chosenNodes(state)));
  else onChosen(deck, (node) => deck.open(skipDraft(state, node)));
}

const canRetry = (node: RunNode): boolean => node.state.phase === "failed" || wasRolledBackByPolicy(node);

/** The run's failed step is tried again from every pane; a node that failed comes first where it is the chosen one. */
function retriesRun(state: PanelState): boolean {
  if (failedStepOf(state.run) === null) return false;
  return elsewhere(state) !== null || !chosenNodes(state).some(canRetry);
}

function retry(deck: Deck): void {
  const state = deck.state();
  const draft = retriesRun(state) ? retryRunDraft(state) : null;
  if (draft) deck.open(draft);
  else onChosen(deck, (node) => deck.open(retryNodeDraft(state, node)));
}

function whyNoUndo(node: RunNode): string | null {
  const { phase } = node.state;
  if (phase === "migrated" || phase === "migrating" || phase === "failed" || phase === "deferred") return null;
  return phase === "rolling-back"
    ? `${node.name} is being rolled back`
    : `${node.name} is as it was: nothing to roll back`;
}

const waitsForReboot = ({ run }: PanelState, { state }: RunNode): boolean =>
  (state.phase === "failed" && state.step === "reboot") ||
  (run.plan?.options.reboot.method === "manual" && state.phase === "migrating" && state.step === "reboot");

/** Keys that ask something of nodes; each is confirmed unless it is harmless. */
export const actingBindings: readonly Binding[] = [
  {
    id: "migrate",
    keys: ["m"],
    shown: "m",
    label: "migrate",
    labelNow: (state) => (answersRun(state) ? "answer" : "in or out"),
    help: "give the consent that is asked for; else exclude or include the marked nodes, or the one under the cursor",
    group: "Nodes",
    footer: 10,
    blocked(state) {
      const gone = notOurs(state);
      if (gone !== null) return gone;
      if (answersRun(state)) return null;
      const where = elsewhere(state);
      if (where !== null) return where;
      return canChange(chosenNodes(state)).length > 0 ? null : "only queued or excluded nodes can change";
    },
    run: migrate,
  },
  {
    id: "rollback",
    keys: ["u"],
    shown: "u",
    label: "roll back",
    help: "take the marked node, or the one under the cursor, back to the old CNI",
    group: "Nodes",
    footer: 20,
    blocked: (state) => pastReturn(state) ?? withChosen(state, whyNoUndo),
    run: (deck) => onChosen(deck, (node, state) => deck.open(rollbackDraft(state, node))),
  },
  {
    id: "retry",
    keys: ["r"],
    shown: "r",
    label: "retry",
    help: "retry the marked node, or the one under the cursor, or the run's failed step",
    group: "Nodes",
    footer: 12,
    blocked: (state) =>
      retriesRun(state)
        ? notOurs(state)
        : withChosen(state, (node) => (canRetry(node) ? null : `${node.name} has not failed`)),
    run: retry,
  },
  {
    id: "skip",
    keys: ["s"],
    shown: "s",
    label: "skip",
    help: "exclude the marked nodes, or the one under the cursor; a failed one is rolled back first",
    group: "Nodes",
    footer: 25,
    blocked: (state) => (queuedTogether(state) ? (notOurs(state) ?? elsewhere(state)) : withChosen(state, whyNoSkip)),
    run: skip,
  },
  {
    id: "options",
    keys: ["o"],
    shown: "o",
    label: "options",
    help: "what can be done about the marked node, or the one under the cursor, that failed or waits",
    group: "Nodes",
    footer: 14,
    blocked: (state) =>
      withChosen(state, (node) =>
        canRetry(node) || (node.hold && node.state.phase === "migrating")
          ? null
          : `${node.name} neither failed nor waits`,
      ),
    run: (deck) => onChosen(deck, (node, state) => deck.open(optionsDraft(state, node))),
  },
  {
    id: "rebooted",
    keys: ["b"],
    shown: "b",
    label: "I rebooted it",
    help: "say that you rebooted the marked node, or the one under the cursor (reboot method manual, or a failed reboot)",
    group: "Nodes",
    footer: 11,
    blocked: (state) =>
      withChosen(state, (node) => (waitsForReboot(state, node) ? null : `${node.name} does not wait for your reboot`)),
    run: (deck) => onChosen(deck, (node, state) => deck.open(rebootedDraft(state, node))),
  },
  {
    id: "rollback-all",
    keys: ["U"],
    shown: "U",
    label: "roll all back",
    help: "roll every node back and remove what the run created",
    group: "Run",
    footer: null,
    blocked(state) {
      const gone = notOurs(state) ?? pastReturn(state);
      if (gone !== null) return gone;
      if (state.run.direction === "rollback") return "the run is being rolled back already";
      return touchedNodes(state) === 0 && Object.keys(state.run.steps).length === 0 ? "nothing was changed yet" : null;
    },
    run: (deck) => deck.open(rollbackAllDraft(deck.state())),
  },
];
