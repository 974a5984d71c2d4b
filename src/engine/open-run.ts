import { canonicalJson } from "./canonical-json.ts";
import { CrossfadeError } from "./errors.ts";
import type { Plan } from "./plan-types.ts";
import { recall } from "./recording.ts";
import type { End, RunTerms } from "./run-terms.ts";
import type { Session } from "./session.ts";
import { holdRun } from "./tick.ts";

/** How often a plan with blockers is made anew while somebody watches. */
const replanMs = 20_000;

/** What consent is given to: pods come and go meanwhile, nodes, networks and values may not. */
function samePlan(a: Plan, b: Plan): boolean {
  const gist = ({ source, cilium, values, options, nodes, verdicts }: Plan) =>
    canonicalJson({
      source,
      cilium,
      values: values.initial,
      options,
      nodes: nodes.map(({ name }) => name).toSorted(),
      blockers: verdicts.filter(({ level }) => level === "blocker").map(({ check }) => check),
    });
  return gist(a) === gist(b);
}

/** Takes up the run that the cluster records, or plans a new one. */
export async function open(session: Session, terms: RunTerms, signal: AbortSignal): Promise<End | null> {
  const record = await session.ports.records.run();
  if (record && !record.finished) {
    for (const event of recall(record, await session.ports.records.lives(), session.now())) session.tell(event);
    session.log(
      "info",
      `going on with the run of ${new Date(record.startedAt).toISOString()}, as the cluster records it`,
    );
    await begin(session, terms);
    return null;
  }
  return plan(session, terms, signal);
}

async function plan(session: Session, terms: RunTerms, signal: AbortSignal): Promise<End | null> {
  for (;;) {
    const made = terms.makePlan(await session.ports.inventory.read(signal));
    session.tell({ type: "run-announced", at: session.now(), plan: made, resumed: false });
    for (const node of made.options.exclude) {
      session.tell({ type: "node-excluded", node, at: session.now(), because: "left out on the command line" });
    }
    const blockers = made.verdicts.filter(({ level }) => level === "blocker");
    if (blockers.length === 0) return null;
    const because = `preflight: ${blockers[0]?.message}${blockers.length > 1 ? ` (and ${blockers.length - 1} more)` : ""}`;
    if (!terms.attended) return { outcome: "blocked", summary: because };
    holdRun(session, { done: false, because, clearedBy: blockers[0]?.remedy ?? "", needsPerson: true });
    await session.sleep(replanMs, signal);
    await session.takeRequests();
  }
}

/** From here on the run is ours: nothing has been written to the cluster before this. */
async function begin(session: Session, terms: RunTerms): Promise<void> {
  const { lock, records } = session.ports;
  if (!(await lock.acquire(terms.holder))) {
    const held = await lock.state();
    const who = held ? `${held.holder} since ${new Date(held.since).toISOString()}` : "somebody else";
    throw new CrossfadeError("LOCK_HELD", `the run is held by ${who}`, "watch it with: crossfade status");
  }
  session.recording = true;
  session.tell({ type: "runner-known", at: session.now(), runner: { holder: terms.holder, since: session.now() } });
  const stale = await records.lives();
  if (!session.state.consents.nodes && Object.keys(stale).length > 0) await records.forgetLives();
}

/** The first consent came: looks whether the plan still fits, takes the lease and writes the first record. */
export async function start(session: Session, terms: RunTerms, signal: AbortSignal): Promise<void> {
  if (session.recording) return;
  const { plan: agreed } = session.state;
  const now = terms.makePlan(await session.ports.inventory.read(signal));
  if (!agreed || !samePlan(agreed, now)) {
    session.tell({ type: "run-announced", at: session.now(), plan: now, resumed: false });
    throw new CrossfadeError(
      "PLAN_DRIFTED",
      "the cluster has changed since this plan was made",
      "look at the new plan, then consent again",
    );
  }
  await begin(session, terms);
  for (const { name, life } of Object.values(session.state.nodes)) {
    if (life.phase === "excluded")
      await session.advance({ type: "node-excluded", node: name, at: session.now(), because: life.because });
  }
}
