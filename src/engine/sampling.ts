import { ask } from "./probes/ask.ts";
import { sampleOf } from "./probes/crossings.ts";
import { probeEnds } from "./probes/ends.ts";
import { score } from "./probes/score.ts";
import type { Session } from "./session.ts";

const everyMs = 2_000;

/** Probes are there from the end of "prepare" until the run takes them away. */
const sampling = ({ state }: Session) =>
  state.steps.prepare?.state === "done" && !state.steps.report && !state.steps["undo-report"];

/** A drained node that reboots, or whose probe is recreated, carries no workload: its silence is no loss of anybody's traffic. */
function isAway({ state }: Session, name: string): boolean {
  const life = state.nodes[name]?.life;
  if (life?.phase === "migrating") return ["reboot", "return", "sweep"].includes(life.step);
  return life?.phase === "undoing" || life?.phase === "aside";
}

async function round(session: Session, number: number, signal: AbortSignal): Promise<void> {
  const { ports, state } = session;
  if (!state.plan || !sampling(session)) return;
  const away = state.order.filter((name) => isAway(session, name));
  const ends = await probeEnds(ports, state.plan, away);
  const crossings = sampleOf(ends, number);
  const samples = await Promise.allSettled(crossings.map((crossing) => ask(ports, crossing, signal)));
  let { scores } = session.state;
  for (const sample of samples) if (sample.status === "fulfilled") scores = score(scores, sample.value);
  if (scores !== session.state.scores) session.tell({ type: "connectivity", at: session.now(), scores });
}

/** Asks all kinds of paths for the whole run, beside it, so that a loss is measured and not guessed. */
export async function sample(session: Session, signal: AbortSignal): Promise<void> {
  for (let number = 0; !signal.aborted; number++) {
    try {
      await round(session, number, signal);
    } catch {
      // A sample that could not be sent says nothing of the network.
    }
    await session.ports.clock.sleep(everyMs, signal).catch(() => undefined);
  }
}
