import { rebootPodLabel } from "../model/cilium-names.ts";
import { AdmissionDenied, CrossfadeError } from "../model/errors.ts";
import type { NodeFacts } from "../model/facts.ts";
import { note } from "../model/notes/note.ts";
import { done, type Observation, waiting } from "../model/observation.ts";
import { reason, theNode } from "../model/reason.ts";
import type { NodeScope, Step } from "../model/step.ts";
import { remembered } from "../model/step-memory.ts";
import { nodeOf } from "../observe/node-of.ts";
import { notReady } from "../observe/node-readiness.ts";
import { type Kept, troubleOf } from "../observe/start-trouble.ts";

const boots = remembered((): { readonly askedFor: Set<string>; sameSince: number | null } => ({
  askedFor: new Set(),
  sameSince: null,
}));

/** A container that is restarted keeps its kernel and bootID; its agent's containers have then been started again, in the same pod. */
async function agentStartedAgain({ ports, node, before }: NodeScope): Promise<boolean> {
  const asked = before?.rebootAsked;
  const agent = (await ports.cilium.agents()).find((pod) => pod.node === node);
  if (!asked || !agent) return false;
  return agent.restarts > (agent.ref.uid === asked.agent?.uid ? asked.agent.restarts : 0);
}

async function rebooted(scope: NodeScope): Promise<boolean> {
  const { bootId } = await nodeOf(scope);
  if (scope.before && bootId !== scope.before.bootId) return true;
  if (scope.plan.options.reboot.method === "kind") return agentStartedAgain(scope);
  return scope.declaredRebooted;
}

/** It went away since it was asked to, its containers were started again, and yet it is the same boot. */
async function backWithSameBoot(scope: NodeScope, { ready, readySince }: NodeFacts): Promise<boolean> {
  const asked = scope.before?.rebootAsked;
  if (!ready || asked?.readySince === undefined || asked.readySince === readySince) return false;
  return agentStartedAgain(scope);
}

/** A kubelet says with its first status which boot it is: what it has not corrected until then it will not correct. */
const settledMs = 30_000;

/** A pod that is to reboot the node, and does not start. */
async function rebootPodTrouble({ ports, node, plan }: NodeScope): Promise<Kept> {
  if (plan.options.reboot.method !== "privileged-pod") return null;
  const pods = (await ports.pods.on(node)).filter(
    ({ labels, phase }) => labels.app === rebootPodLabel && phase === "Pending",
  );
  return troubleOf(pods);
}

/** Waits for the bootID as long as the node may be away or on its way down; throws once it is back without a new one. */
async function away(scope: NodeScope): Promise<Observation> {
  const { node, before, memory, ports } = scope;
  const facts = await nodeOf(scope);
  if (!facts.ready) return notReady(facts);
  const boot = facts.bootId.slice(0, 8);
  const object = theNode(node);
  if (!(await backWithSameBoot(scope, facts))) {
    const trouble = await rebootPodTrouble(scope);
    return waiting("node-not-rebooted", { node, bootId: boot, trouble }, { object });
  }
  const known = memory.of(boots);
  known.sameSince ??= ports.clock.now();
  if (ports.clock.now() - known.sameSince < settledMs)
    return { ...waiting("boot-id-unchanged", { node, bootId: boot }, { object }), dueInMs: 5_000 };
  throw new CrossfadeError(
    "REBOOT_FAILED",
    reason(
      "same-boot-id",
      { node, bootId: before?.bootId.slice(0, 8) ?? "" },
      { clearedBy: "person", actions: ["rebooted", "retry", "rollback"] },
    ),
  );
}

/**
 * A command that an engine before this one ran may still be at work: as long as a command may last (src/kube/nodes/rebooter.ts), and
 * what its keeper needs to end it when its engine cannot. A person's retry begins the step anew.
 */
const commandLastsMs = 150_000;

