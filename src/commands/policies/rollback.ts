import type { Objects } from "../../engine/model/ports/objects.ts";
import { counted } from "../../engine/model/some-of.ts";
import { type AppliedDraft, appliedIn, draftKinds, draftName, inOrder } from "../../engine/policies/draft-objects.ts";
import { harmlessJson } from "../../store/text/foreign.ts";
import type { Given, World } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { isSet } from "../flags/flags.ts";
import { confirm, type Question, wantsYes } from "../headless/confirm.ts";
import { visible } from "../headless/visible.ts";
import { sayOnStderr } from "../headless/while-waiting.ts";
import { openCluster } from "../processes/open-cluster.ts";
import { type Enforcement, enforcementOf } from "./enforcement.ts";

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

function question(applied: readonly AppliedDraft[], context: string, mode: Enforcement): Question {
  return {
    lines: [
      `${counted(applied.length, "object")} that policies apply made ${applied.length === 1 ? "is" : "are"} removed from ${context}:`,
      ...applied.map((one) => `  ${lineOf(one)}`),
      consequence[mode],
    ],
    answer: String(applied.length),
  };
}

/** Removes what `policies apply` made, and nothing else, after a yes. */
export async function rollbackPolicies(given: Given, world: World): Promise<number> {
  const yes = isSet(given, "yes");
  const json = isSet(given, "json");
  wantsYes(world, yes);
  const cluster = await openCluster(given, world, sayOnStderr(world));
  try {
    const { objects } = cluster.ports;
    const applied = await appliedOn(objects);
    const mode = (await enforcementOf(cluster.ports)) ?? "never";
    if (applied.length > 0 && !yes) await confirm(question(applied, cluster.name.context, mode), world);
    for (const { ref, uid } of applied) await objects.remove(ref, uid);
    if (json) {
      const removed = applied.map(({ ref, origin, others }) => ({ ...ref, from: origin, changedBy: others }));
      world.stdout.write(`${harmlessJson({ removed }, 2)}\n`);
    } else if (applied.length === 0) world.stdout.write("There is nothing that policies apply made.\n");
    else for (const one of applied) world.stdout.write(`${visible(`removed  ${lineOf(one)}`)}\n`);
    return exitCodes.done;
  } finally {
    await cluster.close();
  }
}
