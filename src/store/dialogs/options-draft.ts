import type { PolicyRollback } from "../../engine/model/node-state.ts";
import type { RunNode } from "../../engine/model/state.ts";
import { panel } from "../../words/audience.ts";
import { explain, explainFailure } from "../../words/explain.ts";
import { nodeStepTitles } from "../../words/step-titles.ts";
import type { Choice, PanelState } from "../panel-state.ts";
import { type Line, span } from "../text/line.ts";

import { choose, type Draft, line } from "./dialogs.ts";

/** A node that the plan's policy had taken back stands safe; whether the run goes on without it is the person's. */
function policyRollbackDraft(state: PanelState, { name }: RunNode, { step, failure }: PolicyRollback): Draft {
  const by = state.user;
  return {
    title: `${name} failed and was rolled back`,
    danger: false,
    body: [
      line(`${nodeStepTitles(step).title}: ${explainFailure(failure, panel, name).message}`),
      line("It is on the old CNI again, uncordoned unless it was cordoned before."),
    ],
    answer: choose(
      "Leave it as it is",
      {
        label: "Retry: move it again",
        act: { do: "ask", request: { request: "retry", node: name, by }, said: `moving ${name} again` },
      },
      {
        label: "Skip: exclude it and go on with the next",
        act: { do: "ask", request: { request: "skip", node: name, by }, said: `excluding ${name}` },
      },
    ),
  };
}

/** Why it failed, or what it waits for, with what clears that. */
function causeOf({ name, state, hold }: RunNode): readonly Line[] {
  if (state.phase === "failed") {
    const { message, remedy } = explainFailure(state.failure, panel, name);
    return [line(message), [span(remedy, "quiet")]];
  }
  if (!hold) return [];
  const { text, clearedBy } = explain(hold.reason, panel);
  return [line(text), [span(`Cleared by: ${clearedBy}`, "quiet")]];
}

/** What can be done about a node that failed or is held. */
export function optionsDraft(state: PanelState, node: RunNode): Draft {
  const by = state.user;
  const name = node.name;
  if (node.state.phase === "rolled-back" && node.state.policyRollback)
    return policyRollbackDraft(state, node, node.state.policyRollback);
  const failed = node.state.phase === "failed";
  const restarted: Choice = {
    label: "It was restarted: go on without a new bootID",
    act: { do: "ask", request: { request: "rebooted", node: name, by }, said: `${name} was rebooted: looking for it` },
  };
  const atReboot = node.state.phase === "failed" && node.state.step === "reboot" ? [restarted] : [];
  const retry: Choice = {
    label: "Retry from the step that failed",
    act: { do: "ask", request: { request: "retry", node: name, by }, said: `retrying ${name}` },
  };
  const rollback: Choice = {
    label: "Roll back to the old CNI",
    act: { do: "ask", request: { request: "rollback", node: name, by }, said: `rolling ${name} back` },
  };
  const skip: Choice = {
    label: "Skip: roll it back and exclude it",
    act: { do: "ask", request: { request: "skip", node: name, by }, said: `skipping ${name}` },
  };
  return {
    title: `${name} ${failed ? "failed" : "waits for"}`,
    danger: false,
    body: causeOf(node),
    answer: choose(
      failed ? "Leave it as it is" : "Keep waiting",
      ...(failed ? [retry, ...atReboot, rollback, skip] : [rollback]),
    ),
  };
}
