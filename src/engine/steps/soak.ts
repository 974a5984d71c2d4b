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
    return left <= 0 ? done : waiting(`the soak time (${Math.ceil(left / 1000)} s left)`, "time");
  },
  apply: () => Promise.resolve(),
  undo: "nothing-to-undo",
};
