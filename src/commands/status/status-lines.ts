import { inWords } from "../../store/text/durations.ts";
import { unprovenApiWords } from "../../words/api-words.ts";
import type { NodeReport, RunnerReport, StatusReport, TrafficReport } from "./status-report.ts";

type Run = NonNullable<StatusReport["run"]>;

const stateWords: Readonly<Partial<Record<Run["state"], string>>> = {
  unattended: "no engine runs it: crossfade resume continues it",
  paused: "paused: crossfade resume continues it",
  confirm: "waiting for a consent",
  waiting: "waiting for a person",
  "rolling-back": "rolling back",
};

function stateLine({ state, outcome, finishedAt, direction }: Run): string {
  if (state === "finished") return `finished: ${outcome}, ${finishedAt}`;
  const words = stateWords[state] ?? state;
  return direction === "rollback" && state !== "rolling-back" ? `${words}, rolling back` : words;
}

function runnerLine(runner: RunnerReport | null): string {
  if (runner === null) return "lease not held";
  const { holder, since, renewedAt, lease } = runner;
  if (lease === "held") return `held by ${holder} since ${since}`;
  return `lease expired: ${holder}, who had it since ${since}, was last heard of at ${renewedAt}`;
}

function nodeLine({ name, phase, step, waitsFor, because, tookMs, failure }: NodeReport): string {
  const back = phase === "rolled-back" ? ", and was rolled back" : "";
  if (phase === "deferred")
    return `  ${name}: rollback deferred until it is Ready; crossfade resume rolls it back then, where no engine runs${failure ? `; FAILED at ${step}: ${failure.message}` : ""}`;
  if (failure) return `  ${name}: FAILED at ${step}${back}: ${failure.message} — ${failure.remedy}`;
  if (tookMs !== null) return `  ${name}: migrated in ${inWords(tookMs)}`;
  if (because !== null) return `  ${name}: excluded (${because}); crossfade include ${name} includes it again`;
  if (phase === "rolled-back") return `  ${name}: on its old CNI again; crossfade include ${name} moves it again`;
  return `  ${name}: ${phase}${step === null ? "" : ` at ${step}`}${waitsFor === null ? "" : `, waits for ${waitsFor}`}`;
}

function trafficLines(traffic: TrafficReport | null): readonly string[] {
  if (traffic === null) return [];
  const { measured, lost, expected, unknown, longestGapMs, broken } = traffic;
  const gap = lost > 0 ? `, longest gap ${inWords(longestGapMs)}` : "";
  const apart = expected > 0 ? `; ${expected} more lost as expected, while a node was moved` : "";
  const missed = unknown > 0 ? `; ${unknown} not measured` : "";
  return [
    `traffic: ${measured} samples measured, ${lost} lost${gap}${apart}${missed}`,
    ...broken.map(
      ({ between, since, during, error }) =>
        `  BROKEN: ${between}, lost since ${since}${during === "" ? "" : ` (in "${during}")`}: ${error}`,
    ),
  ];
}

/** Only the engine that asks can be answered; another is started with the answer. */
const wayToConsent = (consent: string): string =>
  `m in the runner's panel, or crossfade take-over --headless --consent ${consent}`;

/** Of a run that is over nothing would be run any more. */
function recordedLines({ run, recorded }: StatusReport): readonly string[] {
  if (recorded === undefined || run === null || run.state === "finished") return [];
  const agreed = recorded.agreedHere
    ? "agreed to on this machine"
    : `NOT AGREED TO ON THIS MACHINE: nothing goes on from here without a person, or --agree ${recorded.plan.slice(0, 12)}`;
  return [
    `the recorded run would make its runner do this (${agreed}):`,
    ...recorded.terms.map(({ name, text }) => `  ${name}: ${text}`),
  ];
}

/** Above all else: whoever may answer in the API server's place may have made it up. */
function connectionLines({ connection }: StatusReport): readonly string[] {
  const unproven =
    connection === undefined || connection.tls === "verified"
      ? null
      : unprovenApiWords[connection.tls](connection.server);
  return unproven === null ? [] : [`${connection?.tls === "none" ? "NO TLS" : "TLS UNVERIFIED"}: ${unproven}`];
}

/** The report for a person. */
export const statusLines = (report: StatusReport): readonly string[] => [
  ...connectionLines(report),
  ...standingLines(report),
];

function standingLines(report: StatusReport): readonly string[] {
  const { run, runner, nodes, traffic, untrusted, found = null } = report;
  if (untrusted !== undefined) {
    const wrong = untrusted.flatMap(({ message, remedy }) => [message, `  → ${remedy}`]);
    return ["the state of the run is unknown: a record on the cluster cannot be trusted", ...wrong, runnerLine(runner)];
  }
  if (run === null) return ["no run is recorded on this cluster"];
  const done = nodes.filter(({ phase }) => phase === "migrated").length;
  return [
    `${run.source} → Cilium ${run.ciliumVersion} on ${run.context}, plan ${run.planHash.slice(0, 12)}`,
    `${stateLine(run)}; ${done} of ${nodes.length} nodes migrated`,
    runnerLine(runner),
    ...(run.asking === null ? [] : [`waits for consent "${run.asking}" — ${wayToConsent(run.asking)}`]),
    ...(run.waitsFor === null ? [] : [`waits for ${run.waitsFor}`]),
    `steps done: ${run.stepsDone.join(", ") || "none"}`,
    ...nodes.map(nodeLine),
    ...trafficLines(traffic),
    ...recordedLines(report),
    ...(found === null ? [] : [found]),
  ];
}
