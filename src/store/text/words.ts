import type { Outcome, ProbePath } from "../../engine/model/events.ts";
import { waitsForPerson } from "../../engine/model/hold.ts";
import type { NodeLife, StepId, UndoStepId } from "../../engine/model/node-state.ts";
import type { Consent, RunStepId, SourceFacts, UndoRunStepId } from "../../engine/model/plan-types.ts";
import type { NodeState } from "../../engine/model/state.ts";
import { inHand, nodeAtWork } from "../motion.ts";
import type { PanelState } from "../panel-state.ts";
import type { Tone } from "./line.ts";
import type { NodeWord } from "./node-word.ts";

/** A wait shorter than this is a step at work, not something that holds it. */
const heldAfterMs = 10_000;

/** Something stands in the way of the step, and has for a while or until a person acts. */
export const isHeld = ({ hold }: NodeState, now: number): boolean =>
  hold !== null && (waitsForPerson(hold) || now - hold.since >= heldAfterMs);

const phaseWords: Readonly<Record<NodeLife["phase"], NodeWord>> = {
  queued: "queued",
  excluded: "left out",
  migrating: "moving",
  failed: "failed",
  undoing: "undoing",
  aside: "aside",
  restored: "restored",
  migrated: "moved",
};

/** One in hand that nobody works on is held, whatever it waited for. */
export function wordOf(state: Pick<PanelState, "run" | "closed" | "watching" | "now">, node: NodeState): NodeWord {
  if (!inHand(node)) return phaseWords[node.life.phase];
  return !nodeAtWork(state, node) || isHeld(node, state.now) ? "held" : phaseWords[node.life.phase];
}

export const wordTones: Readonly<Record<NodeWord, Tone>> = {
  queued: "quiet",
  "left out": "quiet",
  moving: "busy",
  held: "warn",
  failed: "bad",
  undoing: "warn",
  aside: "warn",
  restored: "source",
  moved: "good",
};

export const stepWords: Readonly<Record<StepId | UndoStepId, string>> = {
  gate: "check before the start",
  cordon: "keep new pods away",
  drain: "move pods elsewhere",
  "hand-over": "give Cilium the node",
  "restart-agent": "restart the agent",
  reboot: "reboot",
  return: "wait for its return",
  sweep: "sweep old addresses",
  verify: "verify traffic",
  uncordon: "let pods come back",
  soak: "watch it for a while",
  "undo-cordon": "keep new pods away",
  "undo-drain": "move pods elsewhere",
  "undo-label": "take the node back",
  "undo-agent": "restart the agent",
  "undo-files": "put CNI files back",
  "undo-source": "start the old CNI",
  "undo-recycle": "recreate the pods",
  "undo-verify": "verify traffic",
  "undo-uncordon": "let pods come back",
};

/** The run's steps, in words that fit the header. `source` stands for the old CNI's name. */
export const runStepWords: Readonly<Record<RunStepId | UndoRunStepId, string>> = {
  prepare: "preparing",
  install: "installing Cilium beside {source}",
  prove: "proving that Cilium took over nothing",
  "node-config": "making nodes selectable",
  nodes: "moving nodes",
  upgrade: "making Cilium the only CNI",
  "restart-agents": "restarting the agents",
  "restart-operator": "restarting the operator",
  check: "checking the cluster",
  "remove-node-config": "removing the per-node setting",
  "remove-source": "removing {source}",
  "clean-nodes": "cleaning the nodes",
  report: "writing the report",
  "undo-upgrade": "putting the first Cilium values back",
  "undo-nodes": "taking nodes back to {source}",
  "undo-node-config": "removing the per-node setting",
  "undo-install": "removing Cilium",
  "undo-clean": "cleaning the nodes",
  "undo-report": "writing the report",
};

export const outcomeWords: Readonly<Record<Outcome, string>> = {
  migrated: "every node runs on Cilium",
  undone: "every node is on its old CNI again",
  paused: "paused; it can be taken up again",
  waiting: "it waits for a person",
  failed: "it can be taken up again",
  blocked: "nothing was changed",
  interrupted: "it can be taken up again",
  "lock-lost": "somebody else took the run over",
  "handed-over": "somebody else goes on with it",
};

export const consentWords: Readonly<Record<Consent, string>> = {
  nodes: "move the nodes?",
  finalize: "make Cilium the only CNI?",
  "remove-source": "remove {source} for good?",
};

export const pathWords: Readonly<Record<ProbePath, string>> = {
  "source-to-source": "old→old",
  "source-to-cilium": "old→new",
  "cilium-to-source": "new→old",
  "cilium-to-cilium": "new→new",
  dns: "dns",
  "api-service": "api",
};

export const paths: readonly ProbePath[] = [
  "source-to-source",
  "source-to-cilium",
  "cilium-to-source",
  "cilium-to-cilium",
  "dns",
  "api-service",
];

/** The old CNI as people write it: as it names itself in the plan. */
export const sourceName = (source: Pick<SourceFacts, "name"> | undefined): string => source?.name ?? "the old CNI";
