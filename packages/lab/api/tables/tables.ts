import type { Resource } from "../../store/resource.ts";
import { customTable } from "./custom-table.ts";
import { eventTable } from "./event-table.ts";
import { endpointSliceTable, endpointsTable, networkPolicyTable, serviceTable } from "./network-tables.ts";
import { nodeTable } from "./node-table.ts";
import {
  budgetTable,
  configMapTable,
  createdAtTable,
  leaseTable,
  namespaceTable,
  priorityClassTable,
  revisionTable,
  roleBindingTable,
  secretTable,
  serviceAccountTable,
} from "./plain-tables.ts";
import { podTable } from "./pod-table.ts";
import { plainKind, type TableKind } from "./table-kind.ts";
import { daemonSetTable, deploymentTable, jobTable, replicaSetTable, statefulSetTable } from "./workload-tables.ts";

const builtIn: Readonly<Record<string, TableKind>> = {
  pods: podTable,
  nodes: nodeTable,
  services: serviceTable,
  endpoints: endpointsTable,
  configmaps: configMapTable,
  secrets: secretTable,
  namespaces: namespaceTable,
  serviceaccounts: serviceAccountTable,
  events: eventTable,
  replicationcontrollers: replicaSetTable,
  "events.k8s.io/events": eventTable,
  "apps/deployments": deploymentTable,
  "apps/daemonsets": daemonSetTable,
  "apps/replicasets": replicaSetTable,
  "apps/statefulsets": statefulSetTable,
  "apps/controllerrevisions": revisionTable,
  "batch/jobs": jobTable,
  "policy/poddisruptionbudgets": budgetTable,
  "coordination.k8s.io/leases": leaseTable,
  "discovery.k8s.io/endpointslices": endpointSliceTable,
  "networking.k8s.io/networkpolicies": networkPolicyTable,
  "scheduling.k8s.io/priorityclasses": priorityClassTable,
  "apiextensions.k8s.io/customresourcedefinitions": createdAtTable,
  "rbac.authorization.k8s.io/roles": createdAtTable,
  "rbac.authorization.k8s.io/clusterroles": createdAtTable,
  "rbac.authorization.k8s.io/rolebindings": roleBindingTable,
  "rbac.authorization.k8s.io/clusterrolebindings": roleBindingTable,
};

const compiled = new WeakMap<object, TableKind>();

/** How a resource looks in one of its versions. */
export function tableOf(resource: Resource, version: string): TableKind {
  const known = builtIn[resource.name];
  if (known) return known;
  const found = resource.versions.find((candidate) => candidate.version === version);
  if (!resource.custom || !found) return plainKind;
  const table = compiled.get(found) ?? customTable(found.printerColumns);
  compiled.set(found, table);
  return table;
}
