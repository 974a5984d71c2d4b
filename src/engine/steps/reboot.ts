import { CrossfadeError } from "../errors.ts";
import type { NodeFacts } from "../facts.ts";
import { done, type NodeScope, type Observation, type Step, waiting } from "../step.ts";
import { nodeOf } from "./gate.ts";

/** A container that is restarted keeps its kernel and bootID; its agent's container has then been started again. */
async function containerRestarted({ ports, node }: NodeScope): Promise<boolean> {
  const agent = (await ports.cilium.agents()).find((pod) => pod.node === node);
  return (agent?.restarts ?? 0) > 0;
}

async function rebooted(scope: NodeScope): Promise<boolean> {
  const { bootId } = await nodeOf(scope);
  if (scope.before && bootId !== scope.before.bootId) return true;
  if (scope.plan.options.reboot.method === "kind") return containerRestarted(scope);
  return scope.declaredRebooted;
}

function hold({ node, plan, before }: NodeScope): Observation {
  const boot = `the bootID of ${node} to change (it is still ${before?.bootId.slice(0, 8)})`;
  switch (plan.options.reboot.method) {
    case "manual": {
      const because = `you to reboot ${node}: its pods are drained and it is cordoned`;
      return {
        done: false,
        because,
        clearedBy: "its bootID changing, or key b once it was restarted",
        object: `Node ${node}`,
        needsPerson: true,
      };
    }
    case "kind":
      return waiting(`the container of ${node} to restart`, "docker", `Node ${node}`);
    case "none":
    case "privileged-pod":
    case "command":
      return waiting(boot, "the node's reboot", `Node ${node}`);
  }
}

/** A command that an engine before this one ran may still be at work; a person's retry begins the step anew. */
const commandLastsMs = 5 * 60_000;

/** A pod that reboots bears the boot's name and cannot be made twice; a command has only this memory. */
function askedBefore({ plan, before, stepSince, ports }: NodeScope, bootId: string): boolean {
  const asked = before?.rebootAsked;
  if (!asked || asked.bootId !== bootId || asked.at < stepSince) return false;
  return plan.options.reboot.method !== "privileged-pod" && ports.clock.now() - asked.at < commandLastsMs;
}

async function askFor({ ports, plan, before, remember, log, signal }: NodeScope, node: NodeFacts): Promise<void> {
  if (before) await remember({ ...before, rebootAsked: { bootId: node.bootId, at: ports.clock.now() } });
  log("info", `asking for a reboot of ${node.name} (${plan.options.reboot.method})`);
  await ports.rebooter.reboot(node, plan.options.reboot, signal);
}

/** Restarts the node by the plan's method; that it happened is proven by its bootID, never by a NotReady seen or missed. */
export const reboot: Step = {
  id: "reboot",
  title: "Reboot the node",
  timeoutMs: 20 * 60_000,
  async observe(scope) {
    if (scope.plan.options.reboot.method === "none")
      return { done: true, note: "no reboot asked for: pods are recreated instead" };
    return (await rebooted(scope)) ? done : hold(scope);
  },
  async apply(scope) {
    const { plan, before, acts } = scope;
    const { method } = plan.options.reboot;
    if (method === "none" || method === "manual") return;
    const facts = await nodeOf(scope);
    if (before && facts.bootId !== before.bootId && method !== "kind") return;
    const act = `reboot of boot ${facts.bootId}`;
    if (acts.has(act) || askedBefore(scope, facts.bootId)) return;
    acts.add(act);
    try {
      await askFor(scope, facts);
    } catch (thrown) {
      if (!(thrown instanceof CrossfadeError)) acts.delete(act);
      throw thrown;
    }
  },
  undo: "nothing-to-undo",
};
