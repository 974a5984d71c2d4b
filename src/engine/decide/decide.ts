import type { NodeState } from "../model/node-state.ts";
import { type Reason, reason } from "../model/reason.ts";
import type { MigrationState, RunNode } from "../model/state.ts";
import type { Act, View } from "./act.ts";
import { nodeInHand } from "./nodes-of-run.ts";
import type { Look } from "./rule.ts";
import { type RuleName, ruleTables } from "./rules.ts";

export interface Decision {
  /** The rule that spoke. */
  readonly rule: RuleName;
  readonly act: Act;
  /** For every node that is not being worked on and not settled: why not. */
  readonly holds: Readonly<Record<string, Reason>>;
}

/** The first rule that has something to say; the last one of either direction always has. */
function firstMatch(look: Look): Pick<Decision, "rule" | "act"> {
  for (const { name, act: actOf } of [...ruleTables.always, ...ruleTables[look.state.direction]]) {
    const act = actOf(look);
    if (act) return { rule: name, act };
  }
  throw new Error("no rule says what to do");
}

/** Of nodes that are out of it until a person takes them in. */
function leftOut(node: string, state: NodeState): Reason | null {
  const person = { clearedBy: "person", actions: ["include"] } as const;
  if (state.phase === "excluded") return reason("node-excluded", { node }, person);
  if (state.phase !== "rolled-back") return null;
  return reason("node-rolled-back", { node, failedAt: state.policyRollback?.step ?? null }, person);
}

function holdOf({ name, state }: RunNode, chosen: Act, view: View): Reason | null {
  // One in hand that is not worked on waits for what the run waits for, and no more for what its step waited for.
  if (state.phase === "migrating" || state.phase === "rolling-back") return chosen.do === "wait" ? chosen.reason : null;
  if (state.phase !== "queued" && state.phase !== "deferred") return leftOut(name, state);
  if (view.get(name)?.ready) return waitsFor(chosen);
  return reason(state.phase === "queued" ? "node-not-ready" : "node-deferred", { node: name });
}

function waitsFor(chosen: Act): Reason {
  switch (chosen.do) {
    case "retry-node":
      return reason("retry-first", { node: chosen.node });
    case "move-node":
      return reason("turn-after", { node: chosen.node });
    case "rollback-node":
      return reason("rollback-first", { node: chosen.node });
    case "defer-node":
      return reason("deferred-first", { node: chosen.node });
    case "run-step":
      return reason("run-step-first", { step: chosen.step });
    case "ask":
      return reason("consent", { consent: chosen.consent }, { clearedBy: "person", actions: ["consent"] });
    case "stand-still":
      return reason("pause-takes-hold", {}, { clearedBy: "person", actions: ["resume"] });
    case "wait":
      return chosen.reason;
    case "finish":
      return reason("run-ends", {});
    default:
      return chosen satisfies never;
  }
}

/** What to do now, and for every node that is left waiting, why. Pure: the same state and view give the same answer. */
export function decide(state: MigrationState, view: View): Decision {
  const { rule, act } = firstMatch({ state, view, hand: nodeInHand(state) });
  const busy = "node" in act ? act.node : null;
  const holds = Object.fromEntries(
    state.order.flatMap((name) => {
      const node = state.nodes[name];
      const hold = node && name !== busy ? holdOf(node, act, view) : null;
      return hold ? [[name, hold]] : [];
    }),
  );
  return { rule, act, holds };
}
