import type { Decision } from "../decide/decide.ts";
import type { Code, Reason } from "../model/reason.ts";
import { stepsOf } from "../sources/registry.ts";
import type { Session } from "./session.ts";

/** Waits that say that traffic is lost, and cannot say why. */
const losses: ReadonlySet<Code> = new Set<Code>(["traffic-broken", "source-traffic-lost", "cilium-traffic-lost"]);

/** Where traffic is lost, what the source knows to be wrong with itself; otherwise the reason as it is. */
export async function causeOrLoss({ state, ports, catalogue }: Session, why: Reason): Promise<Reason> {
  const { plan, order, nodes } = state;
  if (plan === null || !losses.has(why.code)) return why;
  const taking = order.filter((name) => nodes[name]?.state.phase !== "excluded");
  return (await stepsOf(plan, catalogue.sources).causeOfLoss({ ports, plan, nodes: taking })) ?? why;
}

/** A decision to wait for traffic, and whoever waits with it, with that cause. */
export async function withCause(session: Session, decision: Decision): Promise<Pick<Decision, "act" | "holds">> {
  const { act, holds } = decision;
  if (act.do !== "wait") return decision;
  const cause = await causeOrLoss(session, act.reason);
  if (cause === act.reason) return decision;
  const told = Object.entries(holds).map(([node, why]) => [node, why === act.reason ? cause : why] as const);
  return { act: { do: "wait", reason: cause }, holds: Object.fromEntries(told) };
}
