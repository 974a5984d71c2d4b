import type { ResourceName } from "../../objects.ts";
import type { Resource } from "../resource.ts";
import {
  bindingRules,
  budgetRules,
  leaseRules,
  namespaceRules,
  nodeRules,
  priorityClassRules,
  roleRules,
  webhookRules,
} from "./cluster-rules.ts";
import { configMapRules, secretRules } from "./config-rules.ts";
import { definitionRules } from "./definition-rules.ts";
import type { KindRules } from "./kind-rules.ts";
import {
  endpointSliceRules,
  endpointsRules,
  ingressRules,
  networkPolicyRules,
  serviceCidrRules,
} from "./network-rules.ts";
import { podRules } from "./pod-rules.ts";
import { serviceRules } from "./service-rules.ts";
import { claimRules, cronJobRules, eventRules, storageClassRules, volumeRules } from "./storage-rules.ts";
import { daemonSetRules, deploymentRules, jobRules, replicaSetRules, statefulSetRules } from "./workload-rules.ts";

const rbac = "rbac.authorization.k8s.io";
const hooks = "admissionregistration.k8s.io";

const rules: Record<ResourceName, KindRules> = {
  pods: podRules,
  services: serviceRules,
  configmaps: configMapRules,
  secrets: secretRules,
  namespaces: namespaceRules,
  nodes: nodeRules,
  events: eventRules,
  "events.k8s.io/events": eventRules,
  endpoints: endpointsRules,
  persistentvolumeclaims: claimRules,
  persistentvolumes: volumeRules,
  "apps/deployments": deploymentRules,
  "apps/replicasets": replicaSetRules,
  "apps/daemonsets": daemonSetRules,
  "apps/statefulsets": statefulSetRules,
  "batch/jobs": jobRules,
  "batch/cronjobs": cronJobRules,
  "policy/poddisruptionbudgets": budgetRules,
  "coordination.k8s.io/leases": leaseRules,
  "discovery.k8s.io/endpointslices": endpointSliceRules,
  "networking.k8s.io/networkpolicies": networkPolicyRules,
  "networking.k8s.io/ingresses": ingressRules,
  "networking.k8s.io/servicecidrs": serviceCidrRules,
  "scheduling.k8s.io/priorityclasses": priorityClassRules,
  "storage.k8s.io/storageclasses": storageClassRules,
  "apiextensions.k8s.io/customresourcedefinitions": definitionRules,
  "autoscaling/horizontalpodautoscalers": { initialStatus: () => ({}) },
  "apiregistration.k8s.io/apiservices": { initialStatus: () => ({}) },
  [`${rbac}/roles`]: roleRules,
  [`${rbac}/clusterroles`]: roleRules,
  [`${rbac}/rolebindings`]: bindingRules,
  [`${rbac}/clusterrolebindings`]: bindingRules,
  [`${hooks}/validatingwebhookconfigurations`]: webhookRules,
  [`${hooks}/mutatingwebhookconfigurations`]: webhookRules,
};

const plain: KindRules = {};
const custom: KindRules = { generation: true, guardedUpdate: true };

/** The rules of a resource; those without any of their own have only what all objects have. */
export function rulesOf(resource: Resource): KindRules {
  return resource.custom ? custom : (rules[resource.name] ?? plain);
}
