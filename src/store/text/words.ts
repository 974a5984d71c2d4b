import type { Outcome, ProbePath } from "../../engine/model/events.ts";
import { waitsForPerson } from "../../engine/model/hold.ts";
import type { NodeState } from "../../engine/model/node-state.ts";
import type { Consent, SourceFacts } from "../../engine/model/plan-types.ts";
import type { RunNode } from "../../engine/model/state.ts";
import { inHand, nodeAtWork } from "../motion.ts";
import type { PanelState } from "../panel-state.ts";
import type { Tone } from "./line.ts";
import type { NodeWord } from "./node-word.ts";

/** A wait shorter than this is a step at work, not something that holds it. */
const heldAfterMs = 10_000;

/** Something stands in the way of the step, and has for a while or until a person acts. */
export const isHeld = ({ hold }: RunNode, now: number): boolean =>
  hold !== null && (waitsForPerson(hold) || now - hold.since >= heldAfterMs);

const phaseWords: Readonly<Record<NodeState["phase"], NodeWord>> = {
  queued: "queued",
  excluded: "excluded",
  migrating: "migrating",
  failed: "failed",
  "rolling-back": "rolling back",
  deferred: "deferred",
  "rolled-back": "rolled back",
  migrated: "migrated",
};

/** One in hand that nobody works on is held, whatever it waited for. */
export function wordOf(state: Pick<PanelState, "run" | "closed" | "watching" | "now">, node: RunNode): NodeWord {
  if (!inHand(node)) return phaseWords[node.state.phase];
  return !nodeAtWork(state, node) || isHeld(node, state.now) ? "waiting" : phaseWords[node.state.phase];
}

export const wordTones: Readonly<Record<NodeWord, Tone>> = {
  queued: "quiet",
  excluded: "quiet",
  migrating: "busy",
  waiting: "warn",
  failed: "bad",
  "rolling back": "warn",
  deferred: "warn",
  "rolled back": "source",
  migrated: "good",
};

export const outcomeWords: Readonly<Record<Outcome, string>> = {
  migrated: "every node runs on Cilium",
  "rolled-back": "every node is on its old CNI again",
  paused: "paused; it can be taken up again",
  waiting: "it waits for a person",
  failed: "it can be taken up again",
  blocked: "nothing was changed",
  interrupted: "it can be taken up again",
  "lock-lost": "another engine took the run over",
  released: "another engine continues it",
};

export const consentWords: Readonly<Record<Consent, string>> = {
  nodes: "move the nodes?",
  finalize: "make Cilium the only CNI?",
  "policy-drops": "go on although connections are refused that no policy explains?",
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

/** The old CNI as people write it: as it names itself in the plan. */
export const sourceName = (source: Pick<SourceFacts, "name"> | undefined): string => source?.name ?? "the old CNI";
