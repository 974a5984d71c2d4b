import { isForgottenTrial, type PolicySettings } from "../../engine/model/policies/policy-settings.ts";
import type { Objects } from "../../engine/model/ports/objects.ts";
import type { Ports } from "../../engine/model/ports/ports.ts";
import { counted } from "../../engine/model/some-of.ts";
import { type AppliedDraft, appliedIn, draftKinds, draftName, inOrder } from "../../engine/policies/draft-objects.ts";
import { modeToRestore } from "../../engine/policies/trial/switch-agent.ts";
import { endForgotten } from "../../engine/policies/trial/trial.ts";
import { harmlessJson } from "../../store/text/foreign.ts";
import type { Given, World } from "../command.ts";
import { CommandError } from "../command-error.ts";
import { exitCodes } from "../exit-codes.ts";
import { isSet } from "../flags/flags.ts";
import { confirm, type Question, wantsYes } from "../headless/confirm.ts";
import { visible } from "../headless/visible.ts";
import { sayOnStderr } from "../headless/while-waiting.ts";
import { openCluster } from "../processes/open-cluster.ts";
import { agentsSeen, byHand } from "./agents.ts";
import { type Enforcement, enforcementOf } from "./enforcement.ts";
import { thrownWords } from "./thrown-words.ts";

/** All that policies apply made, those last that others refer to. */
async function appliedOn(objects: Objects): Promise<readonly AppliedDraft[]> {
  const kinds = Object.values(draftKinds);
  const found = await Promise.all(
    kinds.map(async (kind) => {
      const served = await objects.all({ apiVersion: "cilium.io/v2", kind });
      return served.length > 0 ? served : objects.all({ apiVersion: "cilium.io/v2alpha1", kind });
    }),
  );
  return inOrder(appliedIn(found.flat())).toReversed();
}

function lineOf({ ref, origin, others }: AppliedDraft): string {
  const since = others.length === 0 ? "" : `, changed since by ${others.join(", ")}`;
  return `${draftName(ref)}  from ${origin}${since}`;
}

const consequence: Readonly<Record<Enforcement, string>> = {
  never: "Cilium enforces no policies yet: no connection changes.",
  default: "Cilium enforces policies already: what these guard is open at once, unless other policies guard it.",
  always: "Cilium enforces policies already (mode always): what these alone allow is denied at once.",
};

interface Found {
  readonly applied: readonly AppliedDraft[];
  /** Agents whose trial was cut off. */
  readonly forgotten: readonly PolicySettings[];
  readonly mode: Enforcement;
}

const trialLine = (one: PolicySettings) => {
  const { enforcement, audits } = modeToRestore(one);
  return `${one.node}: Cilium's agent lets everything through in audit mode, as policies try leaves it when it is killed; again enforcement ${enforcement}, audit mode ${audits ? "on" : "off"}`;
};

function question({ applied, forgotten, mode }: Found, context: string): Question {
  return {
    lines: [
      ...(applied.length === 0
        ? []
        : [
            `${counted(applied.length, "object")} that policies apply made ${applied.length === 1 ? "is" : "are"} removed from ${context}:`,
            ...applied.map((one) => `  ${lineOf(one)}`),
            consequence[mode],
          ]),
      ...forgotten.map(trialLine),
    ],
    answer: String(applied.length + forgotten.length),
  };
}

async function find(ports: Ports, world: World): Promise<Found> {
  const { seen, silent } = await agentsSeen(ports);
  for (const [node, why] of silent)
    world.stderr.write(`crossfade: ${visible(`whether a trial was left on ${node} is not known: ${why}`)}\n`);
  return {
    applied: await appliedOn(ports.objects),
    forgotten: seen.filter(isForgottenTrial),
    mode: (await enforcementOf(ports)) ?? "never",
  };
}

function print({ applied, forgotten }: Found, json: boolean, { stdout }: World): void {
  if (json) {
    const removed = applied.map(({ ref, origin, others }) => ({ ...ref, from: origin, changedBy: others }));
    stdout.write(`${harmlessJson({ removed, restored: forgotten.map(({ node }) => node) }, 2)}\n`);
    return;
  }
  if (applied.length + forgotten.length === 0) stdout.write("There is nothing that policies apply or try left.\n");
  for (const one of applied) stdout.write(`${visible(`removed  ${lineOf(one)}`)}\n`);
  for (const { node } of forgotten) stdout.write(`${visible(`restored  Cilium's agent on ${node}`)}\n`);
}

async function undo(ports: Ports, { applied, forgotten }: Found): Promise<void> {
  for (const { ref, uid } of applied) await ports.objects.remove(ref, uid);
  const left = await endForgotten(ports, forgotten);
  const [first] = left;
  if (first === undefined) return;
  const [node, thrown] = first;
  const agent = forgotten.find((one) => one.node === node);
  throw new CommandError(
    "COMMAND_FAILED",
    `the agent on ${node} could not be restored: ${thrownWords(thrown)}`,
    agent === undefined ? "try again" : byHand(agent, modeToRestore(agent).enforcement).join("; then "),
    { cause: thrown },
  );
}

/** Removes what `policies apply` made, restores agents that `policies try` left, and touches nothing else, after a yes. */
export async function rollbackPolicies(given: Given, world: World): Promise<number> {
  const yes = isSet(given, "yes");
  wantsYes(world, yes);
  const cluster = await openCluster(given, world, sayOnStderr(world));
  try {
    const found = await find(cluster.ports, world);
    const isWork = found.applied.length + found.forgotten.length > 0;
    if (isWork && !yes) await confirm(question(found, cluster.name.context), world);
    await undo(cluster.ports, found);
    print(found, isSet(given, "json"), world);
    return exitCodes.done;
  } finally {
    await cluster.close();
  }
}
