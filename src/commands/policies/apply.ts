import type { JsonObject } from "../../engine/model/plan-types.ts";
import type { Objects } from "../../engine/model/ports/objects.ts";
import { counted, someOf } from "../../engine/model/some-of.ts";
import {
  type Draft,
  draftKinds,
  draftName,
  draftsWithOrigin,
  inOrder,
  isApplied,
  othersIn,
} from "../../engine/policies/draft-objects.ts";
import { objectIn, textIn } from "../../engine/policies/json-in.ts";
import { harmlessJson } from "../../store/text/foreign.ts";
import type { Given, World } from "../command.ts";
import { CommandError } from "../command-error.ts";
import { exitCodes } from "../exit-codes.ts";
import { isSet } from "../flags/flags.ts";
import { confirm, wantsYes } from "../headless/confirm.ts";
import { visible } from "../headless/visible.ts";
import { sayOnStderr } from "../headless/while-waiting.ts";
import { type OpenCluster, openCluster } from "../processes/open-cluster.ts";
import { draftsAt, draftsFrom } from "./draft-files.ts";
import { enforcementOf, whenTheyCount } from "./enforcement.ts";
import { plannedPolicies } from "./planned.ts";
import { thrownWords } from "./thrown-words.ts";

/** What applying a draft does to what is there. */
type Change = "create" | "change" | "none";

interface Planned {
  readonly draft: Draft;
  readonly change: Change;
}

const inWords: Readonly<Record<Change, string>> = { create: "new", change: "changed", none: "unchanged" };
const versionOf = (object: JsonObject) => textIn(objectIn(object["metadata"])["resourceVersion"]);

/** None of them is there before Cilium's operator has made its definitions. */
async function wantsCilium({ ports: { cilium } }: OpenCluster, drafts: readonly Draft[]): Promise<void> {
  const served = new Set(await cilium.servedKinds());
  const lacking = [...new Set(drafts.map(({ ref }) => draftKinds[ref.kind]))].filter((plural) => !served.has(plural));
  if (lacking.length === 0) return;
  throw new CommandError(
    "BLOCKED",
    `this cluster does not serve ${lacking.map((plural) => `${plural}.cilium.io`).join(", ")}: nothing was changed`,
    served.size === 0
      ? "crossfade migrate installs Cilium before it moves the first node; apply the drafts then, and before you consent to finalize"
      : "this Cilium does not know the kind; crossfade policies convert with its version says what it takes",
  );
}

/** What others made by the same name is theirs. */
function wantsOwn(found: readonly (readonly [Draft, JsonObject | null])[]): void {
  const theirs = found.flatMap(([draft, now]) => (now === null || isApplied(now) ? [] : [[draft, now] as const]));
  const [first] = theirs;
  if (first === undefined) return;
  const by = theirs.map(([draft, now]) => {
    const [who] = othersIn(now);
    return `${draftName(draft.ref)}${who === undefined ? "" : ` (by ${who})`}`;
  });
  throw new CommandError(
    "BLOCKED",
    `${someOf(by)} ${theirs.length === 1 ? "is" : "are"} there already and not made by policies apply: nothing was changed`,
    "give the draft another metadata.name (crossfade policies convert --out DIR writes it), or delete the object first",
  );
}

/** All of them as the API server would take them, before the first is written. */
async function tried(objects: Objects, drafts: readonly Draft[]): Promise<readonly Planned[]> {
  const found = await Promise.all(drafts.map(async (draft) => [draft, await objects.get(draft.ref)] as const));
  wantsOwn(found);
  const refused: string[] = [];
  const planned: Planned[] = [];
  for (const [draft, now] of found) {
    const answer = await objects.apply(draft.object, { dryRun: true });
    if (answer.did === "refused") refused.push(`${draftName(draft.ref)}: ${answer.said}`);
    else if (now === null) planned.push({ draft, change: "create" });
    else planned.push({ draft, change: versionOf(now) === versionOf(answer.object) ? "none" : "change" });
  }
  if (refused.length === 0) return planned;
  throw new CommandError(
    "BLOCKED",
    `the API server would refuse ${counted(refused.length, "draft")} of ${drafts.length} (${someOf(refused)}): nothing was changed`,
    "edit or remove those files; the others can be applied by themselves",
  );
}

