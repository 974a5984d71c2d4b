import type { KubeObject } from "../../objects.ts";
import { forbidden } from "../api-error.ts";
import { byDefault, type Tree, text, treeAt, treesIn } from "../json-tree.ts";
import type { AdmissionWorld, KindRules } from "./kind-rules.ts";
import { addDefaultTolerations, defaultPodSpec, qosClass } from "./pod-defaults.ts";
import { validatePodSpec, validatePodUpdate } from "./pod-validation.ts";

/** Priority classes that every cluster has. */
const systemPriorities: Record<string, number> = {
  "system-cluster-critical": 2_000_000_000,
  "system-node-critical": 2_000_001_000,
};

function admitPod(pod: KubeObject, world: AdmissionWorld): void {
  const spec = treeAt(pod, "spec");
  byDefault(spec, "serviceAccountName", "default");
  byDefault(spec, "serviceAccount", spec.serviceAccountName);
  byDefault(spec, "enableServiceLinks", true);
  const name = spec.priorityClassName;
  const found = typeof name === "string" && name ? priorityOf(name, pod, world) : defaultPriority;
  spec.priority = found.value;
  spec.preemptionPolicy = found.preemption;
  addDefaultTolerations(spec);
}

const defaultPriority = { value: 0, preemption: "PreemptLowerPriority" };

function priorityOf(name: string, pod: KubeObject, world: AdmissionWorld): typeof defaultPriority {
  const system = systemPriorities[name];
  if (system !== undefined) return { ...defaultPriority, value: system };
  const found = world.find("scheduling.k8s.io/priorityclasses", null, name);
  if (!found) {
    const pods = { group: "", plural: "pods" };
    throw forbidden(pods, pod.metadata.name, `no PriorityClass with name ${name} was found`);
  }
  return { value: Number(found.value), preemption: text(found.preemptionPolicy ?? defaultPriority.preemption) };
}

/** v1 Pod. */
export const podRules: KindRules = {
  generation: true,
  initialStatus: (pod) => ({ phase: "Pending", qosClass: qosClass(treeAt(pod, "spec")) }),
  defaults: (pod) => defaultPodSpec(treeAt(pod, "spec")),
  admit: admitPod,
  keep: noteBinding,
  validate: (pod, faults) => validatePodSpec(treeAt(pod, "spec"), "spec", faults),
  validateUpdate: validatePodUpdate,
};

/** A pod that gets its node gets the PodScheduled condition in the same write, as the real binding does. */
function noteBinding(fresh: KubeObject, old: KubeObject, world: AdmissionWorld): void {
  if (!treeAt(fresh, "spec").nodeName || (old.spec as Tree).nodeName) return;
  const status = { ...(fresh.status as Tree | undefined) };
  const others = treesIn(status.conditions).filter(({ type }) => type !== "PodScheduled");
  const condition = { type: "PodScheduled", status: "True", lastTransitionTime: world.now() };
  fresh.status = { ...status, conditions: [...others, condition] };
}
