import type { KubeObject } from "../../objects.ts";
import { plant, type Seed } from "../../seed/seed-world.ts";
import type { Stage } from "../scenario.ts";

/** Where every workload of the scenarios lives, and the node on which it starts. */
export const shop = "shop";
export const oddNode = "worker-1";

interface PodShape {
  readonly name: string;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly container?: Readonly<Record<string, unknown>>;
  readonly finalizers?: readonly string[];
}

/** The pod of a shape, as a template or by itself. */
export function podOf({ name, spec = {}, container = {}, finalizers }: PodShape) {
  const image = `ghcr.io/crossfade-lab/${name}:1.0.0`;
  return {
    metadata: { labels: { app: name }, ...(finalizers ? { finalizers: [...finalizers] } : {}) },
    spec: {
      ...spec,
      containers: [{ name, image, imagePullPolicy: "IfNotPresent", ...container }],
    },
  };
}

/** Prefers the node, so that its first pod is there and the next may be anywhere. */
export const startsOn = (node: string) => ({
  affinity: {
    nodeAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        {
          weight: 100,
          preference: { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: [node] }] },
        },
      ],
    },
  },
});

/** A Deployment of one such pod on the node. */
export function deployment(shape: PodShape, replicas = 1): Seed {
  const { name } = shape;
  const template = podOf({ ...shape, spec: { ...startsOn(oddNode), ...shape.spec } });
  return [
    "apps/deployments",
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name, namespace: shop },
      spec: { replicas, selector: { matchLabels: { app: name } }, template },
    },
  ];
}

/** A PodDisruptionBudget over the pods with that label. */
export function budget(name: string, app: string, limit: Readonly<Record<string, number>>): Seed {
  const spec = { selector: { matchLabels: { app } }, ...limit };
  const metadata = { name, namespace: shop };
  return [
    "policy/poddisruptionbudgets",
    { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata, spec } as KubeObject,
  ];
}

export const plants =
  (...seeds: readonly Seed[]) =>
  ({ store }: Stage): void =>
    plant(store, seeds);
