import type { StepId } from "./node-life.ts";
import type { Step } from "./step.ts";
import { cordon } from "./steps/cordon.ts";
import { drain } from "./steps/drain.ts";
import { gate } from "./steps/gate.ts";
import { handOver } from "./steps/hand-over.ts";
import { reboot } from "./steps/reboot.ts";
import { restartAgent } from "./steps/restart-agent.ts";
import { comeBack } from "./steps/return.ts";
import { soak } from "./steps/soak.ts";
import { sweep } from "./steps/sweep.ts";
import { uncordon } from "./steps/uncordon.ts";
import { verify } from "./steps/verify.ts";

/** The migration of one node, from the first look to the last. */
export const steps: readonly Step[] = [
  gate,
  cordon,
  drain,
  handOver,
  restartAgent,
  reboot,
  comeBack,
  sweep,
  verify,
  uncordon,
  soak,
];

export function stepAfter(id: StepId): StepId | null {
  return steps[steps.findIndex((step) => step.id === id) + 1]?.id ?? null;
}

/**
 * Steps in which the node may stand still for any time without harm: it is cordoned at most, and wholly on its old
 * network. From the hand-over on, a pause waits until the node is through.
 */
const safeSteps: ReadonlySet<StepId> = new Set(["gate", "cordon", "drain", "soak"]);

export const isSafeToPause = (step: StepId): boolean => safeSteps.has(step);
