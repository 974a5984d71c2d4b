import type { RollbackRunStepId, RunStepId } from "../../engine/model/plan-types.ts";
import type { RunNode } from "../../engine/model/state.ts";
import { panel } from "../../words/audience.ts";
import { explainFailure } from "../../words/explain.ts";
import { nodeStepTitles, runStepTitles, withSource } from "../../words/step-titles.ts";
import type { PanelState } from "../panel-state.ts";
import type { Line } from "../text/line.ts";
import { sourceName } from "../text/words.ts";
import { choose, type Draft, line } from "./dialogs.ts";

/** A step of the run that failed, with what it said. */
export function failedStepOf({
  steps,
}: PanelState["run"]): { readonly id: RunStepId | RollbackRunStepId; readonly message: string } | null {
  for (const [id, step] of Object.entries(steps))
    if (step.state === "failed")
      return { id: id as RunStepId | RollbackRunStepId, message: explainFailure(step.failure, panel, null).message };
  return null;
}

function retryBody(state: PanelState, { state: nodeState, name }: RunNode): readonly Line[] {
  if (nodeState.phase === "failed")
    return [
      line(explainFailure(nodeState.failure, panel, name).message),
      line(`${name} goes on at the step that failed: ${nodeStepTitles(nodeState.step).title}.`),
    ];
  if (nodeState.phase !== "rolled-back" || !nodeState.policyRollback) return [];
  const { step, failure } = nodeState.policyRollback;
  return [
    line(`${nodeStepTitles(step).title}: ${explainFailure(failure, panel, name).message}`),
    line(
      `${name} was rolled back to ${sourceName(state.run.plan?.source)}; it is drained and moved again, from the start.`,
    ),
  ];
}

/** Trying a node again that failed. */
export function retryNodeDraft(state: PanelState, node: RunNode): Draft {
  const { name } = node;
  return {
    title: `Retry ${name}`,
    danger: false,
    body: retryBody(state, node),
    answer: choose("No", {
      label: `Retry ${name}`,
      act: { do: "ask", request: { request: "retry", node: name, by: state.user }, said: `retrying ${name}` },
    }),
  };
}

/** Trying the run's failed step again. */
export function retryRunDraft(state: PanelState): Draft | null {
  const failed = failedStepOf(state.run);
  if (!failed) return null;
  const words = withSource(runStepTitles(failed.id).doing, sourceName(state.run.plan?.source));
  return {
    title: `Retry a step of the run: ${words}`,
    danger: false,
    body: [line(failed.message), line("Nothing of any node is begun again; the run goes on at this step.")],
    answer: choose("No", {
      label: "Retry the step",
      act: { do: "ask", request: { request: "retry", node: null, by: state.user }, said: `retrying: ${words}` },
    }),
  };
}

/** A person's word for a restart that cannot be told from here. */
export function rebootedDraft(state: PanelState, { name }: RunNode): Draft {
  return {
    title: `${name} was rebooted`,
    danger: false,
    body: [
      line("Say so only once it was really restarted: the run then goes on, even if the boot ID is the same."),
      line("A node that was not restarted keeps links and addresses of the old network."),
    ],
    answer: choose("No", {
      label: `${name} was rebooted`,
      act: {
        do: "ask",
        request: { request: "rebooted", node: name, by: state.user },
        said: `${name} was rebooted: looking for it`,
      },
    }),
  };
}
