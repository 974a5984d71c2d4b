import type { LockState } from "../../engine/model/ports/lock.ts";
import type { Reason } from "../../engine/model/reason.ts";
import { askRunner } from "../../runner/ask-runner.ts";
import { whoWeAre } from "../../runner/holder.ts";
import { socketPath } from "../../runner/places.ts";
import { attach } from "../../runner/socket-client.ts";
import { lines } from "../../words/audience.ts";
import { explain } from "../../words/explain.ts";
import type { World } from "../command.ts";
import { CommandError } from "../command-error.ts";
import type { OpenCluster } from "../processes/open-cluster.ts";
import { whenFree } from "./when-free.ts";
import { sayingWhile, untilTime } from "./while-waiting.ts";

/** An engine ends what it does now before it lets go: helm may be at work. */
const answerWithinMs = 60_000;
const freeWithinMs = 20_000;

const unanswered = (held: LockState) =>
  new CommandError(
    "LOCK_HELD",
    `${held.holder} has had the run since ${new Date(held.since).toISOString()} and did not answer`,
    "crossfade migrate --headless --wait goes on once its lease is free",
  );

async function refusal(cluster: OpenCluster, held: LockState, world: World): Promise<Reason | null> {
  const by = whoWeAre();
  const link = await attach(socketPath(cluster.name, world.env));
  if (link) {
    const what = `asked ${held.holder} to release the run; waiting for its answer`;
    const refused = await sayingWhile(cluster.say, what, () => link.ask({ request: "release-run", by }));
    link.close();
    return refused;
  }
  const asking = { ask: "release-run", by, waitMs: answerWithinMs, signal: world.signal } as const;
  const what = `asked ${held.holder} to release the run; waiting for its answer until ${untilTime(answerWithinMs)}`;
  const answer = await sayingWhile(cluster.say, what, () => askRunner(cluster.ports, asking));
  if (answer === null) throw unanswered(held);
  return answer.refused;
}

/** Asks whoever has the run to hand it over, and waits until it is free. Who had it, or null where nobody did. */
export async function askForRun(cluster: OpenCluster, world: World): Promise<string | null> {
  const held = await cluster.ports.lock.state();
  if (held === null || held.expired) return null;
  const refused = await refusal(cluster, held, world);
  if (refused !== null)
    throw new CommandError(
      "LOCK_HELD",
      `${held.holder} keeps the run: ${explain(refused, lines).text}`,
      "crossfade watches it",
    );
  const what = `${held.holder} ends what it does now and gives the run back; waits until ${untilTime(freeWithinMs)}`;
  await sayingWhile(cluster.say, what, () => whenFree(cluster.ports, { signal: world.signal, atMostMs: freeWithinMs }));
  return held.holder;
}
