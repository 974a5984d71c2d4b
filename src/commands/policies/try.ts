import type { PolicySettings } from "../../engine/model/policies/policy-settings.ts";
import type { Ports } from "../../engine/model/ports/ports.ts";
import { counted, fullName, someOf } from "../../engine/model/some-of.ts";
import { nodesByAddress } from "../../engine/observe/policies/node-addresses.ts";
import { enforcedKinds } from "../../engine/policies/enforced-kinds.ts";
import { type EnforcedPolicy, enforcedPolicies } from "../../engine/policies/selecting.ts";
import { type AddressBook, deniedPairs } from "../../engine/policies/trial/count.ts";
import { modeToRestore } from "../../engine/policies/trial/switch-agent.ts";
import { partOf, runTrial, type TriedNode } from "../../engine/policies/trial/trial.ts";
import type { Given, World } from "../command.ts";
import { CommandError } from "../command-error.ts";
import { exitCodes } from "../exit-codes.ts";
import { durationMs } from "../flags/durations.ts";
import { isSet, text } from "../flags/flags.ts";
import { confirm, wantsYes } from "../headless/confirm.ts";
import { visible } from "../headless/visible.ts";
import { sayOnStderr } from "../headless/while-waiting.ts";
import { openCluster } from "../processes/open-cluster.ts";
import { type AgentsSeen, agentsSeen, byHand } from "./agents.ts";
import { thrownWords } from "./thrown-words.ts";
import { printTrial, type Tried } from "./trial-report.ts";

const usualFor = "60s";
const leastMs = 1_000;

function duration(given: Given): number {
  const words = text(given, "for") ?? usualFor;
  const ms = durationMs(words, "for");
  if (ms >= leastMs) return ms;
  throw new CommandError("USAGE", `--for ${words} is too short to see a connection`, "give --for 60s, for example");
}

async function policiesOn({ objects }: Pick<Ports, "objects">): Promise<readonly EnforcedPolicy[]> {
  const [kubernetes = [], cilium = [], clusterwide = []] = await Promise.all(
    enforcedKinds.map((kind) => objects.all(kind)),
  );
  return enforcedPolicies({ kubernetes, cilium, clusterwide });
}

async function addresses(ports: Pick<Ports, "pods" | "nodes" | "cilium">): Promise<AddressBook> {
  const [pods, nodes] = await Promise.all([ports.pods.list(), nodesByAddress(ports)]);
  const own = pods.filter(({ hostNetwork }) => !hostNetwork);
  return { pods: new Map(own.flatMap((pod) => pod.ips.map((ip) => [ip, fullName(pod)] as const))), nodes };
}

/** Those that can be asked anything; why there is none is said with what to do. */
function chosen({ seen, silent }: AgentsSeen): readonly PolicySettings[] {
  const agents = seen.filter((one) => ["change", "listen"].includes(partOf(one)));
  if (agents.length > 0) return agents;
  const [first] = silent;
  if (first !== undefined)
    throw new CommandError(
      "BLOCKED",
      `no Cilium agent can be tried: ${first[0]}: ${first[1]}`,
      "try again once it answers",
    );
  if (seen.length === 0)
    throw new CommandError(
      "BLOCKED",
      "no Cilium agent runs in this cluster, so nothing can be tried",
      "crossfade migrate installs Cilium; try policies once nodes are migrated, and before you consent to finalize",
    );
  if (seen.some((one) => partOf(one) === "silent"))
    throw new CommandError(
      "BLOCKED",
      "Cilium's agents do not say what policies deny: PolicyVerdictNotification is off",
      "set the Helm value bpf.events.policyVerdict.enabled to true",
    );
  throw new CommandError(
    "BLOCKED",
    "no pod has Cilium's network yet, so there is nothing that Cilium could judge",
    "try again once the first node is migrated",
  );
}

/** Audit mode lets through what the datapath would deny; a proxy denies all the same. */
function wantsNoProxy(policies: readonly EnforcedPolicy[]): void {
  const denying = policies.filter(({ denies }) => denies).map(({ name }) => name);
  if (denying.length === 0) return;
  throw new CommandError(
    "BLOCKED",
    `${someOf(denying)} ${denying.length === 1 ? "has" : "have"} rules for HTTP, DNS or authentication, which deny in audit mode too: nothing was changed`,
    "delete these policies while the others are tried",
  );
}

const podsOf = ({ endpoints }: PolicySettings) => counted(endpoints.filter(({ pod }) => pod !== null).length, "pod");

