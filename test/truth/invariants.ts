import { runSteps } from "../../src/engine/model/plan-types.ts";
import type { PanelState } from "../../src/store/panel-state.ts";
import type { Shown } from "./shown.ts";
import type { Truth } from "./truth.ts";

export interface Moment {
  readonly shown: Shown;
  readonly truth: Truth;
  readonly state: PanelState;
  readonly now: number;
}

/** What must be so at every moment; answers in a sentence what is not. */
export type Invariant = (moment: Moment) => string | null;

const never = (wrong: boolean, say: () => string): string | null => (wrong ? say() : null);

const phases = (truth: Truth, ...wanted: readonly string[]): readonly string[] =>
  [...truth.phases].flatMap(([name, phase]) => (wanted.includes(phase) ? [name] : []));

const over = ({ outcome }: Truth): boolean => outcome !== null;
const atWork = (truth: Truth): boolean => truth.engineAlive && !over(truth);
const rollingBackNode = (truth: Truth): boolean => phases(truth, "rolling-back").length > 0;
const standing = (truth: Truth): boolean => !atWork(truth) || (truth.paused && !rollingBackNode(truth));

/** Without what is told as past: the log, and what an engine that is gone waited for. */
function aboutNow(details: readonly string[]): readonly string[] {
  const log = details.findIndex((line) => line.startsWith("CNI files"));
  const past = details.findIndex((line) => line.startsWith("Waited for"));
  return details.slice(0, log).filter((_line, at) => past < 0 || at !== past + 1);
}

/** Everything on the screen that may speak of a wait. */
function texts({ shown: { why, nodes, statusText, status } }: Moment): readonly string[] {
  return [
    why.text,
    why.remedy,
    ...nodes.flatMap(({ row, details }) => [row, ...aboutNow(details)]),
    ...(status?.runner?.lease === "held" ? [statusText] : []),
  ];
}

const tokensIn = (text: string): readonly string[] => text.match(/cart-W\d+/g) ?? [];

