import type { Scenario } from "../scenario.ts";

/** Seen on busy nodes: so long until a command even starts. */
const fastestMs = 1_000;
const slowestMs = 10_000;

/** Nodes under load: what is run in a pod starts late. */
export const execSlow: Scenario = {
  name: "exec-slow",
  summary: "every command that is run in a pod takes 1 to 10 s until it starts",
  answer:
    "Goes on, slower; a sample that could not be taken in time is shown as not measured, never as good and never as lost.",
  options: "Nothing.",
  begin(stage) {
    stage.refuse(({ path }) =>
      path.endsWith("/exec") ? { delayMs: fastestMs + stage.random.next() * (slowestMs - fastestMs) } : null,
    );
  },
};
