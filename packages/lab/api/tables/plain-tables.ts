import type { KubeObject } from "../../objects.ts";
import { stepInto } from "../serve/step-into.ts";
import { age, columns, type TableKind } from "./table-kind.ts";

const sizeOf = (value: unknown): number => (value && typeof value === "object" ? Object.keys(value).length : 0);
const text = (value: unknown, absent: string): string | number =>
  typeof value === "string" || typeof value === "number" ? value || absent : absent;
const created = ({ metadata }: KubeObject) => metadata.creationTimestamp ?? "<unknown>";

/** ConfigMaps. */
export const configMapTable: TableKind = {
  columns: columns("Name", "number:Data", "Age"),
  cells: (object, context) => [
    object.metadata.name,
    sizeOf(object.data) + sizeOf(object.binaryData),
    age(object, context),
  ],
};

/** Secrets. */
export const secretTable: TableKind = {
  columns: columns("Name", "Type", "number:Data", "Age"),
  cells: (object, context) => [
    object.metadata.name,
    object.type ?? "Opaque",
    sizeOf(object.data),
    age(object, context),
  ],
};

/** Namespaces. */
export const namespaceTable: TableKind = {
  columns: columns("Name", "Status", "Age"),
  cells: (object, context) => [object.metadata.name, stepInto(object.status, ["phase"]) ?? "", age(object, context)],
};

/** PodDisruptionBudgets. */
export const budgetTable: TableKind = {
  columns: columns("Name", "Min Available", "Max Unavailable", "number:Allowed Disruptions", "Age"),
  cells(object, context) {
    const bound = (field: string) => {
      const value = stepInto(object.spec, [field]);
      return value === undefined || value === null ? "N/A" : String(value as string | number);
    };
    const allowed = stepInto(object.status, ["disruptionsAllowed"]) ?? 0;
    return [object.metadata.name, bound("minAvailable"), bound("maxUnavailable"), allowed, age(object, context)];
  },
};

/** Leases. */
export const leaseTable: TableKind = {
  columns: columns("Name", "Holder", "Age"),
  cells: (object, context) => [
    object.metadata.name,
    stepInto(object.spec, ["holderIdentity"]) ?? "",
    age(object, context),
  ],
};

/** ServiceAccounts. */
export const serviceAccountTable: TableKind = {
  columns: columns("Name", "number:Secrets", "Age"),
  cells: (object, context) => [object.metadata.name, sizeOf(object.secrets), age(object, context)],
};

/** Kinds that show when they were made instead of their age: CRDs, Roles, ClusterRoles. */
export const createdAtTable: TableKind = {
  columns: columns("Name", "Created At"),
  cells: (object) => [object.metadata.name, created(object)],
};

interface Binding extends KubeObject {
  readonly roleRef?: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly { readonly kind: string; readonly name: string; readonly namespace?: string }[];
}

/** RoleBindings and ClusterRoleBindings. */
export const roleBindingTable: TableKind = {
  columns: columns("Name", "Role", "Age", "wide:Users", "wide:Groups", "wide:ServiceAccounts"),
  cells(object, context) {
    const { roleRef, subjects = [] } = object as Binding;
    const named = (kind: string) =>
      subjects
        .filter((subject) => subject.kind === kind)
        .map(({ name, namespace }) => (namespace ? `${namespace}/${name}` : name))
        .join(", ");
    return [
      object.metadata.name,
      roleRef ? `${roleRef.kind}/${roleRef.name}` : "",
      age(object, context),
      named("User"),
      named("Group"),
      named("ServiceAccount"),
    ];
  },
};

/** PriorityClasses. */
export const priorityClassTable: TableKind = {
  columns: columns("Name", "number:Value", "Global-Default", "Age", "PreemptionPolicy"),
  cells: (object, context) => [
    object.metadata.name,
    object.value ?? 0,
    object.globalDefault ?? false,
    age(object, context),
    text(object.preemptionPolicy, "PreemptLowerPriority"),
  ],
};

/** ControllerRevisions. */
export const revisionTable: TableKind = {
  columns: columns("Name", "Controller", "number:Revision", "Age"),
  cells(object, context) {
    const owner = object.metadata.ownerReferences?.find(({ controller }) => controller);
    const group = owner?.apiVersion.includes("/") ? `.${owner.apiVersion.split("/")[0]}` : "";
    const controller = owner ? `${owner.kind.toLowerCase()}${group}/${owner.name}` : "<none>";
    return [object.metadata.name, controller, object.revision ?? 0, age(object, context)];
  },
};
