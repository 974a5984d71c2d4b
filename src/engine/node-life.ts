import type { Failure } from "./errors.ts";

/** The steps of a node's migration, in order; recorded on the cluster, never renamed. */
export type StepId =
  | "gate"
  | "cordon"
  | "drain"
  | "hand-over"
  | "restart-agent"
  | "reboot"
  | "return"
  | "sweep"
  | "verify"
  | "uncordon"
  | "soak";

/** The way back of one node (Cilium documents none; derived from how agents take over and let go). */
export type UndoStepId =
  | "undo-cordon"
  | "undo-drain"
  | "undo-label"
  | "undo-agent"
  | "undo-files"
  | "undo-source"
  | "undo-recycle"
  | "undo-verify"
  | "undo-uncordon";

/** The node as it was before we touched it: undo restores this, never a default. */
export interface Before {
  readonly at: number;
  readonly cordoned: boolean;
  readonly bootId: string;
  /** Names of the CNI configuration files. */
  readonly cniFiles: readonly string[];
  /** uid of the cilium agent's pod that ran before the hand-over. */
  readonly agentUid: string;
  /** Written before a command reboots the node, so that an engine that takes over does not run it a second time. */
  readonly rebootAsked?: { readonly bootId: string; readonly at: number };
}

export type NodeLife =
  | { readonly phase: "queued" }
  | { readonly phase: "excluded"; readonly because: string }
  | {
      readonly phase: "migrating";
      readonly step: StepId;
      readonly since: number;
      readonly stepSince: number;
      readonly before: Before | null;
    }
  | {
      readonly phase: "failed";
      readonly step: StepId | UndoStepId;
      readonly failure: Failure;
      readonly at: number;
      readonly since: number;
      readonly before: Before | null;
    }
  | {
      readonly phase: "undoing";
      readonly step: UndoStepId;
      readonly since: number;
      readonly stepSince: number;
      readonly before: Before | null;
    }
  | { readonly phase: "restored"; readonly at: number }
  | { readonly phase: "migrated"; readonly at: number; readonly tookMs: number; readonly before: Before | null };

export type LifeEvent =
  | { readonly type: "node-queued"; readonly node: string; readonly at: number }
  | { readonly type: "node-excluded"; readonly node: string; readonly at: number; readonly because: string }
  | { readonly type: "node-step-started"; readonly node: string; readonly at: number; readonly step: StepId }
  | { readonly type: "node-remembered"; readonly node: string; readonly at: number; readonly before: Before }
  | {
      readonly type: "node-failed";
      readonly node: string;
      readonly at: number;
      readonly step: StepId | UndoStepId;
      readonly failure: Failure;
    }
  | { readonly type: "node-undo-step-started"; readonly node: string; readonly at: number; readonly step: UndoStepId }
  | { readonly type: "node-restored"; readonly node: string; readonly at: number }
  | { readonly type: "node-migrated"; readonly node: string; readonly at: number };

export const unborn: NodeLife = { phase: "queued" };

/** The node as it was before, as far as this life remembers it. */
export function beforeOf(life: NodeLife): Before | null {
  return "before" in life ? life.before : null;
}

/** When the node's present undertaking began. */
function sinceOf(life: NodeLife, at: number): number {
  return "since" in life ? life.since : at;
}

/** The one place where a node changes phase: the engine, a replay of the journal and the screen all fold through it. */
export function live(life: NodeLife, event: LifeEvent): NodeLife {
  const before = beforeOf(life);
  switch (event.type) {
    case "node-queued":
      return unborn;
    case "node-excluded":
      return { phase: "excluded", because: event.because };
    case "node-step-started":
      return { phase: "migrating", step: event.step, since: sinceOf(life, event.at), stepSince: event.at, before };
    case "node-remembered":
      return "before" in life ? { ...life, before: event.before } : life;
    case "node-failed":
      return {
        phase: "failed",
        step: event.step,
        failure: event.failure,
        at: event.at,
        since: sinceOf(life, event.at),
        before,
      };
    case "node-undo-step-started":
      return { phase: "undoing", step: event.step, since: sinceOf(life, event.at), stepSince: event.at, before };
    case "node-restored":
      return { phase: "restored", at: event.at };
    case "node-migrated":
      return { phase: "migrated", at: event.at, tookMs: event.at - sinceOf(life, event.at), before };
    default:
      return event satisfies never;
  }
}
