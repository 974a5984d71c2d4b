import { done, type Step, waiting } from "../step.ts";
import { nodeOf } from "./gate.ts";

/** Watches the moved node for a while before the next one is touched. */
export const soak: Step = {
  id: "soak",
  title: "Watch the node before the next one",
  timeoutMs: ({ options }) => options.soakMs + 10 * 60_000,
  async observe(scope) {
    const { ports, plan, stepSince, node } = scope;
    if (!(await nodeOf(scope)).ready) return waiting(`${node} to be Ready again`, "its kubelet", `Node ${node}`);
    const left = stepSince + plan.options.soakMs - ports.clock.now();
    if (left <= 0) return done;
    const until = new Date(stepSince + plan.options.soakMs).toISOString().slice(11, 19);
    return { done: false, because: `the soak time, until ${until}`, clearedBy: "time", dueInMs: left };
  },
  apply: () => Promise.resolve(),
  undo: "nothing-to-undo",
};