/** A pod that reboots bears the boot's name and cannot be made twice; a command has only this memory. 0: nobody's is under way. */
function othersCommandLastsMs({ plan, before, stepSince, ports }: NodeScope, bootId: string): number {
  const asked = before?.rebootAsked;
  if (!asked || asked.bootId !== bootId || asked.at < stepSince || plan.options.reboot.method === "privileged-pod")
    return 0;
  return Math.max(0, asked.at + commandLastsMs - ports.clock.now());
}

/** The engine that ran the command is gone, and whether the command came to its end nobody can tell but the node. */
async function othersCommand(scope: NodeScope): Promise<Observation | null> {
  const { node, memory, before } = scope;
  const { bootId } = await nodeOf(scope);
  if (!before || memory.of(boots).askedFor.has(bootId)) return null;
  const dueInMs = othersCommandLastsMs(scope, bootId);
  if (dueInMs === 0) return null;
  const rest = { object: theNode(node), clearedBy: "time" } as const;
  return { ...waiting("earlier-reboot-command", { node }, rest), dueInMs };
}

async function hold(scope: NodeScope): Promise<Observation> {
  const { node, plan } = scope;
  const others = await othersCommand(scope);
  if (others !== null) return others;
  const object = theNode(node);
  switch (plan.options.reboot.method) {
    case "manual":
      return waiting("reboot-by-hand", { node }, { object, clearedBy: "person", actions: ["rebooted"] });
    case "kind":
      return waiting("container-not-restarted", { node }, { object });
    case "none":
    case "privileged-pod":
    case "command":
      return away(scope);
  }
}

/** Asked once more, the pod that bears this boot's name and has done its work must go first. True while it goes. */
async function clearedAway({ ports, node, again, before, stepSince }: NodeScope): Promise<boolean> {
  if (!again || (before?.rebootAsked?.at ?? stepSince) >= stepSince) return false;
  const old = (await ports.pods.onFresh(node)).find(({ labels }) => labels.app === rebootPodLabel);
  if (!old || (old.phase !== "Succeeded" && old.phase !== "Failed")) return false;
  await ports.rebooter.tidy(node);
  return true;
}

const isOver = ({ before, plan }: NodeScope, { bootId }: NodeFacts): boolean =>
  before !== null && bootId !== before.bootId && plan.options.reboot.method !== "kind";

async function askFor({ ports, plan, before, remember, log, signal }: NodeScope, node: NodeFacts): Promise<void> {
  if (before) {
    const agent = (await ports.cilium.agents()).find((pod) => pod.node === node.name);
    await remember({
      ...before,
      rebootAsked: {
        bootId: node.bootId,
        at: ports.clock.now(),
        readySince: node.readySince,
        ...(agent ? { agent: { uid: agent.ref.uid, restarts: agent.restarts } } : {}),
      },
    });
  }
  log("info", note("reboot-asked", { node: node.name, method: plan.options.reboot.method }));
  await ports.rebooter.reboot(node, plan.options.reboot, signal);
}

/** Restarts the node by the plan's method; whether it happened is decided by its bootID, never by a NotReady seen or missed. */
export const reboot: Step = {
  id: "reboot",
  timeoutMs: ({ options }) => options.rebootTimeoutMs,
  async observe(scope) {
    if (scope.plan.options.reboot.method === "none")
      return { done: true, note: "no reboot asked for: pods are recreated instead" };
    return (await rebooted(scope)) ? done : hold(scope);
  },
  async apply(scope) {
    const { plan, memory } = scope;
    const { method } = plan.options.reboot;
    if (method === "none" || method === "manual") return;
    const facts = await nodeOf(scope);
    const { askedFor } = memory.of(boots);
    const { bootId } = facts;
    if (askedFor.has(bootId) || isOver(scope, facts) || othersCommandLastsMs(scope, bootId) > 0) return;
    if (await clearedAway(scope)) return;
    askedFor.add(bootId);
    try {
      await askFor(scope, facts);
    } catch (thrown) {
      if (!(thrown instanceof CrossfadeError) || thrown instanceof AdmissionDenied) askedFor.delete(bootId);
      throw thrown;
    }
  },
  rollback: ["rollback-agent", "rollback-files", "rollback-source"],
};
