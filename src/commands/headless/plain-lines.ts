import type { EngineEvent, PathScore } from "../../engine/model/events.ts";
import type { Hold } from "../../engine/model/hold.ts";
import type { AskedAgreement } from "../../engine/model/plan/asked-agreement.ts";
import type { Failure } from "../../engine/model/reason.ts";
import { counted } from "../../engine/model/some-of.ts";
import { inWords } from "../../store/text/durations.ts";
import { sourceName } from "../../store/text/words.ts";
import { leftWords } from "../../store/views/left-words.ts";
import { lines as toLines } from "../../words/audience.ts";
import { explain, explainFailure } from "../../words/explain.ts";
import { noteWords } from "../../words/notes/note-words.ts";
import { endingWords } from "../../words/run-ending.ts";
import { runStepTitles, withSource } from "../../words/step-titles.ts";
import { visible } from "./visible.ts";

type EventOf<T extends EngineEvent["type"]> = Extract<EngineEvent, { readonly type: T }>;
type Lines = { readonly [T in EngineEvent["type"]]: (event: EventOf<T>) => string | readonly string[] | null };

const pathWords: Readonly<Record<PathScore["path"], string>> = {
  "source-to-source": "old→old",
  "source-to-cilium": "old→new",
  "cilium-to-source": "new→old",
  "cilium-to-cilium": "new→new",
  dns: "DNS",
  "api-service": "API service",
};

const silent = () => null;

/** A failure with what to do about it. */
function failed(failure: Failure, node: string | null): string {
  const { message, remedy } = explainFailure(failure, toLines, node);
  return `${message} — ${remedy}`;
}

function runHeld(hold: Hold | null): string | null {
  if (hold === null) return null;
  const { text, clearedBy } = explain(hold.reason, toLines);
  return `waits for ${text} — cleared by ${clearedBy}`;
}

/** That a node waits for its turn, or for a step of the run, is plain. */
function nodeHeld(node: string, hold: Hold | null): string | null {
  if (hold === null || hold.reason.code === "turn-after" || hold.reason.code === "run-step-first") return null;
  return `${node}: waits for ${explain(hold.reason, toLines).text}`;
}

/** A line for each thing that the record would have done here, so that none is overlooked in the middle of a long one. */
const askedLines = ({ hash, startedAt, terms }: AskedAgreement): readonly string[] => [
  `the recorded run, begun ${new Date(startedAt).toISOString()}, would have this machine do:`,
  `  plan: ${hash}`,
  ...terms.map(({ name, text }) => `  ${name}: ${text}`),
];

const lines: Lines = {
  "run-announced": ({ plan, resumed }) =>
    `${resumed ? "going on with" : "plan"} ${plan.hash.slice(0, 12)}: ${plan.source.id} → Cilium ${plan.cilium.version} on ${plan.cluster.context}, ${counted(plan.nodes.length, "node")}, new addresses from ${plan.cilium.podCidr}`,
  "runner-known": ({ runner }) => `run held by ${runner.holder} since ${new Date(runner.since).toISOString()}`,
  "run-step-started": ({ step }) => `${step} — ${withSource(runStepTitles(step).purpose, sourceName(undefined))} …`,
  "run-step-finished": ({ step, tookMs, note, recalled }) =>
    recalled ? null : `${step}: done in ${inWords(tookMs)}${note ? ` (${note})` : ""}`,
  "run-step-failed": ({ step, failure }) => `${step}: FAILED: ${failed(failure, null)}`,
  "agreement-asked": ({ asked }) => askedLines(asked),
  "agreement-given": ({ hash, by }) => `${by} agreed on this machine to plan ${hash}`,
  "consent-asked": ({ consent }) => `waiting for consent "${consent}"`,
  "consent-given": ({ consent, by }) => `consent "${consent}" given by ${by}`,
  "pace-changed": ({ pace, by, takesHoldAt }) =>
    `${pace}${takesHoldAt ? ` (takes hold ${takesHoldAt})` : ""}, asked by ${by}`,
  "direction-changed": ({ direction, by }) =>
    direction === "rollback" ? `rolling everything back, asked by ${by}` : null,
  "when-left-changed": silent,
  "run-held": ({ hold }) => runHeld(hold),
  "node-held": ({ node, hold }) => nodeHeld(node, hold),
  "node-step-finished": ({ node, step, tookMs, note, recalled }) =>
    recalled ? null : `${node}: ${step} done in ${inWords(tookMs)}${note ? ` (${note})` : ""}`,
  "node-joined": silent,
  "node-vanished": silent,
  "node-seen": silent,
  "node-recalled": ({ node, state }) => {
    const took = state.phase === "migrated" ? ` in ${inWords(state.tookMs)}` : "";
    return `${node}: ${state.phase}${took}${"step" in state ? ` at ${state.step}` : ""}, as recorded`;
  },
  "node-queued": ({ node }) => `${node}: queued`,
  "node-excluded": ({ node, because }) => `${node}: ${because}`,
  "node-step-started": ({ node, step }) => `${node}: ${step} …`,
  "node-remembered": silent,
  "node-failed": ({ node, step, failure }) => `${node}: FAILED at ${step}: ${failed(failure, node)}`,
  "node-rollback-step-started": ({ node, step }) => `${node}: ${step} …`,
  "node-deferred": ({ node }) => `${node}: is not Ready: deferred, and rolled back once it is`,
  "node-rolled-back": ({ node }) => `${node}: rolled back to its old CNI`,
  "node-migrated": ({ node }) => `${node}: migrated`,
  connectivity: silent,
  // Each of them comes with a line of the log.
  "path-broken": silent,
  "path-mended": silent,
  decided: silent,
  "measured-recalled": silent,
  "link-changed": ({ link }) => (link.state === "stale" ? `connection: ${link.detail}` : null),
  log: ({ level, node, note }) =>
    `${level === "info" ? "" : `${level}: `}${node ? `${node}: ` : ""}${noteWords(note, toLines)}`,
  leftovers: (event) => `${event.node}: ${leftWords(event)}`,
  "run-finished": (event) => `${event.outcome}: ${endingWords(event, toLines)}`,
};

/** The event as lines for a person; none where a line would only be noise. Control characters are made visible. */
export function plainLines(event: EngineEvent): readonly string[] {
  const write = lines[event.type] as (event: EngineEvent) => string | readonly string[] | null;
  const time = new Date(event.at).toISOString().slice(11, 19);
  return [write(event) ?? []].flat().map((text) => `${time}  ${visible(text)}`);
}

/** One line of measured connectivity a path. */
export function connectivityLine({
  path,
  sent,
  lost,
  expected,
  unknown,
  longestGapMs,
  notMeasured,
}: PathScore): string {
  const gap = lost > 0 ? `, longest gap ${inWords(longestGapMs)}` : "";
  const apart = expected > 0 ? `; ${expected} more lost as expected, while a node was moved` : "";
  const why = notMeasured === "" ? "" : ` (${notMeasured})`;
  const missed = unknown > 0 ? `; ${unknown} not measured${why}` : "";
  return `${pathWords[path]}: ${sent} measured, ${lost} lost${gap}${apart}${missed}`;
}
