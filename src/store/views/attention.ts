import { type Hold, waitsForPerson } from "../../engine/model/hold.ts";
import { nodeStepsOf } from "../../engine/model/plan/step-order.ts";
import { needsPerson } from "../../engine/model/reason.ts";
import { conditionOf, nodeNeedsPerson } from "../../engine/model/run-condition.ts";
import type { MigrationState, RunNode } from "../../engine/model/state.ts";
import { panel } from "../../words/audience.ts";
import { explain, explainFailure } from "../../words/explain.ts";
import { agreementSentence } from "../../words/failures/run-failure-words.ts";
import { endingWords } from "../../words/run-ending.ts";
import { nodeStepTitles, runStepTitles, withSource } from "../../words/step-titles.ts";
import { inHand, nodeAtWork, nodesWhere } from "../motion.ts";
import type { PanelState } from "../panel-state.ts";
import { wholeSeconds } from "../text/durations.ts";
import type { Tone } from "../text/line.ts";
import { consentWords, isHeld, outcomeWords, sourceName } from "../text/words.ts";
import { countNodes } from "./counts.ts";
import { nextOf, stepAtWork } from "./phase.ts";
import { selectedNode } from "./rows.ts";

/** The one sentence that says why nothing moves, or what does. */
export interface Attention {
  readonly tone: Tone;
  readonly text: string;
  /** What clears it or what to do: kept in sight when there is not room for all. */
  readonly remedy: string;
  /** Something is waited for that the cluster, not the person, brings about. */
  readonly spins: boolean;
}

type Rule = (state: PanelState) => Attention | null;

const say = (tone: Tone, text: string, spins = false): Attention => ({ tone, text, remedy: "", spins });

function held(who: string, { reason, since }: Hold, now: number): Attention {
  const { text, clearedBy } = explain(reason, panel);
  const byPerson = needsPerson(reason);
  return {
    tone: byPerson ? "alarm" : "warn",
    text: `${who} for ${text}, ${wholeSeconds(now - since)}`,
    remedy: byPerson || clearedBy === "" ? clearedBy : `cleared by ${clearedBy}`,
    spins: !byPerson,
  };
}

function deferredNote(run: MigrationState): string {
  const deferred = nodesWhere(run, ({ state }) => state.phase === "deferred");
  return deferred.length === 0
    ? "No node is in the middle of a move"
    : `${deferred.map(({ name }) => name).join(", ")} is not Ready: its rollback is deferred until it is`;
}

/** What an engine that died leaves behind. */
function standing({ run }: Pick<PanelState, "run">): string {
  const [node] = nodesWhere(run, inHand);
  if (!node || (node.state.phase !== "migrating" && node.state.phase !== "rolling-back")) return deferredNote(run);
  return `${node.name} stands at "${nodeStepTitles(node.state.step).title}"${node.snapshot?.cordoned ? ", cordoned" : ""}`;
}

const closed: Rule = (state) =>
  state.closed === null || state.run.outcome !== null
    ? null
    : {
        ...say("alarm", `The engine's process is gone, and nothing moves. ${standing(state)}`),
        remedy: "R starts it again and goes on from there",
      };

/** A watched run that nobody has any more. */
const unattended: Rule = (state) => {
  const { watching, run } = state;
  if (!watching || run.outcome !== null || run.runner?.lease === "held") return null;
  const who =
    run.runner?.lease === "expired"
      ? `The lease of ${run.runner.holder} expired`
      : "No engine runs it, and nothing moves";
  const remedy =
    run.pace === "running"
      ? "T takes it over and goes on from there"
      : "paused: P takes it over and goes on from there";
  return { ...say("alarm", `${who}. ${standing(state)}`), remedy };
};

const ended: Rule = ({ run }) => {
  if (run.outcome === null) return null;
  const tone: Tone = run.outcome === "migrated" || run.outcome === "rolled-back" ? "good" : "alarm";
  return say(tone, endingWords({ ...run, reason: run.endedFor }, panel) || outcomeWords[run.outcome]);
};

const stale: Rule = ({ run, now }) =>
  run.link.state === "stale"
    ? say("warn", `What is shown may be ${wholeSeconds(now - run.link.since)} old: ${run.link.detail}`, true)
    : null;

const runFailed: Rule = ({ run }) => {
  for (const state of Object.values(run.steps)) {
    if (state.state !== "failed") continue;
    const { message, remedy } = explainFailure(state.failure, panel, null);
    return { ...say("alarm", message), remedy };
  }
  return null;
};

/** Keys act on the node under the cursor: where that is another one, the way to this one comes first. */
const thereFirst = (state: PanelState, { name }: RunNode, remedy: string): string =>
  state.watching || selectedNode(state)?.name === name ? remedy : `! goes there; ${remedy}`;

const nodeFailed: Rule = (state) => {
  const { run } = state;
  if (countNodes(run).failed === 0) return null;
  const [node, ...others] = nodesWhere(run, (one) => one.state.phase === "failed" && nodeNeedsPerson(run, one));
  if (node?.state.phase !== "failed") return null;
  const more = others.length > 0 ? ` (and ${others.length} more)` : "";
  const { message, remedy } = explainFailure(node.state.failure, panel, node.name);
  const who = message.startsWith(node.name) ? "" : `${node.name}: `;
  return { ...say("alarm", `Failed${more}: ${who}${message}`), remedy: thereFirst(state, node, remedy) };
};

