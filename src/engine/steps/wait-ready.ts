import type { NodeFacts } from "../model/facts.ts";
import { note } from "../model/notes/note.ts";
import type { NodeScope, Step } from "../model/step.ts";
import { remembered } from "../model/step-memory.ts";
import { agentBack } from "../observe/agent/agent-back.ts";
import { agentOn } from "../observe/agent/agent-on.ts";
import { giveUpOn } from "../observe/agent/crash-loops.ts";
import { keepTakenOver } from "../observe/agent/keep-taken-over.ts";
import { nodeOf } from "../observe/node-of.ts";
import { notReady } from "../observe/node-readiness.ts";
import { rebootPodGone } from "../observe/reboot-pod-gone.ts";

/** Addresses that were told of. */
const toldOf = remembered(() => new Set<string>());

/** Routes, certificates and firewalls may know the old one: the traffic of `verify` tells whether it matters. */
function tellMoved({ before, node, memory, log }: NodeScope, { internalIps }: NodeFacts): void {
  const [now = ""] = internalIps;
  const told = memory.of(toldOf);
  if (!before?.address || now === "" || now === before.address || told.has(now)) return;
  told.add(now);
  log("warning", note("address-changed", { node, now, before: before.address }));
}

/** Waits until the node is back with an agent that has taken over. */
export const waitReady: Step = {
  id: "wait-ready",
  timeoutMs: ({ options }) => options.rebootTimeoutMs,
  async observe(scope) {
    const facts = await nodeOf(scope);
    if (!facts.ready) return notReady(facts);
    tellMoved(scope, facts);
    const agent = await agentOn(scope);
    if (agent) giveUpOn(scope, agent);
    const back = await agentBack(scope);
    return back.done ? rebootPodGone(scope) : back;
  },
  async apply(scope) {
    const { ports, node } = scope;
    await ports.rebooter.tidy(node);
    await keepTakenOver(scope);
  },
  rollback: "nothing-to-roll-back",
};
