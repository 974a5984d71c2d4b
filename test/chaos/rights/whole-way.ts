import type { Question, ResourceQuestion } from "crossfade-lab/api/access/policy-rule.ts";
import { rightsFor } from "../../../src/commands/usual-rights.ts";
import type { RightsStage } from "../../../src/engine/model/facts.ts";
import { questionsOf } from "../../../src/kube/ports/permissions.ts";
import { World } from "../../support/lab/lab-run.ts";
import { type ChaosResult, nothingRun, type Wrong } from "../result.ts";
import { accountOf, asAccount, type SourceStory } from "./as-operator.ts";

/** Whatever the cluster refused us is a hole in the role, whether the run got over it or not. */
function noteRefusal(event: object, refused: string[]): void {
  const text = JSON.stringify(event);
  if (/is forbidden|does not let us/i.test(text)) refused.push(text.slice(0, 400));
}

/** Wall time on a machine that does much else. */
const patienceMs = 120_000;

/** Told of each right that was made use of. */
export type Uses = ResourceQuestion[];

/** The whole way under the role of `finalize`, or there and back under the one of `operate`, by its ServiceAccount. */
export async function wholeWay(
  { source, given }: SourceStory,
  stage: RightsStage,
  seed: number,
  uses: Uses,
): Promise<ChaosResult> {
  const { namespace, name } = accountOf(stage);
  const operator = `system:serviceaccount:${namespace}:${name}`;
  const onAllowed = ({ username }: { readonly username: string }, question: Question) => {
    if (username === operator && !("path" in question)) uses.push(question);
  };
  const world = await World.make({ source, seed, speed: 20, onAllowed });
  const refused: string[] = [];
  try {
    const cluster = await asAccount(stage, given, world);
    const back = stage === "operate";
    const choice = { cluster, onEvent: (event: object) => noteRefusal(event, refused) };
    const run = world.start({ ...choice, ...(back ? { consents: ["nodes"] } : {}) });
    if (back) {
      const isAsked = () => run.of("consent-asked").some(({ consent }) => consent === "finalize");
      await run.until("every node to be moved", isAsked, patienceMs);
      run.engine.stop();
      await run.engine.ended.catch(() => undefined);
      await world.start({ ...choice, rollback: "all" }).end(patienceMs);
    } else await run.end(patienceMs);
    const outcome = (await world.ports().records.run())?.finished?.outcome;
    const right = outcome === (back ? "rolled-back" : "migrated") && refused.length === 0;
    const what = `from ${source} under the role of ${stage} the run ended ${outcome}`;
    const wrong: readonly Wrong[] = right ? [] : [{ what, seed, story: refused.join("\n") }];
    return { ...nothingRun, runs: 1, endedRight: right ? 1 : 0, wrong };
  } finally {
    await world.close();
  }
}

/** Rights that this lab and this story have no occasion for, and who has. */
const occasions: readonly (readonly [RegExp, string])[] = [
  [/^list policy\.networking\.k8s\.io /, "clusters with that API"],
  [/^list cilium\.io cilium(clusterwide)?networkpolicies$/, "clusters that had Cilium before"],
  [/^list {2}namespaces$/, "clusters in which a policy refuses something"],
  [/^create {2}pods\/exec$/, "Kubernetes 1.35 and later"],
  [/^(list|watch) coordination\.k8s\.io leases engine$/, "a panel beside somebody else's run"],
  [/^get {2}pods$/, "evictions whose answer was lost"],
  [/ cilium-operator-ztunnel$/, "Cilium 1.20"],
  [/^(list|patch) projectcalico\.org /, "Calico 3.32, where its kinds are CRDs of the API's group"],
  [/^patch crd\.projectcalico\.org (ippools|tiers)$/, "Calico 3.32, which sets finalizers"],
  [/^list operator\.tigera\.io installations$/, "clusters with an operator"],
  [/^patch apps deployments calico-kube-controllers$/, "Calico 3.32, which sets finalizers"],
  [/^get operator\.tigera\.io (installations|apiservers) default$/, "kinds of an operator that is gone"],
  [/ operator\.tigera\.io (whiskers|goldmanes|gatewayapis|istios) default$/, "an operator that was asked for these"],
];

/** Rights in the table that no run made use of: the role would not be the least. */
export function unused({ given, lacksSome }: SourceStory, uses: Uses): readonly Wrong[] {
  const fits = (asked: string | undefined, used: string | undefined) => asked === "*" || asked === used;
  const isUsed = (asked: ReturnType<typeof questionsOf>[number], use: ResourceQuestion) =>
    use.verb === asked.verb &&
    fits(asked.group, use.group) &&
    fits(asked.resource, use.subresource === "" ? use.resource : `${use.resource}/${use.subresource}`) &&
    (asked.namespace === null || asked.namespace === use.namespace) &&
    (asked.name === undefined || asked.name === use.name);
  return questionsOf(rightsFor("kube-system", given))
    .filter((asked) => !uses.some((use) => isUsed(asked, use)))
    .filter((asked) => {
      const isLookedFor = asked.verb === "delete" && uses.some((use) => isUsed({ ...asked, verb: "get" }, use));
      return !(lacksSome && isLookedFor);
    })
    .map(({ verb, group, resource, name }) => `${verb} ${group} ${resource}${name === undefined ? "" : ` ${name}`}`)
    .filter((name) => !occasions.some(([occasion]) => occasion.test(name)))
    .map((name) => ({ what: `the right to ${name} is given and never used`, seed: 0, story: "" }));
}
