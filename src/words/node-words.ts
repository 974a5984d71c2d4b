import type { SayersOf } from "./said.ts";

const endOfThat = "the end of that";

/** Why one node is not worked on. */
export const nodeWords: SayersOf<
  | "node-excluded"
  | "node-rolled-back"
  | "node-not-ready"
  | "node-deferred"
  | "turn-after"
  | "retry-first"
  | "rollback-first"
  | "deferred-first"
  | "run-step-first"
  | "run-ends"
> = {
  "node-excluded": ({ node }, { name, ask }) => ({
    text: "excluded by the operator",
    clearedBy: name === "panel" ? `${ask.include(node)} to include it` : ask.include(node),
  }),
  "node-rolled-back": ({ node, failedAt }, { name, ask }) => ({
    text: `rolled back to its old CNI${failedAt === null ? "" : `, after it failed at "${failedAt}"`}`,
    clearedBy: name === "panel" ? `${ask.include(node)} to move it again` : ask.include(node),
  }),
  "node-not-ready": ({ node }) => ({ text: `${node} to be Ready`, clearedBy: "its kubelet" }),
  "node-deferred": ({ node }) => ({
    text: `${node} to become Ready: it is deferred, and rolled back once it is Ready`,
    clearedBy: "its kubelet",
  }),
  "turn-after": ({ node }) => ({ text: `its turn, after ${node}`, clearedBy: "one node is moved at a time" }),
  "retry-first": ({ node }) => ({ text: `${node}, which failed and is tried again`, clearedBy: endOfThat }),
  "rollback-first": ({ node }) => ({ text: `${node}, which is being rolled back`, clearedBy: endOfThat }),
  "deferred-first": ({ node }) => ({ text: `${node}, which is deferred`, clearedBy: endOfThat }),
  "run-step-first": ({ step }) => ({ text: `the step "${step}"`, clearedBy: endOfThat }),
  "run-ends": () => ({ text: "nothing more", clearedBy: "" }),
};
