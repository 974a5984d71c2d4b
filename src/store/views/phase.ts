import { rollbackRunStepsOf, runStepsOf } from "../../engine/model/plan/step-order.ts";
import type { RollbackRunStepId, RunStepId } from "../../engine/model/plan-types.ts";
import { conditionOf, type RunCondition } from "../../engine/model/run-condition.ts";
import type { MigrationState } from "../../engine/model/state.ts";
import { runStepTitles, withSource } from "../../words/step-titles.ts";
import { nodesWhere } from "../motion.ts";
import type { PanelState } from "../panel-state.ts";
import type { Tone } from "../text/line.ts";
import { consentWords, outcomeWords, sourceName } from "../text/words.ts";

interface Badge {
  readonly word: string;
  readonly tone: Tone;
}

const badges: Readonly<Record<RunCondition, Badge>> = {
  checking: { word: "CHECKING", tone: "busy" },
  blocked: { word: "BLOCKED", tone: "bad" },
  confirm: { word: "CONFIRM", tone: "key" },
  running: { word: "RUNNING", tone: "good" },
  waiting: { word: "WAITING", tone: "alarm" },
  pausing: { word: "PAUSING", tone: "warn" },
  paused: { word: "PAUSED", tone: "warn" },
  "rolling-back": { word: "ROLLING BACK", tone: "warn" },
  done: { word: "DONE", tone: "good" },
  "rolled-back": { word: "ROLLED BACK", tone: "source" },
  failed: { word: "FAILED", tone: "bad" },
  stopped: { word: "STOPPED", tone: "warn" },
};

/** The badge in the header: one word that says whether anything moves. */
export function badgeOf({ run, closed, watching }: PanelState): Badge {
  if (run.outcome === null && closed !== null) return { word: "DETACHED", tone: "bad" };
  if (run.outcome === null && watching && run.runner?.lease !== "held") return { word: "UNATTENDED", tone: "alarm" };
  const condition = conditionOf(run);
  // Its runner is asked, and not who watches.
  return badges[watching && condition === "confirm" ? "waiting" : condition];
}

const stepInWords = (run: MigrationState, step: RunStepId | RollbackRunStepId): string =>
  withSource(runStepTitles(step).doing, sourceName(run.plan?.source));

/** The step of the run that is at work, in the direction in which it goes. */
export function stepAtWork(run: MigrationState): RunStepId | RollbackRunStepId | null {
  const ofWay = run.direction === "rollback" ? rollbackRunStepsOf(run.plan) : runStepsOf(run.plan);
  return ofWay.findLast((step) => run.steps[step]?.state === "doing") ?? null;
}

/** The first step on the way there that is not done. */
function nextStep(run: MigrationState): string | null {
  if (run.consents.nodes === undefined) return null;
  const next = runStepsOf(run.plan).find((step) => run.steps[step]?.state !== "done");
  if (next === undefined) return null;
  const [waiting] = nodesWhere(run, ({ state }) => state.phase === "queued");
  return next === "nodes" && waiting ? `moving ${waiting.name}` : stepInWords(run, next);
}

/** What comes next while nothing is in hand. */
export function nextOf(run: MigrationState): string {
  if (run.direction === "rollback") return `rolling back to ${sourceName(run.plan?.source)}`;
  const next = nextStep(run);
  if (next !== null) return `next: ${next}`;
  return run.consents.nodes === undefined ? "preflight" : "finishing";
}

function questionOf({ agreement, asking }: MigrationState, source: string): string | null {
  if (agreement !== null) return "agree to the recorded run?";
  return asking === null ? null : consentWords[asking].replace("{source}", source);
}

/** The phase of the run in words. */
export function phaseOf({ run }: PanelState): string {
  const source = sourceName(run.plan?.source);
  if (run.outcome === "rolled-back" && run.direction === "forward") return outcomeWords.paused;
  if (run.outcome) return outcomeWords[run.outcome];
  if (!run.plan) return "looking at the cluster";
  const question = questionOf(run, source);
  if (question !== null) return question;
  const [back] = nodesWhere(run, ({ state }) => state.phase === "rolling-back");
  if (back && run.direction === "forward") return `rolling ${back.name} back to ${source}`;
  const step = stepAtWork(run);
  return step === null ? nextOf(run) : stepInWords(run, step);
}