/** "1h02m", "1m18s" or "9s" in milliseconds. */
function clockIn(text: string): number | null {
  const [, hours, minutes, seconds] = /, (?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?: \(|$)/.exec(text) ?? [];
  if (hours === undefined && minutes === undefined && seconds === undefined) return null;
  return ((Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60 + Number(seconds ?? 0)) * 1_000;
}

const badgeOfOutcome: Readonly<Record<string, string>> = {
  migrated: "DONE",
  "rolled-back": "ROLLED BACK",
  failed: "FAILED",
  blocked: "BLOCKED",
  paused: "PAUSED",
  waiting: "WAITING",
};

function badgeAfterTheEnd(truth: Truth): string {
  if (truth.outcome === "rolled-back" && !truth.back) return "PAUSED";
  return badgeOfOutcome[truth.outcome ?? ""] ?? "STOPPED";
}

const movingBadges: ReadonlySet<string> = new Set(["RUNNING", "ROLLING BACK", "PAUSING"]);
const callingBadges: ReadonlySet<string> = new Set(["PAUSED", "PAUSING", "CONFIRM", "WAITING", "BLOCKED"]);

export const invariants: Readonly<Record<string, Invariant>> = {
  "the badge of a run that ended says how": ({ shown, truth }) =>
    never(over(truth) && shown.badge !== badgeAfterTheEnd(truth), () => `${shown.badge} after ${truth.outcome}`),
  "the badge of a run without an engine is DETACHED": ({ shown, truth }) =>
    never(
      !truth.engineAlive && !over(truth) && shown.badge !== "DETACHED",
      () => `${shown.badge} though the engine is dead`,
    ),
  "PAUSED is said of a run in which nothing moves, and of every such": ({ shown, truth }) => {
    if (!atWork(truth)) return null;
    const stands = truth.paused && !rollingBackNode(truth);
    return never(
      (shown.badge === "PAUSED") !== stands,
      () => `${shown.badge} while ${stands ? "it is paused" : "it is not"}`,
    );
  },
  "a rollback under way is called one": ({ shown, truth }) =>
    never(
      atWork(truth) && (truth.back || rollingBackNode(truth)) && shown.badge === "RUNNING",
      () => "RUNNING while it goes back",
    ),
  "ROLLING BACK is said of nothing else": ({ shown, truth }) =>
    never(
      shown.badge === "ROLLING BACK" && !(truth.back || rollingBackNode(truth)),
      () => "ROLLING BACK while nothing goes back",
    ),
  "CONFIRM is said while a consent is asked for, and only then": ({ shown, truth }) => {
    if (standing(truth)) return null;
    return never(
      (shown.badge === "CONFIRM") !== (truth.asking !== null),
      () => `${shown.badge}, asking ${truth.asking}`,
    );
  },
  "where only a person helps, no badge says that it moves": ({ shown, truth }) =>
    never(
      atWork(truth) && truth.wait?.needsPerson === true && movingBadges.has(shown.badge) && shown.badge !== "PAUSING",
      () => `${shown.badge} while it waits for a person`,
    ),
  "what failed in the run itself is not called running": ({ shown, truth }) =>
    never(atWork(truth) && truth.failed.has("run") && shown.badge === "RUNNING", () => "RUNNING after a failed step"),
  "a wait that is told is the one that is waited for now": (moment) => {
    const { truth } = moment;
    const current = atWork(truth) && !standing(truth) ? truth.wait?.token : undefined;
    const stale = texts(moment).flatMap((text) =>
      tokensIn(text)
        .filter((token) => token !== `cart-${current}`)
        .map(() => text),
    );
    return never(
      stale.length > 0,
      () => `"${stale[0]}", while ${current === undefined ? "nothing" : current} is waited for`,
    );
  },
  "the clock of a wait does not run ahead of it": ({ shown: { why }, truth, now }) => {
    const clock = tokensIn(why.text).length > 0 ? clockIn(why.text) : null;
    if (clock === null || truth.wait === null) return null;
    const since = now - truth.wait.since;
    return never(clock > since + 3_000, () => `"${why.text}" after ${since} ms`);
  },
  "the why-line calls for the consent that is asked for, and for none else": ({ shown: { why }, truth }) => {
    const calls = /press m\b/i.test(`${why.text} ${why.remedy}`);
    return never(calls && (truth.asking === null || !atWork(truth)), () => `"${why.text}" while nothing is asked`);
  },
  "the why-line spins only where something moves": ({ shown: { why }, truth }) =>
    never(why.spins && standing(truth) && !truth.outage, () => `"${why.text}" spins while all stands`),
  "the why-line is a sentence": ({ shown: { why, phase } }) =>
    never(
      why.text.trim() === "" || /undefined|NaN|Waits for the run is|gate allows/.test(why.text) || phase === "planned",
      () => `"${phase}": "${why.text}"`,
    ),
  "a step that the why-line says is worked on is": ({ shown: { why }, truth, state }) => {
    const [, name] = /^(\S+): .*\(step \d+ of/.exec(why.text) ?? [];
    if (name === undefined) return null;
    const phase = truth.phases.get(name);
    return never(
      phase !== "migrating" || standing(truth),
      () => `"${why.text}" of a node that is ${phase}, ${state.run.pace}`,
    );
  },
  "the bar is full at the end, and only there": ({ shown, truth }) => {
    const atTheEnd = truth.outcome === "migrated" || (truth.outcome === "rolled-back" && truth.back);
    const full = Math.floor(shown.bar * 100) >= 100;
    return never(
      full !== atTheEnd || shown.bar < 0,
      () => `${Math.floor(shown.bar * 100)} % with outcome ${truth.outcome}`,
    );
  },
  "the estimate counts work, and no pauses": ({ shown: { estimate }, truth, state }) => {
    if (estimate === null || state.run.plan === null) return null;
    const { nodes, estimateMs: whole } = state.run.plan;
    const sum = (all: readonly number[]) => all.reduce((one, other) => one + other, 0);
    const worked = (name: string) => truth.worked.get(name) ?? 0;
    const moved = nodes.filter(({ name }) => truth.phases.get(name) === "migrated" && worked(name) > 0);
    const speed =
      moved.length === 0
        ? 1
        : sum(moved.map(({ name }) => worked(name))) / sum(moved.map(({ estimateMs }) => estimateMs));
    const toMove = nodes.filter(
      ({ name }) => !["migrated", "excluded", "rolled-back"].includes(truth.phases.get(name) ?? ""),
    );
    const most = sum(toMove.map(({ estimateMs }) => estimateMs));
    const least = sum(
      toMove.map(({ name, estimateMs }) => estimateMs * (truth.phases.get(name) === "migrating" ? 0.1 : 1)),
    );
    const rest = Math.max(0, whole - sum(nodes.map(({ estimateMs }) => estimateMs)));
    const restLeft =
      rest * (1 - [...truth.stepsDone].filter((step) => step !== "nodes").length / (runSteps.length - 1));
    const [low, high] = [least * speed * 0.7 - 10_000, most * speed * 1.3 + restLeft * 1.1 + 30_000];
    return never(
      estimate < low || estimate > high,
      () => `${Math.round(estimate)} ms, not within ${Math.round(low)} and ${Math.round(high)}`,
    );
  },
  "no estimate after the end or on the way back": ({ shown: { estimate }, truth }) =>
    never(estimate !== null && (over(truth) || truth.back), () => `${estimate} ms`),
  "a node is drawn as worked on only while it is": ({ shown: { nodes }, truth }) => {
    const wrong = nodes.find(({ name, busy, stepAtWork }) => {
      const phase = truth.phases.get(name) ?? "";
      const works = atWork(truth) && (phase === "rolling-back" || (phase === "migrating" && !truth.paused));
      return (busy || stepAtWork) && !works;
    });
    return never(wrong !== undefined, () => `${wrong?.row}; details ${wrong?.stepAtWork}`);
  },
  "details say Waits for only where something is waited for": ({ shown: { nodes }, truth }) => {
    if (!over(truth)) return null;
    const wrong = nodes.find(({ details }) => details.some((line) => line.startsWith("Waits for")));
    return never(wrong !== undefined, () => `${wrong?.name} waits after the end`);
  },
  "each node's row and details name its phase": ({ shown: { nodes }, truth }) => {
    const words: Readonly<Record<string, RegExp>> = {
      queued: /queued/,
      excluded: /excluded/,
      migrating: /migrating|waiting/,
      failed: /failed/,
      "rolling-back": /rolling back|waiting/,
      deferred: /deferred/,
      "rolled-back": /rolled back/,
      migrated: /migrated/,
    };
    const wrong = nodes.find(({ name, row, details }) => {
      const word = words[truth.phases.get(name) ?? ""];
      return word !== undefined && !(word.test(row) && (details.length === 0 || word.test(details[0] ?? "")));
    });
    return never(wrong !== undefined, () => `${wrong?.row} of a node that is ${truth.phases.get(wrong?.name ?? "")}`);
  },
  "an agent is spoken of as it was seen": ({ shown: { nodes }, state }) => {
    const words = { none: "no agent", "not-ready": "agent not ready", ready: "agent ready" } as const;
    const wrong = nodes.find(({ name, details }) => {
      const seen = state.run.nodes[name]?.snapshot;
      return seen && details.length > 0 && !details.join(" ").replaceAll(/\s+/g, " ").includes(words[seen.agent]);
    });
    return never(wrong !== undefined, () => `${wrong?.details.slice(0, 5).join(" ")}`);
  },
  "the traffic line counts only paths that were sampled": ({ shown: { traffic }, truth }) => {
    const sampled = truth.scores.filter(({ sent }) => sent > 0);
    const lost = sampled.some((score) => score.lost > 0);
    const [, count] = /nothing lost on (\d) of 6/.exec(traffic) ?? [];
    if (/nothing lost/.test(traffic))
      return never(lost || Number(count) !== sampled.length, () => `"${traffic}" of ${sampled.length}`);
    return never(sampled.length > 0 && !lost, () => `"${traffic}" though nothing was lost`);
  },
};

/** Before the run begins nothing is recorded; of a node that is deleted the record is gone before the engine knows. */
const comparable = (truth: Truth): boolean => atWork(truth) && truth.begun && !truth.deletedUnseen;

/** What `crossfade status` says in a second terminal, held against the truth and against the panel. */
export const statusInvariants: Readonly<Record<string, Invariant>> = {
  "status and the panel agree where the run is": ({ shown: { status, badge }, truth }) => {
    if (status?.run?.state === undefined || !comparable(truth)) return null;
    const word = status.run.state.toUpperCase().replace("-", " ");
    return never(word !== badge, () => `status ${word}, badge ${badge}`);
  },
  "status ends with 3 exactly where a person is called": ({ shown: { exitCode, badge, status }, truth }) => {
    if (status === null || !comparable(truth)) return null;
    const failed = status.nodes.some(({ failure }) => failure !== null);
    return never(!failed && (exitCode === 3) !== callingBadges.has(badge), () => `exit ${exitCode} at ${badge}`);
  },
  "a run that is over is not said to be doing anything": ({ shown: { statusText }, truth }) =>
    never(
      (truth.outcome === "migrated" || (truth.outcome === "rolled-back" && truth.back)) &&
        /rolling back|migrating|moving|; running|waits for/.test(statusText),
      () => statusText,
    ),
  "status lists every node in its phase": ({ shown: { status }, truth }) => {
    if (status?.run == null || !comparable(truth)) return null;
    const wrong = status.nodes.find(({ name, phase }) => truth.phases.has(name) && truth.phases.get(name) !== phase);
    return never(
      wrong !== undefined,
      () => `${wrong?.name} is ${wrong?.phase}, not ${truth.phases.get(wrong?.name ?? "")}`,
    );
  },
};
