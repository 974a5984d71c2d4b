import { isSafeToPause } from "../../engine/model/safe-to-pause.ts";
import type { Choice, PanelState } from "../panel-state.ts";
import { type Line, span } from "../text/line.ts";
import { consentWords, sourceName } from "../text/words.ts";
import { countNodes } from "../views/counts.ts";
import type { Draft } from "./dialogs.ts";

const line = (text: string): Line => [span(text)];

/** Where the run stands when the panel is left. */
type Standing = "gone" | "not-begun" | "demo" | "paused" | "pausing" | "waits-for-you" | "running";

const stepFailed = ({ run }: PanelState): boolean => Object.values(run.steps).some(({ state }) => state === "failed");

/** Leaving decides nothing: there is no run of ours that could go on. */
const isGone = ({ run, closed, watching }: PanelState): boolean =>
  run.outcome !== null || closed !== null || watching || run.plan === null || run.agreement !== null;

/** What leaving is about. */
export function standingOf(state: PanelState): Standing {
  const { run, ownCluster } = state;
  if (isGone(state)) return "gone";
  if (!run.consents.nodes) return "not-begun";
  if (ownCluster) return "demo";
  if (run.pace !== "running") return run.pace;
  if (run.asking || stepFailed(state) || countNodes(run).failed > 0) return "waits-for-you";
  return "running";
}

const pauseAndLeave = (label: string): Choice => ({ label, act: { do: "leave", whenLeft: "pause", pause: true } });

const leaveRunning = (label: string): Choice => ({ label, act: { do: "leave", whenLeft: "continue", pause: false } });

const resumeAndLeave: Choice = {
  label: "Resume and leave; the run goes on in the background",
  act: { do: "leave", whenLeft: "continue", pause: false, resume: true },
};

const draft = (body: readonly string[], ...choices: readonly Choice[]): Draft => ({
  title: "Leave the panel",
  danger: false,
  body: body.map(line),
  answer: { by: "choice", choices: [{ label: "Stay", act: { do: "nothing" } }, ...choices], index: 0 },
});

/** A pause between two networks would be none: it takes hold behind the node that is in hand. */
function pausePoint({ run }: PanelState): string {
  const name = run.order.find((one) => {
    const phase = run.nodes[one]?.state.phase;
    return phase === "migrating" || phase === "rolling-back";
  });
  const node = name === undefined ? undefined : run.nodes[name];
  if (!node) return "A pause takes hold at once.";
  if (node.state.phase === "rolling-back") return `A pause takes hold after ${node.name} is rolled back.`;
  if (node.state.phase === "migrating" && !isSafeToPause(node.state.step, run.plan))
    return `A pause takes hold after ${node.name} is moved and uncordoned.`;
  return `A pause takes hold at once${node.snapshot?.cordoned ? `; ${node.name} stays cordoned meanwhile` : ""}.`;
}

/** What it waits for, in a clause. */
function question({ run }: PanelState): string {
  if (run.asking)
    return `The run waits for your answer: ${consentWords[run.asking].replace("{source}", sourceName(run.plan?.source))}`;
  return "Something failed, and nothing moves until you decide.";
}

/** Half-moved and out of reach: only an engine that runs takes it back. */
function deferredLines({ run }: PanelState): readonly string[] {
  const names = run.order.filter((name) => run.nodes[name]?.state.phase === "deferred");
  if (names.length === 0) return [];
  return [`${names.join(", ")} is not Ready: its rollback is deferred until it is, and the run is not paused.`];
}

/** Nodes that were left out by hand: of a run that has not begun nothing is recorded. */
function forgotten({ run }: PanelState): number {
  const planned = new Set(run.plan?.options.exclude);
  return run.order.filter((name) => run.nodes[name]?.state.phase === "excluded" && !planned.has(name)).length;
}

/** The question before leaving, staying first; null where there is nothing to decide and nothing to lose. */
export function leaveDraft(state: PanelState): Draft | null {
  const standing = standingOf(state);
  switch (standing) {
    case "gone":
      return null;
    case "not-begun":
      return forgotten(state) === 0
        ? null
        : draft(["Nothing was changed on the cluster yet. Your exclusions are forgotten."], {
            label: "Leave; nothing was changed",
            act: { do: "leave", whenLeft: null, pause: false },
          });
    case "demo":
      return draft(["The demo's cluster runs inside this panel: leaving ends it, and the run too."], {
        label: "Leave and end the demo",
        act: { do: "leave", whenLeft: null, pause: false },
      });
    case "paused":
      return draft(
        [
          "The run is paused. Its engine ends when the last panel closes; crossfade continues it later.",
          ...deferredLines(state),
        ],
        pauseAndLeave("Leave it paused"),
        resumeAndLeave,
      );
    case "pausing":
      return draft(
        ["The run is a process of its own. crossfade attaches to it again.", ...deferredLines(state)],
        pauseAndLeave(`Leave; it pauses ${state.run.takesHoldAt || "at the next safe point"}`),
        resumeAndLeave,
      );
    case "waits-for-you":
      return draft(
        [question(state), "crossfade comes back to it either way.", ...deferredLines(state)],
        pauseAndLeave("Pause and leave; the engine ends"),
        leaveRunning("Leave; the engine waits in the background"),
      );
    case "running":
      return draft(
        [
          `The run is a process of its own. crossfade attaches to it again. ${pausePoint(state)}`,
          "In the background it goes on until it needs an answer, and waits there.",
          ...deferredLines(state),
        ],
        pauseAndLeave("Pause at the next safe point and leave"),
        leaveRunning("Leave; the run goes on in the background"),
      );
    default:
      return standing satisfies never;
  }
}

/** What becomes of the run when the panel is left without the question. */
export function afterwards(state: PanelState): string | null {
  const standing = standingOf(state);
  switch (standing) {
    case "gone":
      return null;
    case "not-begun":
      return "nothing was changed yet";
    case "demo":
      return "the demo's cluster ends with this panel";
    case "paused":
      return "the run stays paused";
    case "pausing":
      return `the run pauses ${state.run.takesHoldAt || "at its next safe point"}`;
    case "waits-for-you":
    case "running":
      return state.run.whenLeft === "pause" ? "the run pauses at its next safe point" : "the run goes on";
    default:
      return standing satisfies never;
  }
}
