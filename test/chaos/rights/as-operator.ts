import { parseAllDocuments } from "yaml";
import type { GivenSource } from "../../../src/commands/usual-rights.ts";
import type { RightsStage } from "../../../src/engine/model/facts.ts";
import type { KubeCluster } from "../../../src/kube/connect.ts";
import type { KubeObject } from "../../../src/kube/objects/kube-object.ts";
import { commandLine } from "../../support/command-line.ts";
import { World, type WorldOptions } from "../../support/lab/lab-run.ts";
import { applyObjects, printedObjects } from "../../support/lab/roles.ts";

const operator = { username: "operator", groups: [] };
export const subject = { kind: "User", name: operator.username } as const;

export interface OperatorsWorld {
  readonly world: World;
  /** A connection as somebody who has what `crossfade rbac` prints and nothing else. */
  readonly cluster: KubeCluster;
}

/** What is moved away from. */
export interface SourceStory {
  /** As the lab calls it. */
  readonly source: string;
  /** As `crossfade rbac` is told. */
  readonly given: GivenSource & { readonly id: string };
  /** Other versions of its manifest have objects that the lab's has not: the run looks for them, and finds nothing to delete. */
  readonly lacksSome?: true;
}

/** Whom `crossfade rbac` gives the role to where it is not said. */
export const accountOf = (stage: RightsStage) => ({ namespace: "crossfade", name: `crossfade-${stage}` });

/** `crossfade rbac … | kubectl apply -f -`, and a connection by `kubectl create token`. */
export async function asAccount(
  stage: RightsStage,
  { id, namespace: where }: SourceStory["given"],
  world: World,
): Promise<KubeCluster> {
  const flags = ["--source", id, ...(where === undefined ? [] : ["--source-namespace", where])];
  const { code, out, err } = await commandLine({ HOME: "/nonexistent" }, "rbac", "--stage", stage, ...flags);
  if (code !== 0) throw new Error(err);
  const { client } = world.cluster;
  await applyObjects(
    client,
    parseAllDocuments(out).map((document) => document.toJS() as KubeObject),
  );
  const { namespace, name } = accountOf(stage);
  const asked = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds: 86_400 } };
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
  const { status } = await client.create<KubeObject & { readonly status: { readonly token: string } }>(path, asked);
  return world.connect(null, status.token);
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
