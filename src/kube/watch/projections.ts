import type {
  BudgetFacts,
  CiliumEndpointFacts,
  CiliumNodeFacts,
  NodeFacts,
  PodFacts,
  WorkloadFacts,
} from "../../engine/model/facts.ts";
import { ciliumEndpointFacts, ciliumNodeFacts } from "../inventory/cilium-facts.ts";
import { nodeFacts } from "../inventory/node-facts.ts";
import { podFacts } from "../inventory/pod-facts.ts";
import { budgetFacts, workloadFacts } from "../inventory/workload-facts.ts";
import { type Lease, readLease } from "../lease/lease.ts";
import { at, text } from "../objects/read.ts";

/** Just the version: for objects whose change matters, not their content. */
export interface VersionFacts {
  readonly namespace: string;
  readonly name: string;
  readonly resourceVersion: string;
}

/** The pieces of one ConfigMap. */
export interface DataFacts extends VersionFacts {
  readonly data: Readonly<Record<string, string>>;
}

/** What each watch keeps; functions cannot cross to a worker, their names can. */
export interface Projected {
  readonly nodes: NodeFacts;
  readonly pods: PodFacts;
  readonly budgets: BudgetFacts;
  readonly daemonSets: WorkloadFacts;
  readonly deployments: WorkloadFacts;
  readonly statefulSets: WorkloadFacts;
  readonly ciliumNodes: CiliumNodeFacts;
  readonly ciliumEndpoints: CiliumEndpointFacts;
  readonly record: VersionFacts;
  readonly observers: DataFacts;
  readonly lease: Lease & { readonly namespace: string; readonly name: string };
}

export type WatchName = keyof Projected;

function versionFacts(object: unknown): VersionFacts {
  return {
    namespace: text(at(object, "metadata", "namespace")),
    name: text(at(object, "metadata", "name")),
    resourceVersion: text(at(object, "metadata", "resourceVersion")),
  };
}

function texts(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

export const projections: { readonly [N in WatchName]: (object: unknown) => Projected[N] } = {
  nodes: nodeFacts,
  pods: podFacts,
  budgets: budgetFacts,
  daemonSets: (object) => workloadFacts("DaemonSet", object),
  deployments: (object) => workloadFacts("Deployment", object),
  statefulSets: (object) => workloadFacts("StatefulSet", object),
  ciliumNodes: ciliumNodeFacts,
  ciliumEndpoints: ciliumEndpointFacts,
  record: versionFacts,
  observers: (object) => ({ ...versionFacts(object), data: texts(at(object, "data")) }),
  lease: (object) => {
    const { namespace, name } = versionFacts(object);
    return { namespace, name, ...readLease(object) };
  },
};

/** Where each watch looks. */
export const watchPaths: { readonly [N in WatchName]: string } = {
  nodes: "/api/v1/nodes",
  pods: "/api/v1/pods",
  budgets: "/apis/policy/v1/poddisruptionbudgets",
  daemonSets: "/apis/apps/v1/daemonsets",
  deployments: "/apis/apps/v1/deployments",
  statefulSets: "/apis/apps/v1/statefulsets",
  ciliumNodes: "/apis/cilium.io/v2/ciliumnodes",
  ciliumEndpoints: "/apis/cilium.io/v2/ciliumendpoints",
  record: "/api/v1/namespaces/crossfade/configmaps?fieldSelector=metadata.name%3Dmigration",
  observers: "/api/v1/namespaces/crossfade/configmaps?fieldSelector=metadata.name%3Dobservers",
  lease: "/apis/coordination.k8s.io/v1/namespaces/crossfade/leases?fieldSelector=metadata.name%3Dengine",
};

/** A key that no other object of the same resource has. */
export function keyOf(namespace: string | null | undefined, name: string): string {
  return `${namespace ?? ""}/${name}`;
}
