import type { ObjectKind } from "../model/cluster/source-object.ts";
import { CrossfadeError } from "../model/errors.ts";
import { canonicalJson } from "../model/plan/canonical-json.ts";
import type { PlannedSourceStep } from "../model/plan/source-steps.ts";
import type { Plan, SourceFacts } from "../model/plan-types.ts";
import type { SourceDirectory, SourceRights } from "../model/ports/source-directory.ts";
import { reason } from "../model/reason.ts";
import type { SourceRemoval } from "../model/source-removal.ts";
import { ownerSteps } from "../owners/owner-steps.ts";
import { forgetRound, restartRound } from "../rounds/restart-round.ts";
import { calico } from "./calico/calico.ts";
import { canal } from "./canal/canal.ts";
import { detailedGroups, otherConfigMaps, policyKinds } from "./fingerprints.ts";
import { flannel } from "./flannel/flannel.ts";
import type { Source } from "./source.ts";
import type { SourceSteps } from "./source-step.ts";

/** The CNIs that a cluster can be moved away from; one that is made of others before these. */
export const sources: readonly Source[] = [canal, calico, flannel];

/** The source that wrote these facts. Throws NO_SOURCE where it is none of them: another version's. */
export function sourceOf({ id, name }: Pick<SourceFacts, "id" | "name">, known: readonly Source[] = sources): Source {
  const found = known.find((source) => source.id === id);
  if (found) return found;
  throw new CrossfadeError("NO_SOURCE", reason("source-unknown", { source: name }));
}

/** What of the plan's source is taken away at the end. */
export function removalOf(source: SourceFacts, known: readonly Source[] = sources): SourceRemoval {
  const from = sourceOf(source, known);
  return { objects: from.objects(source), leftovers: from.leftovers(source) };
}

/** What of a plan its further steps follow from. */
type Parts = Pick<Plan, "source" | "frozen" | "secondRound">;

/** The steps that a plan has beside the product's own: its source's, a second round of restarts, and around both those that hold owners still. */
export function stepsOf({ source, frozen = [], secondRound }: Parts, known: readonly Source[] = sources): SourceSteps {
  const own = sourceOf(source, known).steps(source);
  const holding = ownerSteps(frozen);
  const held = holding.run.filter(({ before }) => before !== "report");
  const released = holding.run.filter(({ before }) => before === "report");
  const round = secondRound === true ? [restartRound, forgetRound] : [];
  return {
    run: [...held, ...own.run, ...round, ...released],
    node: own.node,
    rollbackNode: own.rollbackNode,
    rollbackRun: [...own.rollbackRun, ...holding.rollbackRun],
    causeOfLoss: own.causeOfLoss,
  };
}

/** The same as the plan has them: which, and where each is. */
export function plannedSteps({ run, node, rollbackNode, rollbackRun }: SourceSteps): readonly PlannedSourceStep[] {
  return [
    ...[...run, ...node].map(({ id, before }) => ({ id, before })),
    ...[...rollbackNode, ...rollbackRun].map(({ id, before }) => ({ id, before })),
  ];
}

/** Throws NO_SOURCE where this version does not know the plan's source, or would not take the same steps of its own. */
export function checkSource(plan: Parts & Pick<Plan, "sourceSteps">, known: readonly Source[]): void {
  const { source, sourceSteps = [] } = plan;
  const now = plannedSteps(stepsOf(plan, known));
  if (canonicalJson(now) === canonicalJson(sourceSteps)) return;
  const other = sourceSteps.find(({ id }) => now.every((step) => step.id !== id));
  const facts = { source: source.name, step: other?.id ?? null };
  throw new CrossfadeError("NO_SOURCE", reason("source-steps-differ", facts));
}

/** Every source's pods may be under these. */
const policiesOfAll: readonly ObjectKind[] = [{ group: "networking.k8s.io", resource: "networkpolicies" }];

/** What the adapters ask for these sources' sake. */
export function directoryOf(known: readonly Source[]): SourceDirectory {
  return {
    configMaps: [...new Set([...known.flatMap(({ configMaps }) => configMaps), ...otherConfigMaps])],
    namespaces: known.flatMap(({ ownNamespaces }) => ownNamespaces),
    apiGroups: [...new Set([...detailedGroups, ...known.flatMap(({ kinds }) => kinds.map(({ group }) => group))])],
    kinds: [...policiesOfAll, ...known.flatMap(({ kinds }) => kinds)],
    environment: [...new Set(known.flatMap(({ environment }) => environment))],
    policies: policyKinds,
    rights(workloads) {
      const sets = workloads.filter(({ kind }) => kind === "DaemonSet");
      const source = known.find((one) => sets.some((set) => one.matches(set)));
      if (!source) return rightsOf(known);
      const own = sets.filter((set) => source.matches(set));
      return rightsAt(source, {
        namespace: own[0]?.namespace ?? source.usual.namespace,
        workloads: own.map(({ namespace, name }) => ({ kind: "DaemonSet", namespace, name })),
        own: null,
      });
    },
  };
}

/** What a source needs that lives there. */
export function rightsAt(source: Source, place: Source["usual"]): SourceRights {
  const mayOwnNamespace = source.ownNamespaces.includes(place.namespace);
  return {
    ownNamespaces: mayOwnNamespace ? source.ownNamespaces : [],
    objects: source.objects({ ...place, ownsNamespace: mayOwnNamespace }),
    kinds: source.kinds,
    ofSteps: source.rights(place),
  };
}

/** What each of these sources needs where its own manifest puts it. */
export function rightsOf(known: readonly Source[]): SourceRights {
  const all = known.map((source) => rightsAt(source, source.usual));
  return {
    ownNamespaces: [...new Set(all.flatMap(({ ownNamespaces }) => ownNamespaces))],
    objects: all.flatMap(({ objects }) => objects),
    kinds: all.flatMap(({ kinds }) => kinds),
    ofSteps: all.flatMap(({ ofSteps }) => ofSteps),
  };
}

/** What the adapters of this program ask for. */
export const sourceDirectory = directoryOf(sources);
