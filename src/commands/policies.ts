import { stringify } from "yaml";
import { type PolicyView, policyFates, policyName } from "../engine/model/policies/policy-view.ts";
import { counted } from "../engine/model/some-of.ts";
import { draftsWithOrigin } from "../engine/policies/draft-objects.ts";
import { harmlessJson } from "../store/text/foreign.ts";
import { explainPolicy, fateSentences, fateWords } from "../words/policies/policy-words.ts";
import type { Command, Given, World } from "./command.ts";
import { CommandError } from "./command-error.ts";
import { exitCodes } from "./exit-codes.ts";
import { chartAccessFlags } from "./flags/chart-flags.ts";
import { clusterFlags, isSet, text } from "./flags/flags.ts";
import { planFlags } from "./flags/plan-flags.ts";
import { type FilesInWords, writeFiles } from "./flags/write-files.ts";
import { visible } from "./headless/visible.ts";
import { applyPolicies } from "./policies/apply.ts";
import { type Policies, plannedPolicies } from "./policies/planned.ts";
import { rollbackPolicies } from "./policies/rollback.ts";
import { tryPolicies } from "./policies/try.ts";

const verbs = ["list", "explain", "convert", "try", "apply", "rollback"] as const;

type Verb = (typeof verbs)[number];

const draftsInWords: FilesInWords = {
  what: "the drafts",
  flag: "--out DIR",
  differs: "the drafts are others now",
};

/** One line a policy, the sums last. */
export function listLines({ policies, unread }: Policies): readonly string[] {
  const width = Math.max(0, ...policyFates.map((fate) => fateWords[fate].length));
  const sums = policyFates
    .map((fate) => [fate, policies.filter((one) => one.fate === fate).length] as const)
    .filter(([, count]) => count > 0)
    .map(([fate, count]) => `${count} ${fateWords[fate]}`);
  return [
    ...policies.map(
      (one) => `${fateWords[one.fate].padEnd(width)}  ${policyName(one)}  selects ${counted(one.pods.length, "pod")}`,
    ),
    ...Object.entries(unread).map(([kind, count]) => `${"not read".padEnd(width)}  ${count} ${kind}`),
    policies.length === 0
      ? "There are no policies that can be read."
      : `${counted(policies.length, "policy")}: ${sums.join(", ")}`,
  ];
}

/** All that is to be said of one policy. */
export function explainLines(policy: PolicyView, minutes: number): readonly string[] {
  const found = policy.findings.map((finding) => explainPolicy(finding));
  const isOpen = policy.findings.some(({ code }) => ["open-on-moved-nodes", "moved-peers-blocked"].includes(code));
  return [
    `${policyName(policy)}: ${fateWords[policy.fate]}`,
    fateSentences[policy.fate],
    ...found.flatMap((said) => [`- ${said.text}`, ...(said.clearedBy === "" ? [] : [`  → ${said.clearedBy}`])]),
    ...(isOpen
      ? [
          `From the first node's migration until the run is finalized the plan estimates ${counted(minutes, "minute")}, without the time for your consents.`,
        ]
      : []),
  ];
}

/** A file each, by a name that no other policy has. */
export function draftFiles(policies: readonly PolicyView[]): Readonly<Record<string, string>> {
  const drafted = policies.filter(({ drafts }) => drafts.length > 0);
  return Object.fromEntries(
    drafted.map((policy) => [
      `${policy.namespace === null ? "cluster" : `namespace-${policy.namespace}`}.${policy.name}.yaml`,
      draftsWithOrigin(policy)
        .map((draft) => stringify(draft, { lineWidth: 0, aliasDuplicateObjects: false }))
        .join("---\n"),
    ]),
  );
}

/** Those whose kind and name, or name alone, is this. */
function named(policies: readonly PolicyView[], name: string | undefined): readonly PolicyView[] {
  if (name === undefined)
    throw new CommandError("USAGE", "policies explain needs a NAME", "crossfade policies list shows the names");
  const found = policies.filter((one) => [one.name, `${one.namespace}/${one.name}`, policyName(one)].includes(name));
  if (found.length > 0) return found;
  throw new CommandError("USAGE", `there is no policy ${name}`, "crossfade policies list shows the names");
}

const jsonOf = ({ policies: all, unread }: Policies) => ({
  policies: all.map(({ findings, ...policy }) => ({
    ...policy,
    findings: findings.map((finding) => ({ ...finding, ...explainPolicy(finding) })),
  })),
  unread,
});

function convertLines(policies: readonly PolicyView[]): readonly string[] {
  const without = policies.filter(({ fate }) => fate === "report-only");
  return without.flatMap((policy) => [
    `# no draft of ${policyName(policy)}:`,
    ...policy.findings.slice(0, 3).map((finding) => `#   ${explainPolicy(finding).text}`),
  ]);
}

function linesOf(verb: string, found: Policies, files: Readonly<Record<string, string>>): readonly string[] {
  if (verb === "list") return listLines(found);
  if (verb === "explain") return found.policies.flatMap((policy) => explainLines(policy, found.minutes));
  const drafts = Object.values(files).join("---\n").trimEnd();
  return [...convertLines(found.policies), ...(drafts === "" ? [] : drafts.split("\n"))];
}

/** What only looks, and writes at most files here. */
async function look(given: Given, [verb, name]: readonly [Verb, string | undefined], world: World): Promise<number> {
  const found = await plannedPolicies(given, world);
  const chosen = { ...found, policies: verb === "explain" ? named(found.policies, name) : found.policies };
  const folder = verb === "convert" ? text(given, "out") : undefined;
  const files = draftFiles(chosen.policies);
  if (isSet(given, "json")) world.stdout.write(`${harmlessJson(jsonOf(chosen), 2)}\n`);
  else
    for (const line of linesOf(verb, chosen, folder === undefined ? files : {}))
      world.stdout.write(`${visible(line)}\n`);
  if (folder !== undefined)
    for (const path of writeFiles(files, folder, draftsInWords)) world.stderr.write(`wrote ${path}\n`);
  return exitCodes.done;
}

/** What becomes of the cluster's policies; drafts for Cilium are written here, and on wish applied and rolled back. */
export const policies: Command = {
  name: "policies",
  operands: "list | explain NAME | convert | try | apply [FILE|DIR ...] | rollback",
  summary: "Show what becomes of each network policy; try them; write, apply and roll back drafts for Cilium",
  flags: {
    json: {
      type: "boolean",
      help: "policies, findings and drafts as JSON; with try what would be denied; with apply and rollback what was changed",
    },
    out: { type: "string", value: "DIR", help: "with convert: write a file for each draft there" },
    for: { type: "string", value: "TIME", help: "with try: how long to count what would be denied (default: 60s)" },
    yes: { type: "boolean", help: "with try, apply, rollback: do not ask; needed where there is no terminal" },
    ...clusterFlags,
    ...chartAccessFlags,
    ...planFlags,
  },
  async run(given, [word = "list", ...more], world) {
    const verb = verbs.find((known) => known === word);
    if (verb === undefined)
      throw new CommandError("USAGE", `policies has no ${word}`, `say one of ${verbs.join(", ")}`);
    if (verb === "try") return tryPolicies(given, world);
    if (verb === "apply") return applyPolicies(given, more, world);
    if (verb === "rollback") return rollbackPolicies(given, world);
    return look(given, [verb, more[0]], world);
  },
};
