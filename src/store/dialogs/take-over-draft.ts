import { otherRunner } from "../keys/bindings-acting.ts";
import type { Choice, PanelState } from "../panel-state.ts";
import { type Line, span } from "../text/line.ts";
import type { Draft } from "./dialogs.ts";

const line = (text: string): Line => [span(text)];

/** What becomes of the run when this panel's engine goes on with it. */
const goesOn = ({ run }: PanelState): string =>
  run.pace === "running" ? "It goes on at once from what the cluster records." : "It is paused.";

/** Of a paused run it is chosen whether it goes on. */
function choices({ run }: PanelState, free: boolean): readonly Choice[] {
  const take = free ? "Take it over" : "Ask for it and take it over";
  const keep: Choice = { label: "Keep watching", act: { do: "nothing" } };
  if (run.pace === "running") return [keep, { label: take, act: { do: "take-over", resume: false } }];
  return [
    keep,
    { label: `${take}; it stays paused`, act: { do: "take-over", resume: false } },
    { label: `${take} and go on`, act: { do: "take-over", resume: true } },
  ];
}

/** The question before this panel's engine becomes the runner. */
export function takeOverDraft(state: PanelState): Draft {
  const holder = otherRunner(state)?.holder ?? null;
  const free = holder === null;
  return {
    title: free ? "Take the run over" : "Ask for the run",
    danger: false,
    body: free
      ? [line("No engine runs it. An engine on this machine becomes its runner."), line(goesOn(state))]
      : [
          line(`${holder} runs it. Its engine finishes its current step, releases the lease and can go on watching.`),
          line(`An engine on this machine becomes the runner. ${goesOn(state)}`),
        ],
    answer: {
      by: "choice",
      choices: choices(state, free),
      index: 0,
    },
  };
}