function questionLines(changed: readonly PolicySettings[], forWords: string): readonly string[] {
  return [
    `For ${forWords} Cilium's agents on ${counted(changed.length, "node")} judge what policies would deny, and deny nothing (audit mode):`,
    ...changed.map((one) => {
      const { enforcement, audits } = modeToRestore(one);
      return `  ${one.node}  ${podsOf(one)}; afterwards again enforcement ${enforcement}, audit mode ${audits ? "on" : "off"}`;
    }),
    "Only settings at run time are changed (PolicyAuditMode, then PolicyEnforcement), and restored in any case; Cilium builds the programs of these pods again.",
    "If this process is killed, nothing is denied either, and crossfade policies rollback restores the agents.",
  ];
}

type Phase = "switching" | "listening" | "restoring";

/** What is said of each phase; where nothing is changed, only that it listens. */
function phaseWords(phase: Phase, forWords: string, changes: boolean): string | null {
  if (phase === "listening")
    return `listens for ${forWords}; Ctrl-C ends it early${changes ? " and restores the agents" : ""}`;
  if (!changes) return null;
  return phase === "switching" ? "switches audit mode on, and waits until every pod has it" : "restores the agents";
}

interface Ending {
  readonly signal: AbortSignal;
  done(): void;
}

/** The first signal ends the trial, and agents are restored; a second one leaves at once, which is said with what to do then. */
function endedBySignal(world: World, changed: readonly PolicySettings[], say: (line: string) => void): Ending {
  const ends = new AbortController();
  const abort = () => ends.abort();
  world.signal.addEventListener("abort", abort, { once: true });
  const giveBack = world.interrupts?.takenBy((why) => {
    const again = ends.signal.aborted && (why === "SIGINT" || why === "SIGTERM");
    ends.abort();
    if (!again || changed.length === 0) return !again;
    say("leaving now, before the agents were restored: nothing is denied; crossfade policies rollback restores them");
    return false;
  });
  return {
    signal: ends.signal,
    done: () => {
      world.signal.removeEventListener("abort", abort);
      giveBack?.();
    },
  };
}

function sayNotRestored(tried: readonly TriedNode[], say: (line: string) => void): void {
  for (const { settings, notRestored } of tried.filter((one) => one.notRestored !== null)) {
    const why = thrownWords(notRestored);
    say(`the agent on ${settings.node} could not be restored (${why}): it denies nothing; by hand, in this order:`);
    for (const command of byHand(settings, modeToRestore(settings).enforcement)) say(`  ${command}`);
  }
}

/** What policies would deny, counted for a while without denying it. */
export async function tryPolicies(given: Given, world: World): Promise<number> {
  const forMs = duration(given);
  const forWords = text(given, "for") ?? usualFor;
  const yes = isSet(given, "yes");
  const say = sayOnStderr(world);
  const cluster = await openCluster(given, world, say);
  const { ports } = cluster;
  try {
    const found = await agentsSeen(ports);
    const agents = chosen(found);
    const changed = agents.filter((one) => partOf(one) === "change");
    const policies = await policiesOn(ports);
    if (changed.length > 0) {
      wantsNoProxy(policies);
      wantsYes(world, yes);
    }
    if (changed.length > 0 && !yes)
      await confirm({ lines: questionLines(changed, forWords), answer: String(changed.length) }, world);
    const ending = endedBySignal(world, changed, say);
    try {
      const tell = (phase: Phase) => {
        const words = phaseWords(phase, forWords, changed.length > 0);
        if (words !== null) say(words);
      };
      const trial = { agents, forMs, signal: ending.signal, tell };
      const tried = await runTrial(ports, trial);
      const verdicts = tried.flatMap((one) => one.verdicts);
      const settings = tried.map((one) => one.settings);
      const pairs = deniedPairs(verdicts, settings, { book: await addresses(ports), policies });
      const report: Tried = { tried, pairs, found, policies: policies.length };
      printTrial(report, { json: isSet(given, "json"), write: (line) => world.stdout.write(`${visible(line)}\n`) });
      sayNotRestored(tried, say);
      if (tried.some(({ notRestored }) => notRestored !== null)) return exitCodes.failed;
      if (ending.signal.aborted) return exitCodes.interrupted;
      return tried.some(({ listenedMs }) => listenedMs > 0) ? exitCodes.done : exitCodes.failed;
    } finally {
      ending.done();
    }
  } finally {
    await cluster.close();
  }
}
