import { resumeAwaited } from "../model/hold.ts";
import type { RunStepId } from "../model/plan-types.ts";
import type { RunNode } from "../model/state.ts";
import { type Act, wait } from "./act.ts";
import { barsNodeInHand } from "./broken-paths.ts";
import { goesOnWithout } from "./failure-policy.ts";
import { failedStepReason } from "./failure-reasons.ts";
import { safePoint } from "./nodes-of-run.ts";
import type { Look, Rule } from "./rule.ts";
import { rulesBack } from "./rules-back.ts";
import { rulesForward } from "./rules-forward.ts";
import { overruledBy } from "./steps-of-run.ts";

/**
 * Its time to come back is over, and at the first step of the way back only its kubelet is waited for. On a paused run a
 * person had it undone: that is waited for, and nobody else is moved.
 */
const isOutOfReach = ({ state, view }: Look, { name, state: nodeState }: RunNode): boolean =>
  nodeState.phase === "rolling-back" &&
  nodeState.step === "rollback-cordon" &&
  nodeState.givenUp === true &&
  state.pace !== "paused" &&
  !view.get(name)?.ready &&
  goesOnWithout(state, nodeState);

function failedRunStep({ state }: Look): Act | null {
  for (const [id, step] of Object.entries(state.steps)) {
    if (step.state !== "failed") continue;
    const consent = overruledBy(id, step.failure);
    if (consent === null) return wait(failedStepReason(id, step.failure));
    return state.consents[consent] === undefined ? { do: "ask", consent } : { do: "run-step", step: id as RunStepId };
  }
  return null;
}

function brokenPathOfNodeInHand({ state, view, hand }: Look): Act | null {
  const broken = hand && barsNodeInHand(state, view, hand);
  return broken ? wait(broken) : null;
}

const always = [
  {
    name: "paused",
    says: "The run is paused: nothing begins or continues, except a rollback that a person requested",
    act: ({ state, hand }) =>
      state.pace === "paused" && hand?.state.phase !== "rolling-back" ? wait(resumeAwaited) : null,
  },
  {
    name: "pause-takes-hold",
    says: "A pause was requested and this is a safe point: the run pauses here",
    act: ({ state }) => (state.pace === "pausing" && safePoint(state) === null ? { do: "stand-still" } : null),
  },
  {
    name: "run-step-failed",
    says: "A step of the whole run failed: a person retries it, consents to what it found, or rolls everything back",
    act: failedRunStep,
  },
  {
    name: "out-of-reach",
    says: "The node to roll back is not Ready and its time is up: it is deferred, and the run goes on without it",
    act: (look) => (look.hand && isOutOfReach(look, look.hand) ? { do: "defer-node", node: look.hand.name } : null),
  },
  {
    name: "rollback-goes-on",
    says: "A node is being rolled back: its rollback is finished first",
    act: ({ hand }) => (hand?.state.phase === "rolling-back" ? { do: "rollback-node", node: hand.name } : null),
  },
  {
    name: "broken-path-stops-node",
    says: "A path that worked is broken: the current node waits, if nothing was done to it yet or it is only soaking",
    act: brokenPathOfNodeInHand,
  },
  {
    name: "turned-back",
    says: "The whole run is rolled back: so is the current node",
    act: ({ state, hand }) =>
      hand && state.direction === "rollback" ? { do: "rollback-node", node: hand.name } : null,
  },
  {
    name: "node-goes-on",
    says: "A node is being migrated: it is finished before the next begins",
    act: ({ hand }) => (hand ? { do: "move-node", node: hand.name } : null),
  },
] as const satisfies readonly Rule[];

/** Those that are always asked, and after them those of the direction that the run goes in. */
export const ruleTables = { always, rollback: rulesBack, forward: rulesForward };

export type RuleName = (typeof ruleTables)[keyof typeof ruleTables][number]["name"];
