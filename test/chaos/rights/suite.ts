import { rightsFor } from "../../../src/commands/usual-rights.ts";
import type { PermissionFacts } from "../../../src/engine/model/facts.ts";
import { permissions } from "../../../src/engine/preflight/tools/permissions.ts";
import { askPermissions } from "../../../src/kube/ports/permissions.ts";
import type { World } from "../../support/lab/lab-run.ts";
import { applyObjects, printedObjects } from "../../support/lab/roles.ts";
import { saidCheck } from "../../support/said-check.ts";
import { type ChaosResult, nothingRun, type Size, together, type Wrong } from "../result.ts";
import { asOperator, connectAsOperator, cutName, cutsOf, type SourceStory, subject, without } from "./as-operator.ts";
import { lossCount, lostRight } from "./lost-rights.ts";
import { type Uses, unused, wholeWay } from "./whole-way.ts";

type Tell = (line: string) => void;

/** What preflight says of these rights; everything else about a cluster is another check's. */
const verdict = (found: readonly PermissionFacts[]) =>
  saidCheck({
    check: "permissions",
    ...permissions.check({ facts: { permissions: found } } as Parameters<typeof permissions.check>[0]),
  });

/** Another connection each time: its budget of requests is whole. Null where nobody is even let in. */
async function asked(world: World): Promise<readonly PermissionFacts[] | null> {
  const fresh = await connectAsOperator(world).catch(() => null);
  return fresh === null
    ? null
    : askPermissions(fresh.client, rightsFor("kube-system", { id: "flannel" }), new AbortController().signal);
}

/** Without any single right preflight must find the hole, before anything is touched. */
async function holes(size: Size, tell: Tell): Promise<ChaosResult> {
  const seed = 31;
  const { world } = await asOperator("finalize", { seed });
  const wrong: Wrong[] = [];
  try {
    const whole = verdict((await asked(world)) ?? []);
    if (whole.level !== "ok") wrong.push({ what: "the whole role has a hole", seed, story: whole.message });
    const cuts = cutsOf(printedObjects("finalize", subject));
    const chosen = size === "full" ? cuts : cuts.filter((_, index) => index % Math.ceil(cuts.length / 8) === 3);
    for (const cut of chosen) {
      await applyObjects(world.cluster.client, [without(cut)]);
      const found = await asked(world);
      const { level, message } = found === null ? { level: "blocker", message: "" } : verdict(found);
      if (level !== "blocker")
        wrong.push({ what: `without ${cutName(cut)} preflight says ${level}`, seed, story: message });
      await applyObjects(world.cluster.client, [cut.object]);
    }
    tell(`${chosen.length} of ${cuts.length} rights taken away one by one`);
    const faults = chosen.length;
    return { ...nothingRun, runs: faults, faults, heldWithReason: faults - wrong.length, wrong };
  } finally {
    await world.close();
  }
}

/** Every source that a lab has, and how its role is asked for. */
export const stories: readonly SourceStory[] = [
  { source: "flannel", given: { id: "flannel" } },
  { source: "calico-manifest", given: { id: "calico" }, lacksSome: true },
  { source: "calico-operator", given: { id: "calico", namespace: "calico-system" }, lacksSome: true },
  { source: "canal", given: { id: "canal" }, lacksSome: true },
];

/** The whole way and the way back under the printed roles: enough, and not too much. */
export async function enough(story: SourceStory, tell: Tell): Promise<ChaosResult> {
  const uses: Uses = [];
  const there = await wholeWay(story, "finalize", 21, uses);
  const back = await wholeWay(story, "operate", 22, uses);
  const sum = together(there, back);
  tell(`${story.source}: the whole way and the way back under the printed roles, ${uses.length} requests authorized`);
  return { ...sum, wrong: [...sum.wrong, ...unused(story, uses)] };
}

/** RBAC enforced: a hole is found by preflight, a loss is told; where all is asked for, the printed roles are enough and not too much. */
export async function run(size: Size, tell: Tell): Promise<ChaosResult> {
  let sum = await holes(size, tell);
  const losses = size === "full" ? lossCount : 1;
  for (let index = 0; index < losses; index++) sum = together(sum, await lostRight(index, tell));
  for (const story of size === "full" ? stories : []) sum = together(sum, await enough(story, tell));
  return sum;
}
