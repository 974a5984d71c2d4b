import { CrossfadeError, Unavailable } from "../../model/errors.ts";
import {
  isForgottenTrial,
  type PolicyEndpoint,
  type PolicyMode,
  type PolicySettings,
} from "../../model/policies/policy-settings.ts";
import type { Ports } from "../../model/ports/ports.ts";
import { reason } from "../../model/reason.ts";

export type TrialPorts = Pick<Ports, "cilium" | "clock">;

/** Within which an agent builds the programs of all its endpoints: a full node takes about a minute. */
const settleMs = 180_000;
/** An agent says to the second when it built something: two builds in one second could not be told apart. */
const lookAgainMs = 1_100;

/** How an agent is to be when a trial is over: where an earlier trial was cut off, as its configuration says. */
export const modeToRestore = (seen: PolicySettings): PolicyMode => (isForgottenTrial(seen) ? seen.started : seen.now);

const buildsOf = ({ endpoints }: PolicySettings) => new Map(endpoints.map(({ id, built }) => [id, built]));

/** Asks until it is so; what cannot be asked is asked again. Throws once it takes too long. */
async function until(
  { cilium, clock }: TrialPorts,
  { node, waitsFor, signal }: { readonly node: string; readonly waitsFor: string; readonly signal: AbortSignal },
  holds: (seen: PolicySettings) => boolean,
): Promise<PolicySettings> {
  const deadline = clock.now() + settleMs;
  for (;;) {
    try {
      const seen = await cilium.policySettings(node);
      if (holds(seen)) return seen;
    } catch (thrown) {
      if (!(thrown instanceof Unavailable) || clock.now() >= deadline) throw thrown;
    }
    if (clock.now() >= deadline)
      throw new CrossfadeError("COMMAND_FAILED", reason("agent-not-following", { node, waitsFor }));
    await clock.sleep(lookAgainMs, signal);
  }
}

/** Its programs were built anew since, with what it is set to now. */
const rebuiltSince =
  (before: ReadonlyMap<number, string>) =>
  ({ id, ready, built }: PolicyEndpoint): boolean =>
    ready && before.get(id) !== built;

/**
 * Has an agent say what policies would deny, and deny nothing. First everything is let through, and that is seen at each endpoint;
 * only then are policies looked at.
 */
export async function switchOn(ports: TrialPorts, seen: PolicySettings, signal: AbortSignal): Promise<PolicySettings> {
  const { node, pod } = seen;
  let now = seen;
  if (!now.now.audits) {
    const before = buildsOf(now);
    await ports.clock.sleep(lookAgainMs, signal);
    await ports.cilium.setPolicies(node, pod.uid, { audits: true });
    now = await until(
      ports,
      { node, waitsFor: "audit mode", signal },
      (one) => one.now.audits && one.endpoints.every((endpoint) => endpoint.audits && rebuiltSince(before)(endpoint)),
    );
  }
  if (now.now.enforcement !== "never") return now;
  const before = buildsOf(now);
  await ports.clock.sleep(lookAgainMs, signal);
  await ports.cilium.setPolicies(node, pod.uid, { enforcement: "default" });
  return until(
    ports,
    { node, waitsFor: "enforcement default", signal },
    (one) => one.now.enforcement === "default" && one.endpoints.every(rebuiltSince(before)),
  );
}

const isAs = ({ now }: PolicySettings, mode: PolicyMode) =>
  now.enforcement === mode.enforcement && now.audits === mode.audits;

/** Policies hold nowhere, or hold where they are to. */
const isLetGo = (mode: PolicyMode) => (seen: PolicySettings) =>
  seen.now.enforcement === mode.enforcement &&
  seen.endpoints.every(
    ({ ready, guarded }) => ready && (mode.enforcement !== "never" || !(guarded.ingress || guarded.egress)),
  );

/**
 * Puts an agent back: policies are let go first, and that is seen at each endpoint, for without audit mode they would deny.
 * An agent that started anew meanwhile has its configuration again, and is left alone.
 */
export async function switchOff(
  ports: TrialPorts,
  { node, pod }: Pick<PolicySettings, "node" | "pod">,
  mode: PolicyMode,
): Promise<"restored" | "restarted"> {
  const { signal } = new AbortController();
  const start = await until(ports, { node, waitsFor: "an answer", signal }, () => true);
  if (start.pod.uid !== pod.uid) return "restarted";
  if (isAs(start, mode)) return "restored";
  if (start.now.enforcement !== mode.enforcement)
    await ports.cilium.setPolicies(node, pod.uid, { enforcement: mode.enforcement });
  await until(ports, { node, waitsFor: `enforcement ${mode.enforcement}`, signal }, isLetGo(mode));
  if (start.now.audits !== mode.audits) await ports.cilium.setPolicies(node, pod.uid, { audits: mode.audits });
  await until(
    ports,
    { node, waitsFor: "audit mode's end", signal },
    (one) => isAs(one, mode) && one.endpoints.every(({ ready, audits }) => ready && audits === mode.audits),
  );
  return "restored";
}
