import type { Outcome } from "../engine/events.ts";
import type { MigrationState, NodeState } from "../engine/state.ts";
import type { Tone } from "./line.ts";
import type { PanelState } from "./panel-state.ts";
import { consentWords, outcomeWords, runSteps, runStepWords, sourceName, undoRunSteps } from "./words.ts";

interface Badge {
  readonly word: string;
  readonly tone: Tone;
}

const outcomeBadges: Readonly<Partial<Record<Outcome, Badge>>> = {
  migrated: { word: "DONE", tone: "good" },
  undone: { word: "UNDONE", tone: "source" },
  blocked: { word: "BLOCKED", tone: "bad" },
  failed: { word: "FAILED", tone: "bad" },
};

/** Nodes that are not in hand wait for their turn or stay out by choice: neither calls for anybody. */
function nodeNeedsPerson(node: NodeState | undefined): boolean {
  const phase = node?.life.phase;
  return phase === "failed" || ((phase === "migrating" || phase === "undoing") && node?.hold?.needsPerson === true);
}

const needsPerson = (run: MigrationState): boolean =>
  (run.pace === "running" && run.hold?.needsPerson === true) ||
  run.order.some((name) => nodeNeedsPerson(run.nodes[name])) ||
  Object.values(run.steps).some((step) => step.state === "failed");

/** The badge in the header: one word that says whether anything moves. */
export function badgeOf({ run, closed, watching }: PanelState): Badge {
  if (run.outcome !== null) return outcomeBadges[run.outcome] ?? { word: "STOPPED", tone: "warn" };
  if (closed !== null) return { word: "DETACHED", tone: "bad" };
  if (!run.plan) return { word: "LOOKING", tone: "busy" };
  if (watching) return watchedBadge(run);
  if (run.asking) return { word: "YOUR CALL", tone: "key" };
  if (needsPerson(run)) return { word: "NEEDS YOU", tone: "alarm" };
  return movingBadge(run);
}

function movingBadge({ pace, direction }: MigrationState): Badge {
  if (pace !== "running") return { word: pace.toUpperCase(), tone: "warn" };
  return direction === "back" ? { word: "UNDOING", tone: "warn" } : { word: "RUNNING", tone: "good" };
}

/** What waits for a person waits for whoever runs it, not for who watches. */
function watchedBadge(run: MigrationState): Badge {
  if (run.runner?.lease !== "held") return { word: "UNATTENDED", tone: "alarm" };
  if (run.asking) return { word: "ASKED", tone: "key" };
  return needsPerson(run) ? { word: "STANDS", tone: "alarm" } : movingBadge(run);
}

/** The phase of the run in words. */
export function phaseOf({ run }: PanelState): string {
  const source = sourceName(run.plan?.source.id);
  if (run.outcome) return outcomeWords[run.outcome];
  if (!run.plan) return "looking at the cluster";
  if (run.asking) return consentWords[run.asking].replace("{source}", source);
  const doing = [...runSteps, ...undoRunSteps].findLast((step) => run.steps[step]?.state === "doing");
  if (doing) return runStepWords[doing].replace("{source}", source);
  return run.direction === "back" ? `going back to ${source}` : "planned";
}
