import type { Decision } from "../decide/decide.ts";
import type { Ports } from "../model/ports/ports.ts";
import type { Code, Reason } from "../model/reason.ts";
import type { MigrationState } from "../model/state.ts";
import { stepsOf } from "../sources/registry.ts";
import type { Source } from "../sources/source.ts";

/** Waits that say that traffic is lost, and cannot say why. */
const losses: ReadonlySet<Code> = new Set<Code>(["traffic-broken", "source-traffic-lost", "cilium-traffic-lost"]);

/** A run at work, as far as its source is asked. */
interface AtWork {
  readonly state: MigrationState;
  readonly ports: Ports;
  readonly catalogue: { readonly sources: readonly Source[] };
}

/** Where traffic is lost, what the source knows to be wrong with itself; otherwise the reason as it is. */
export async function causeOrLoss({ state, ports, catalogue }: AtWork, why: Reason): Promise<Reason> {
  const { plan, order, nodes } = state;
  if (plan === null || !losses.has(why.code)) return why;
  const taking = order.filter((name) => nodes[name]?.state.phase !== "excluded");
  return (await stepsOf(plan, catalogue.sources).causeOfLoss({ ports, plan, nodes: taking })) ?? why;
}

/** A decision to wait for traffic, and whoever waits with it, with that cause. */
export async function withCause(run: AtWork, decision: Decision): Promise<Pick<Decision, "act" | "holds">> {
  const { act, holds } = decision;
  if (act.do !== "wait") return decision;
  const cause = await causeOrLoss(run, act.reason);
  if (cause === act.reason) return decision;
  const told = Object.entries(holds).map(([node, why]) => [node, why === act.reason ? cause : why] as const);
  return { act: { do: "wait", reason: cause }, holds: Object.fromEntries(told) };
}
