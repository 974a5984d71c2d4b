import { nodeInHand, safePoint } from "../../engine/decide/nodes-of-run.ts";
import type { MigrationState } from "../../engine/model/state.ts";
import type { Engine } from "../../engine/run/engine.ts";
import { lines } from "../../words/audience.ts";
import { explain } from "../../words/explain.ts";
import type { Interrupt, Taker } from "./interrupts.ts";

export interface HeadlessRun {
  readonly engine: Pick<Engine, "state" | "ask">;
  /** user@host, as the pause bears it. */
  readonly by: string;
  readonly say: (sentence: string) => void;
}

const again: Readonly<Record<"SIGINT" | "SIGTERM", string>> = {
  SIGINT: "press Ctrl-C again to leave now",
  SIGTERM: "a second SIGTERM leaves now",
};

const whyLeft: Readonly<Record<"SIGHUP" | "nobody-reads", string>> = {
  SIGHUP: "the terminal is gone",
  "nobody-reads": "the output cannot be written any more",
};

/** Where a pause takes hold, and what stays as it is until the run goes on. */
function holdsAt(state: MigrationState): string {
  const point = state.pace === "pausing" ? state.takesHoldAt : safePoint(state);
  if (point) return point;
  const node = nodeInHand(state);
  return node?.snapshot?.cordoned ? `at once; ${node.name} stays cordoned until the run goes on` : "at once";
}

/**
 * What signals do to a run without a panel: SIGINT and SIGTERM pause it at the safe point and, the second time, end it
 * now; a terminal or reader that went away leaves the run as its plan says.
 */
export function headlessSignals({ engine, by, say }: HeadlessRun): Taker {
  let asked = false;
  let left = false;

  function pause(why: string, how: string): void {
    const state = engine.state();
    say(`pausing ${holdsAt(state)}; ${how}`);
    if (state.pace !== "running") return;
    engine.ask({ request: "pause", by: `${by} (${why})` }).then(
      (refused) => {
        if (refused !== null) say(explain(refused, lines).text);
      },
      () => undefined,
    );
  }

  function leave(why: "SIGHUP" | "nobody-reads"): boolean {
    if (left || asked) return true;
    left = true;
    if (engine.state().whenLeft === "continue") say(`${whyLeft[why]}; the run goes on, as its plan says`);
    else pause(whyLeft[why], `${whyLeft[why]}; the same command goes on from there`);
    return true;
  }

  return (why: Interrupt) => {
    // Before the first consent there is nothing to bring to a safe point.
    if (!engine.state().consents.nodes || engine.state().outcome !== null) return false;
    if (why === "SIGHUP" || why === "nobody-reads") return leave(why);
    if (asked) {
      say("leaving now; the cluster keeps what was recorded, and the same command goes on from there");
      return false;
    }
    asked = true;
    pause(why === "SIGINT" ? "Ctrl-C" : why, again[why]);
    return true;
  };
}