const askedElsewhere: Rule = ({ watching, run }) =>
  watching && run.asking !== null
    ? say(
        "key",
        `${run.runner?.holder ?? ""} is asked: ${consentWords[run.asking].replace("{source}", sourceName(run.plan?.source))}`,
      )
    : null;

/** Safe, and yet the run stands: the policy asks whether it goes on without the node. */
const policyRollback: Rule = (state) => {
  const { run } = state;
  const reason = run.hold?.reason;
  if (reason?.code !== "failed-node-rolled-back") return null;
  const [node] = nodesWhere(
    run,
    ({ state: nodeState, name }) => nodeState.phase === "rolled-back" && name === reason.params.node,
  );
  if (!node) return null;
  const { text, clearedBy } = explain(reason, panel);
  return { ...say("alarm", `Stopped: ${text}`), remedy: thereFirst(state, node, clearedBy) };
};

/** What was sent is on its way: the first consent takes the lease and looks at the whole cluster again. */
const sent: Rule = ({ view, run, now }) =>
  view.sent !== null && view.sent.consent === run.asking
    ? say(
        "busy",
        `Your consent was sent; the engine looks at the cluster again and begins, ${wholeSeconds(now - view.sent.at)}`,
        true,
      )
    : null;

const asked: Rule = ({ run }) => {
  if (run.agreement !== null)
    return {
      ...say("key", `Nothing is done: ${agreementSentence(run.agreement)}`),
      remedy: "press m to read what it would run",
    };
  const source = sourceName(run.plan?.source);
  switch (run.asking) {
    case "nodes":
      return say("key", `Read the plan. Nothing is moved before you allow it: press m`);
    case "finalize":
      return say(
        "key",
        `All nodes run on Cilium. Press m to finalize; until ${source} is removed everything can be rolled back`,
      );
    case "policy-drops":
      return say(
        "key",
        "Connections are refused that no policy explains: press m to read which, or U to roll all back",
      );
    case "remove-source":
      return say("key", `Point of no return: press m to remove ${source} for good, or U to roll all back`);
    case null:
      return null;
    default:
      return run.asking satisfies never;
  }
};

const runHeld: Rule = ({ run, now }) => (run.hold ? held("Waits", run.hold, now) : null);

const nodeHeld: Rule = (state) => {
  const { run, now } = state;
  const waiting = nodesWhere(run, (node) => node.hold !== null && nodeAtWork(state, node));
  const node = waiting.find(({ hold }) => waitsForPerson(hold)) ?? waiting[0];
  if (!node?.hold) return null;
  const attention = held(`${node.name} waits`, node.hold, now);
  return isHeld(node, now) ? attention : { ...attention, tone: "busy" };
};

const pausing: Rule = (state) => {
  const { pace, takesHoldAt } = state.run;
  if (pace !== "pausing") return null;
  const until = nodeHeld(state) ?? working(state);
  const remedy = until ? `until then: ${until.text}` : "";
  return { ...say("warn", `Pausing ${takesHoldAt || "at the next safe point"}`, true), remedy };
};

/** Where it stands, and what will be to decide once it goes on. */
const paused: Rule = (state) => {
  const { run } = state;
  if (conditionOf(run) !== "paused") return null;
  const [node] = nodesWhere(run, inHand);
  const [failed] = nodesWhere(run, ({ state: nodeState }) => nodeState.phase === "failed");
  const where = node ? `; ${standing(state)}` : failed ? `; ${failed.name} failed` : "";
  return { ...say("warn", `Paused: nothing is started${where}`), remedy: "P resumes" };
};

const nodeAtItsStep: Rule = (state) => {
  const [node] = nodesWhere(state.run, (one) => nodeAtWork(state, one));
  if (!node || !("stepSince" in node.state)) return null;
  const spent = wholeSeconds(state.now - node.state.stepSince);
  return say("busy", `${node.name}: ${nodeStepTitles(node.state.step).title}, ${spent}${nthStep(state, node)}`, true);
};

const working: Rule = (state) => nodeAtItsStep(state) ?? runAtItsStep(state);

const runAtItsStep: Rule = ({ run, now }) => {
  const step = stepAtWork(run);
  const begun = step === null ? undefined : run.steps[step];
  if (step === null || step === "nodes" || begun?.state !== "doing") return null;
  const words = withSource(runStepTitles(step).doing, sourceName(run.plan?.source));
  return say("busy", `${words[0]?.toUpperCase() ?? ""}${words.slice(1)}, ${wholeSeconds(now - begun.since)}`, true);
};

function nthStep({ run }: PanelState, { state }: RunNode): string {
  if (state.phase !== "migrating") return "";
  const steps = nodeStepsOf(run.plan);
  return ` (step ${steps.indexOf(state.step) + 1} of ${steps.length})`;
}

const first: Rule = ({ run }) => (run.plan ? null : say("busy", "Looking at the cluster; nothing is changed", true));

/** Most urgent first: what only a person can clear comes before what clears itself. */
const rules: readonly Rule[] = [
  closed,
  ended,
  stale,
  unattended,
  paused,
  runFailed,
  nodeFailed,
  policyRollback,
  askedElsewhere,
  sent,
  asked,
  pausing,
  nodeHeld,
  runHeld,
  working,
  first,
];

/** The why-am-I-waiting line. */
export function attentionOf(state: PanelState): Attention {
  for (const rule of rules) {
    const found = rule(state);
    if (found) return found;
  }
  const next = nextOf(state.run);
  return say("busy", `${next[0]?.toUpperCase() ?? ""}${next.slice(1)}`, true);
}