const lineOf = ({ draft, change }: Planned) =>
  `${inWords[change].padEnd(9)}  ${draftName(draft.ref)}  from ${draft.origin}`;

async function ask(planned: readonly Planned[], counts: string, { context, world }: Asking): Promise<void> {
  const changes = planned.filter(({ change }) => change !== "none").length;
  const lines = [
    `${counted(changes, "object")} of Cilium's policies ${changes === 1 ? "is" : "are"} written to ${context}:`,
    ...planned.map((one) => `  ${lineOf(one)}`),
    counts,
    "crossfade policies rollback removes them again.",
  ];
  await confirm({ lines, answer: String(changes) }, world);
}

interface Asking {
  readonly context: string;
  readonly world: World;
}

/** One after the other: where one fails, it is said which are there. */
async function write(objects: Objects, planned: readonly Planned[]): Promise<void> {
  const written: string[] = [];
  for (const { draft, change } of planned) {
    if (change === "none") continue;
    const name = draftName(draft.ref);
    try {
      const answer = await objects.apply(draft.object, { dryRun: false });
      if (answer.did === "refused") throw new Error(answer.said);
      written.push(name);
    } catch (thrown) {
      const why = thrownWords(thrown);
      throw new CommandError(
        "COMMAND_FAILED",
        `${name} was not applied: ${why}; ${written.length === 0 ? "none was applied before it" : `applied before it: ${written.join(", ")}`}`,
        "the same command goes on; crossfade policies rollback removes those that were applied",
        { cause: thrown },
      );
    }
  }
}

/** Those of files and folders, or made of the cluster's policies as they are now. */
async function draftsFor(given: Given, paths: readonly string[], world: World): Promise<readonly Draft[]> {
  if (paths.length > 0) return draftsAt(paths);
  const { policies } = await plannedPolicies(given, world);
  return draftsFrom(policies.flatMap(draftsWithOrigin));
}

function report(planned: readonly Planned[], counts: string, { json, world }: { json: boolean; world: World }): void {
  const { stdout } = world;
  if (json) {
    const applied = planned.map(({ draft, change }) => ({ ...draft.ref, from: draft.origin, change }));
    stdout.write(`${harmlessJson({ applied, enforcement: counts }, 2)}\n`);
    return;
  }
  for (const one of planned) stdout.write(`${visible(lineOf(one))}\n`);
  stdout.write(`${counts}\n`);
}

/** Applies drafts, all or none, after a yes. */
export async function applyPolicies(given: Given, paths: readonly string[], world: World): Promise<number> {
  const yes = isSet(given, "yes");
  const json = isSet(given, "json");
  wantsYes(world, yes);
  const drafts = inOrder(await draftsFor(given, paths, world));
  if (drafts.length === 0) {
    world.stderr.write("crossfade: no policy has a draft; crossfade policies list says what becomes of each\n");
    if (json) world.stdout.write(`${harmlessJson({ applied: [] }, 2)}\n`);
    return exitCodes.done;
  }
  const cluster = await openCluster(given, world, sayOnStderr(world));
  try {
    await wantsCilium(cluster, drafts);
    const planned = await tried(cluster.ports.objects, drafts);
    const counts = whenTheyCount[(await enforcementOf(cluster.ports)) ?? "default"];
    const isWork = planned.some(({ change }) => change !== "none");
    if (isWork && !yes) await ask(planned, counts, { context: cluster.name.context, world });
    if (isWork) await write(cluster.ports.objects, planned);
    report(planned, counts, { json, world });
    return exitCodes.done;
  } finally {
    await cluster.close();
  }
}
