import type { KubeObject } from "../../objects.ts";
import { at, byDefault, stringsIn, type Tree, text, treeAt, treesIn } from "../json-tree.ts";
import type { Change, KindRules } from "./kind-rules.ts";
import { checkQualifiedName } from "./names.ts";
import { oneOf } from "./pod-validation.ts";

/** v1 Namespace: its spec.finalizers let it empty before it goes. */
export const namespaceRules: KindRules = {
  name: "label",
  initialStatus: () => ({ phase: "Active" }),
  defaults(object) {
    const name = { "kubernetes.io/metadata.name": object.metadata.name };
    object.metadata.labels = { ...object.metadata.labels, ...name };
  },
  admit(object) {
    const spec = treeAt(object, "spec");
    const finalizers = stringsIn(spec.finalizers);
    spec.finalizers = finalizers.includes("kubernetes") ? finalizers : [...finalizers, "kubernetes"];
  },
};

/** v1 Node: a kubelet registers it with its status. */
export const nodeRules: KindRules = {
  defaults(node) {
    const spec = treeAt(node, "spec");
    if (spec.podCIDR !== undefined) byDefault(spec, "podCIDRs", [spec.podCIDR]);
  },
  validate(node, faults) {
    const seen = new Set<string>();
    treesIn(treeAt(node, "spec").taints).forEach((taint, index) => {
      const here = `spec.taints[${index}]`;
      checkQualifiedName(`${here}.key`, text(taint.key ?? ""), faults);
      if (!taint.effect) faults.required(`${here}.effect`);
      oneOf(taint.effect || undefined, ["NoSchedule", "PreferNoSchedule", "NoExecute"], `${here}.effect`, faults);
      const id = `${text(taint.key)}:${text(taint.effect)}`;
      if (seen.has(id)) faults.duplicate(here, taint);
      seen.add(id);
    });
  },
  validateUpdate({ fresh, old }, faults) {
    const before = at(old, "spec", "podCIDRs");
    if (before !== undefined && at(fresh, "spec", "podCIDRs") !== before) {
      faults.forbidden("spec.podCIDRs", 'node updates may not change podCIDR except from "" to valid');
    }
    const provider = at(old, "spec", "providerID");
    if (provider && at(fresh, "spec", "providerID") !== provider) {
      faults.forbidden("spec.providerID", 'node updates may not change providerID except from "" to valid');
    }
  },
};

/** policy/v1 PodDisruptionBudget. */
export const budgetRules: KindRules = {
  generation: true,
  guardedUpdate: true,
  initialStatus: () => ({ currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 }),
  validate(object, faults) {
    const spec = treeAt(object, "spec");
    if (spec.minAvailable !== undefined && spec.maxUnavailable !== undefined) {
      faults.invalid("spec", spec, "minAvailable and maxUnavailable cannot be both set");
    }
    for (const field of ["minAvailable", "maxUnavailable"]) {
      const value = spec[field];
      if (typeof value === "number" && value < 0) {
        faults.invalid(`spec.${field}`, value, "must be greater than or equal to 0");
      } else if (typeof value === "string" && !/^\d+%$/.test(value)) {
        faults.invalid(`spec.${field}`, value, "must be an integer or percentage (e.g '5%')");
      }
    }
  },
};

function bindingDefaults(object: KubeObject): void {
  const group = "rbac.authorization.k8s.io";
  byDefault(treeAt(object, "roleRef"), "apiGroup", group);
  for (const subject of treesIn(object.subjects)) {
    if (subject.kind !== "ServiceAccount") byDefault(subject, "apiGroup", group);
  }
}

/** RoleBinding and ClusterRoleBinding. */
export const bindingRules: KindRules = {
  name: "path",
  createOnUpdate: true,
  defaults: bindingDefaults,
  validate(object, faults) {
    const role = treeAt(object, "roleRef");
    if (!role.name) faults.required("roleRef.name");
    oneOf(role.kind ?? "", ["Role", "ClusterRole"], "roleRef.kind", faults);
    treesIn(object.subjects).forEach(({ kind, name, namespace }, index) => {
      if (!name) faults.required(`subjects[${index}].name`);
      if (kind === "ServiceAccount" && !namespace) faults.required(`subjects[${index}].namespace`);
    });
  },
  validateUpdate({ fresh, old }: Change, faults) {
    if (fresh.roleRef !== old.roleRef) faults.invalid("roleRef", fresh.roleRef, "cannot change roleRef");
  },
};

/** Role and ClusterRole. */
export const roleRules: KindRules = {
  name: "path",
  createOnUpdate: true,
  validate(object, faults) {
    treesIn(object.rules).forEach((rule, index) => {
      if (stringsIn(rule.verbs).length === 0)
        faults.required(`rules[${index}].verbs`, "verbs must contain at least one value");
    });
  },
};

/** coordination.k8s.io/v1 Lease. */
export const leaseRules: KindRules = {
  createOnUpdate: true,
  guardedUpdate: true,
  validate(object, faults) {
    const seconds = at(object, "spec", "leaseDurationSeconds");
    if (typeof seconds === "number" && seconds <= 0) {
      faults.invalid("spec.leaseDurationSeconds", seconds, "must be greater than 0");
    }
    const transitions = at(object, "spec", "leaseTransitions");
    if (typeof transitions === "number" && transitions < 0) {
      faults.invalid("spec.leaseTransitions", transitions, "must be greater than or equal to 0");
    }
  },
};

/** scheduling.k8s.io/v1 PriorityClass. */
export const priorityClassRules: KindRules = {
  generation: true,
  defaults(object) {
    byDefault(object, "preemptionPolicy", "PreemptLowerPriority");
    byDefault(object, "value", 0);
  },
  validate(object, faults) {
    const highest = 1_000_000_000;
    if (!object.metadata.name.startsWith("system-") && Number(object.value) > highest) {
      faults.forbidden("value", `maximum allowed value of a user defined priority is ${highest}`);
    }
  },
  validateUpdate({ fresh, old }, faults) {
    if (fresh.value !== old.value) faults.forbidden("value", "may not be changed in an update.");
  },
};

function webhookDefaults(object: KubeObject): void {
  for (const hook of treesIn(object.webhooks)) {
    byDefault(hook, "failurePolicy", "Fail");
    byDefault(hook, "matchPolicy", "Equivalent");
    byDefault(hook, "namespaceSelector", {});
    byDefault(hook, "objectSelector", {});
    byDefault(hook, "timeoutSeconds", 10);
    for (const rule of treesIn(hook.rules)) byDefault(rule, "scope", "*");
    const service = at(hook, "clientConfig", "service");
    if (service) byDefault(service as Tree, "port", 443);
  }
}

/** Validating and mutating webhook configurations; the lab stores them and calls none. */
export const webhookRules: KindRules = {
  generation: true,
  defaults: webhookDefaults,
  validate(object, faults) {
    treesIn(object.webhooks).forEach((hook, index) => {
      const here = `webhooks[${index}]`;
      if (!hook.name) faults.required(`${here}.name`);
      if (stringsIn(hook.admissionReviewVersions).length === 0) {
        faults.required(`${here}.admissionReviewVersions`, "must specify one of v1, v1beta1");
      }
      if (!hook.sideEffects) faults.required(`${here}.sideEffects`, "must specify one of None, NoneOnDryRun");
    });
  },
};
