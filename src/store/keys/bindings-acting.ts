import type { RunNode } from "../../engine/model/state.ts";
import { agreementDraft } from "../dialogs/agreement-draft.ts";
import { consentDraft, rollbackAllDraft, rollbackDraft, touchedNodes } from "../dialogs/dialogs.ts";
import { canChange, inOrOutDraft, skipDraft } from "../dialogs/in-or-out-draft.ts";
import { optionsDraft } from "../dialogs/options-draft.ts";
import { failedStepOf, rebootedDraft, retryNodeDraft, retryRunDraft } from "../dialogs/retry-draft.ts";
import type { PanelState } from "../panel-state.ts";
import { chosenNodes, wasRolledBackByPolicy } from "../views/rows.ts";
import type { Binding } from "./binding.ts";
import type { KeyActions } from "./key-actions.ts";

/** Nothing can be asked of a run that is over or out of reach. */
export function over({ run, closed }: PanelState): string | null {
  if (run.outcome !== null) return "the run is over";
  if (closed !== null) return "the engine is gone: R starts it again";
  return run.plan ? null : "there is no plan yet";
}

/** Another engine that may hold a watched run's lease; its holder is null where the lease is free. */
export interface OtherRunner {
  readonly holder: string | null;
}

/** Who runs a watched run; null where this panel's engine does. */
export function otherRunner({ watching, run }: PanelState): OtherRunner | null {
  if (!watching) return null;
  return { holder: run.runner?.lease === "held" ? run.runner.holder : null };
}

/** A watched run whose lease is free: any panel may take it over. */
export const isWithoutRunner = (state: PanelState): boolean => otherRunner(state)?.holder === null;

/** Why a watched run without a runner does not answer. */
export const withoutRunner = "no engine runs it: T takes it over";

/** One who watches can change nothing but the pace. */
function notOurs(state: PanelState): string | null {
  const gone = over(state);
  if (gone !== null) return gone;
  const runner = otherRunner(state);
  if (runner === null) return null;
  return runner.holder === null ? withoutRunner : `you watch; ${runner.holder} runs it: T asks for it`;
}

/** Past the point of no return nothing can be undone. */
function pastReturn({ run }: PanelState): string | null {
  return run.consents["remove-source"] ? "the old CNI is being removed: nothing can be rolled back any more" : null;
}

/** In the plan and in the log no node is seen to be selected. */
export const inOtherPane = ({ view }: PanelState): string | null =>
  view.pane === "plan" || view.pane === "log" ? "choose a node first (1)" : null;

/** Before the first consent, nodes that were marked are what `m` is about. */
function marksFirst(state: PanelState): boolean {
  const { run, view } = state;
  if (run.asking !== "nodes" || run.agreement !== null || inOtherPane(state) !== null) return false;
  return run.order.some((name) => view.marks[name]);
}

const answersRun = (state: PanelState): boolean =>
  (state.run.asking !== null || state.run.agreement !== null) && !marksFirst(state);

function migrate(actions: KeyActions): void {
  const state = actions.state();
  const asked = answersRun(state) ? (agreementDraft(state) ?? consentDraft(state)) : null;
  actions.open(asked ?? inOrOutDraft(state, chosenNodes(state)));
}

/** For an act that takes one node: the marked one, else the one under the cursor. */
function withChosen(state: PanelState, why: (node: RunNode) => string | null): string | null {
  const gone = notOurs(state) ?? inOtherPane(state);
  if (gone !== null) return gone;
  const [node, ...more] = chosenNodes(state);
  if (!node) return "no node is selected";
  return more.length > 0 ? `one node at a time, and ${more.length + 1} are marked` : why(node);
}

function onChosen(actions: KeyActions, act: (node: RunNode, state: PanelState) => void): void {
  const state = actions.state();
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

function skip(actions: KeyActions): void {
  const state = actions.state();
  if (queuedTogether(state)) actions.open(inOrOutDraft(state, chosenNodes(state)));
  else onChosen(actions, (node) => actions.open(skipDraft(state, node)));
}

const canRetry = (node: RunNode): boolean => node.state.phase === "failed" || wasRolledBackByPolicy(node);

/** The run's failed step is tried again from every pane; a node that failed comes first where it is the chosen one. */
function retriesRun(state: PanelState): boolean {
  if (failedStepOf(state.run) === null) return false;
  return inOtherPane(state) !== null || !chosenNodes(state).some(canRetry);
}

function retry(actions: KeyActions): void {
  const state = actions.state();
  const draft = retriesRun(state) ? retryRunDraft(state) : null;
  if (draft) actions.open(draft);
  else onChosen(actions, (node) => actions.open(retryNodeDraft(state, node)));
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
      const where = inOtherPane(state);
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
    run: (actions) => onChosen(actions, (node, state) => actions.open(rollbackDraft(state, node))),
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
    blocked: (state) => (queuedTogether(state) ? (notOurs(state) ?? inOtherPane(state)) : withChosen(state, whyNoSkip)),
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
    run: (actions) => onChosen(actions, (node, state) => actions.open(optionsDraft(state, node))),
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
    run: (actions) => onChosen(actions, (node, state) => actions.open(rebootedDraft(state, node))),
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
    run: (actions) => actions.open(rollbackAllDraft(actions.state())),
  },
];
