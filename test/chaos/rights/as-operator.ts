import type { RightsStage } from "../../../src/engine/model/facts.ts";
import type { KubeCluster } from "../../../src/kube/connect.ts";
import type { KubeObject } from "../../../src/kube/objects/kube-object.ts";
import { World, type WorldOptions } from "../../support/lab/lab-run.ts";
import { applyObjects, printedObjects } from "../../support/lab/roles.ts";

export const operator = { username: "operator", groups: [] };
export const subject = { kind: "User", name: operator.username } as const;

export interface OperatorsWorld {
  readonly world: World;
  /** A connection as somebody who has what `crossfade rbac` prints and nothing else. */
  readonly cluster: KubeCluster;
}

/** A lab with RBAC enforced for the one who runs crossfade on it. */
export async function asOperator(stage: RightsStage, options: WorldOptions): Promise<OperatorsWorld> {
  const world = await World.make(options);
  await applyObjects(world.cluster.client, printedObjects(stage, subject));
  return { world, cluster: await connectAsOperator(world) };
}

export const connectAsOperator = (world: World): Promise<KubeCluster> =>
  world.connect(null, world.lab.signIn(operator).token);

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** One verb of one resource of one rule of one role. */
export interface Cut {
  readonly object: KubeObject;
  readonly rule: number;
  readonly resource: string;
  readonly verb: string;
}

const rulesIn = (object: KubeObject) => (object as unknown as { readonly rules?: readonly Rule[] }).rules ?? [];

export const cutsOf = (objects: readonly KubeObject[]): readonly Cut[] =>
  objects.flatMap((object) =>
    rulesIn(object).flatMap(({ resources, verbs }, rule) =>
      resources.flatMap((resource) => verbs.map((verb) => ({ object, rule, resource, verb }))),
    ),
  );

/** The role with that one right taken out of it, and nothing else. */
export function without({ object, rule, resource, verb }: Cut): KubeObject {
  const rules = rulesIn(object).flatMap((one, index) => {
    if (index !== rule) return [one];
    const others = one.resources.filter((name) => name !== resource);
    const verbs = one.verbs.filter((name) => name !== verb);
    return [
      ...(others.length > 0 ? [{ ...one, resources: others }] : []),
      ...(verbs.length > 0 ? [{ ...one, resources: [resource], verbs }] : []),
    ];
  });
  return { ...object, rules } as KubeObject;
}

export const cutName = ({ object, resource, verb }: Cut) => {
  const { namespace, name } = object.metadata;
  return `${verb} ${resource} (${object.kind} ${namespace === undefined ? "" : `${namespace}/`}${name})`;
};
