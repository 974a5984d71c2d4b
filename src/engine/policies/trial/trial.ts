import { isForgottenTrial, type PolicySettings } from "../../model/policies/policy-settings.ts";
import type { PolicyVerdict } from "../../model/policies/policy-verdict.ts";
import { modeToRestore, switchOff, switchOn, type TrialPorts } from "./switch-agent.ts";

/** What is done with an agent: its settings are changed for a while, it is only listened to, or it has nothing to judge. */
export type TrialPart = "change" | "listen" | "no-pods" | "silent";

/** Where policies are enforced already, they deny already: letting everything through would open what they guard. */
export function partOf(seen: PolicySettings): TrialPart {
  if (isForgottenTrial(seen)) return "change";
  if (!seen.tellsVerdicts) return "silent";
  if (!seen.endpoints.some(({ pod }) => pod !== null)) return "no-pods";
  return seen.now.enforcement === "never" ? "change" : "listen";
}

/** How a node's part in a trial went. */
export interface TriedNode {
  readonly node: string;
  readonly part: "change" | "listen";
  /** As its agent was while it was listened to. */
  readonly settings: PolicySettings;
  readonly verdicts: readonly PolicyVerdict[];
  readonly listenedMs: number;
  /** What was thrown where it was not listened to, or not all the time; null where it was. */
  readonly trouble: unknown;
  /** The same where its agent is not as before; null where it is. */
  readonly notRestored: unknown;
}

/** What was cut off between two looks is not known; the monitor is started again this often, so that much is shown soon. */
const sliceMs = 15_000;
const againMs = 2_000;

type Heard = Pick<TriedNode, "verdicts" | "listenedMs" | "trouble">;

async function listen(
  { cilium, clock }: TrialPorts,
  node: string,
  { endsAt, signal }: { readonly endsAt: number; readonly signal: AbortSignal },
): Promise<Heard> {
  const verdicts: PolicyVerdict[] = [];
  let listenedMs = 0;
  let trouble: unknown = null;
  while (clock.now() < endsAt && !signal.aborted) {
    const began = clock.now();
    try {
      verdicts.push(...(await cilium.policyVerdicts(node, Math.min(sliceMs, endsAt - began), signal)));
      listenedMs += clock.now() - began;
    } catch (thrown) {
      if (signal.aborted) break;
      trouble = thrown;
      await clock.sleep(Math.min(againMs, Math.max(1, endsAt - clock.now())), signal).catch(() => undefined);
    }
  }
  return { verdicts, listenedMs, trouble };
}

export interface Trial {
  /** Agents whose settings are changed, and those that are only listened to. */
  readonly agents: readonly PolicySettings[];
  readonly forMs: number;
  /** Ends it early; agents are put back in any case. */
  readonly signal: AbortSignal;
  /** Told when all agents are as they are to be, and when they are put back. */
  readonly tell: (what: "switching" | "listening" | "restoring") => void;
}

interface OnAgent {
  readonly seen: PolicySettings;
  readonly on: PolicySettings;
  readonly trouble: unknown;
}

async function begin(ports: TrialPorts, seen: PolicySettings, signal: AbortSignal): Promise<OnAgent> {
  if (partOf(seen) === "listen") return { seen, on: seen, trouble: null };
  try {
    return { seen, on: await switchOn(ports, seen, signal), trouble: null };
  } catch (thrown) {
    return { seen, on: seen, trouble: thrown };
  }
}

async function restore(ports: TrialPorts, seen: PolicySettings): Promise<unknown> {
  if (partOf(seen) === "listen") return null;
  try {
    await switchOff(ports, seen, modeToRestore(seen));
    return null;
  } catch (thrown) {
    return thrown;
  }
}

/** Has agents say for a while what policies deny, or would; whatever happens, each is put back as it was. */
export async function runTrial(
  ports: TrialPorts,
  { agents, forMs, signal, tell }: Trial,
): Promise<readonly TriedNode[]> {
  const heard = new Map<string, Heard & { readonly settings: PolicySettings }>();
  let notRestored: readonly unknown[] = [];
  try {
    tell("switching");
    const begun = await Promise.all(agents.map((seen) => begin(ports, seen, signal)));
    tell("listening");
    const endsAt = ports.clock.now() + forMs;
    await Promise.all(
      begun.map(async ({ seen, on, trouble }) => {
        const silent = { verdicts: [], listenedMs: 0, trouble };
        const found = trouble === null ? await listen(ports, seen.node, { endsAt, signal }) : silent;
        heard.set(seen.node, { ...found, settings: on });
      }),
    );
  } finally {
    tell("restoring");
    notRestored = await Promise.all(agents.map((seen) => restore(ports, seen)));
  }
  return agents.map((seen, index) => ({
    node: seen.node,
    part: partOf(seen) === "listen" ? "listen" : "change",
    ...(heard.get(seen.node) ?? { settings: seen, verdicts: [], listenedMs: 0, trouble: null }),
    notRestored: notRestored[index] ?? null,
  }));
}

/** Puts agents back that a trial left whose end was cut off; by node, what could not be. */
export async function endForgotten(
  ports: TrialPorts,
  agents: readonly PolicySettings[],
): Promise<readonly (readonly [node: string, thrown: unknown])[]> {
  const left = await Promise.all(agents.map(async (seen) => [seen.node, await restore(ports, seen)] as const));
  return left.flatMap(([node, why]) => (why === null ? [] : [[node, why] as const]));
}
