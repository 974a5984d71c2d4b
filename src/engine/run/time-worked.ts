import { steps } from "../steps/steps.ts";
import type { Session } from "./session.ts";

/** How long was worked at the present step: without pauses, outages, waits for a person and the time before this engine. */
export const workedMs = ({ step, takenUpAt }: Session, since: number, at: number): number =>
  Math.max(0, at - Math.max(since, takenUpAt) - step.stoodMs);

/** How long was worked at the node's move, by the steps that were done. */
export const movedInMs = ({ state }: Session, node: string): number =>
  steps.reduce((sum, { id }) => sum + (state.nodes[node]?.timings[id] ?? 0), 0);
