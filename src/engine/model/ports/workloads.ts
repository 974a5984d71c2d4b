import type { NamespaceContents } from "../cluster/namespace-contents.ts";
import type { ObjectRef } from "../cluster/object-ref.ts";
import type { WorkloadFacts } from "../facts.ts";

export interface Workloads {
  list(): Promise<readonly WorkloadFacts[]>;
  get(kind: WorkloadFacts["kind"], namespace: string, name: string): Promise<WorkloadFacts | null>;
  /** The newest word of a controller that may make no pod of this workload (FailedCreate: quota, LimitRange, PodSecurity, a webhook); null where there is none, or we may not read events. */
  failedCreate(namespace: string, name: string): Promise<string | null>;
  /** As kubectl rollout restart; `token` makes it idempotent: the same token restarts only once. */
  restart(kind: "DaemonSet" | "Deployment", namespace: string, name: string, token: string): Promise<void>;
  /** Objects of the source CNI by kind and name that exist now. */
  existing(objects: readonly ObjectRef[]): Promise<readonly ObjectRef[]>;
  /** All that is in a namespace, of every kind that discovery names. Asks the API server itself. */
  contents(namespace: string): Promise<NamespaceContents>;
  /** What keeps a namespace that is being deleted, in the words of its conditions; null for one that is not being deleted. */
  terminating(namespace: string): Promise<readonly string[] | null>;
  /** Foreground deletion; an absent object is no error. */
  delete(object: ObjectRef): Promise<void>;
}
