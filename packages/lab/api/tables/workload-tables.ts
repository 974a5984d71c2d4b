import type { KubeObject } from "../../objects.ts";
import { humanDuration } from "./age.ts";
import { type LabelSelector, showSelector } from "./show-selector.ts";
import { age, columns, type TableKind } from "./table-kind.ts";

interface Workload extends KubeObject {
  readonly spec: {
    readonly replicas?: number;
    readonly completions?: number;
    readonly parallelism?: number;
    readonly suspend?: boolean;
    readonly selector?: LabelSelector;
    readonly template?: {
      readonly spec?: {
        readonly containers?: readonly { readonly name: string; readonly image?: string }[];
        readonly nodeSelector?: Readonly<Record<string, string>>;
      };
    };
  };
  readonly status?: Readonly<Record<string, number | undefined>> & {
    readonly startTime?: string;
    readonly completionTime?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

const count = (object: KubeObject, field: string): number => Number((object as Workload).status?.[field] ?? 0);
const wanted = (object: KubeObject): number => (object as Workload).spec.replicas ?? 1;

function containers(object: KubeObject): readonly string[] {
  const list = (object as Workload).spec.template?.spec?.containers ?? [];
  return [list.map(({ name }) => name).join(","), list.map(({ image = "" }) => image).join(",")];
}

const selector = (object: KubeObject): string => showSelector((object as Workload).spec.selector);

/** Deployments. */
export const deploymentTable: TableKind = {
  columns: columns(
    "Name",
    "Ready",
    "number:Up-to-date",
    "number:Available",
    "Age",
    "wide:Containers",
    "wide:Images",
    "wide:Selector",
  ),
  cells: (object, context) => [
    object.metadata.name,
    `${count(object, "readyReplicas")}/${wanted(object)}`,
    count(object, "updatedReplicas"),
    count(object, "availableReplicas"),
    age(object, context),
    ...containers(object),
    selector(object),
  ],
};

/** ReplicaSets; ReplicationControllers look the same. */
export const replicaSetTable: TableKind = {
  columns: columns(
    "Name",
    "number:Desired",
    "number:Current",
    "number:Ready",
    "Age",
    "wide:Containers",
    "wide:Images",
    "wide:Selector",
  ),
  cells: (object, context) => [
    object.metadata.name,
    wanted(object),
    count(object, "replicas"),
    count(object, "readyReplicas"),
    age(object, context),
    ...containers(object),
    selector(object),
  ],
};

/** StatefulSets. */
export const statefulSetTable: TableKind = {
  columns: columns("Name", "Ready", "Age", "wide:Containers", "wide:Images"),
  cells: (object, context) => [
    object.metadata.name,
    `${count(object, "readyReplicas")}/${wanted(object)}`,
    age(object, context),
    ...containers(object),
  ],
};

/** DaemonSets. */
export const daemonSetTable: TableKind = {
  columns: columns(
    "Name",
    "number:Desired",
    "number:Current",
    "number:Ready",
    "number:Up-to-date",
    "number:Available",
    "Node Selector",
    "Age",
    "wide:Containers",
    "wide:Images",
    "wide:Selector",
  ),
  cells: (object, context) => [
    object.metadata.name,
    count(object, "desiredNumberScheduled"),
    count(object, "currentNumberScheduled"),
    count(object, "numberReady"),
    count(object, "updatedNumberScheduled"),
    count(object, "numberAvailable"),
    showSelector({ matchLabels: (object as Workload).spec.template?.spec?.nodeSelector ?? {} }),
    age(object, context),
    ...containers(object),
    selector(object),
  ],
};

/** Jobs. */
export const jobTable: TableKind = {
  columns: columns(
    "Name",
    "Status",
    "Completions",
    "Duration",
    "Age",
    "wide:Containers",
    "wide:Images",
    "wide:Selector",
  ),
  cells: (object, context) => [
    object.metadata.name,
    jobStatus(object as Workload),
    `${count(object, "succeeded")}/${(object as Workload).spec.completions ?? (object as Workload).spec.parallelism ?? 1}`,
    jobDuration(object as Workload, context.now),
    age(object, context),
    ...containers(object),
    selector(object),
  ],
};

function jobStatus({ spec, status, metadata }: Workload): string {
  const has = (wantedType: string) => status?.conditions?.some((c) => c.type === wantedType && c.status === "True");
  if (has("Complete")) return "Complete";
  if (has("Failed")) return "Failed";
  if (metadata.deletionTimestamp) return "Terminating";
  if (spec.suspend || has("Suspended")) return "Suspended";
  return has("FailureTarget") ? "FailureTarget" : "Running";
}

function jobDuration({ status }: Workload, now: number): string {
  if (!status?.startTime) return "";
  const end = status.completionTime ? Date.parse(status.completionTime) : now;
  return humanDuration(end - Date.parse(status.startTime));
}
