import { type LabelSelector, selects } from "../../label-selector.ts";
import type { KubeObject } from "../../objects.ts";
import type { Faults } from "../faults.ts";
import { at, byDefault, isTree, same, stringsIn, type Tree, treeAt, treesIn } from "../json-tree.ts";
import type { AdmissionWorld, Change, KindRules } from "./kind-rules.ts";
import { checkLabels } from "./metadata.ts";
import { defaultPodSpec } from "./pod-defaults.ts";
import { oneOf, validatePodSpec } from "./pod-validation.ts";

const templateSpec = (object: KubeObject) => treeAt(treeAt(treeAt(object, "spec"), "template"), "spec");

/** As it was sent, whatever is in it: what is no selector is told by other rules. */
const selectorOf = (sent: Tree): LabelSelector => ({
  matchLabels: (isTree(sent.matchLabels) ? sent.matchLabels : {}) as Record<string, string>,
  matchExpressions: treesIn(sent.matchExpressions).map(({ key, operator, values }) => ({
    key: String(key),
    operator: String(operator),
    values: [...stringsIn(values)],
  })),
});

function validateTemplate(object: KubeObject, faults: Faults): void {
  const spec = treeAt(object, "spec");
  const labels = at(spec, "template", "metadata", "labels");
  const selector = spec.selector;
  if (!isTree(selector)) faults.required("spec.selector");
  else if (Object.keys(selector).length === 0) {
    faults.invalid("spec.selector", selector, `empty selector is invalid for ${object.kind.toLowerCase()}`);
  } else if (!selects(selectorOf(selector), (isTree(labels) ? labels : {}) as Record<string, string>)) {
    faults.invalid("spec.template.metadata.labels", labels ?? {}, "`selector` does not match template `labels`");
  }
  if (isTree(labels)) checkLabels("spec.template.metadata.labels", labels as Record<string, string>, faults);
  const pods = templateSpec(object);
  validatePodSpec(pods, "spec.template.spec", faults);
  oneOf(pods.restartPolicy, ["Always"], "spec.template.spec.restartPolicy", faults);
  const replicas = spec.replicas;
  if (typeof replicas === "number" && replicas < 0) {
    faults.invalid("spec.replicas", replicas, "must be greater than or equal to 0");
  }
}

function keepsSelector({ fresh, old }: Change, faults: Faults): void {
  const selector = at(fresh, "spec", "selector");
  faults.immutable("spec.selector", selector, at(old, "spec", "selector"));
}

function defaultDeployment(object: KubeObject): void {
  const spec = treeAt(object, "spec");
  byDefault(spec, "replicas", 1);
  byDefault(spec, "revisionHistoryLimit", 10);
  byDefault(spec, "progressDeadlineSeconds", 600);
  const strategy = treeAt(spec, "strategy");
  byDefault(strategy, "type", "RollingUpdate");
  if (strategy.type === "RollingUpdate") {
    const rolling = treeAt(strategy, "rollingUpdate");
    byDefault(rolling, "maxUnavailable", "25%");
    byDefault(rolling, "maxSurge", "25%");
  }
  defaultPodSpec(templateSpec(object));
}

/** apps/v1 Deployment. */
export const deploymentRules: KindRules = {
  generation: true,
  initialStatus: () => ({}),
  defaults: defaultDeployment,
  validate(object, faults) {
    validateTemplate(object, faults);
    const type = at(object, "spec", "strategy", "type");
    oneOf(type, ["Recreate", "RollingUpdate"], "spec.strategy.type", faults);
    if (type === "Recreate" && at(object, "spec", "strategy", "rollingUpdate") !== undefined) {
      faults.forbidden("spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'");
    }
  },
  validateUpdate: keepsSelector,
};

/** apps/v1 ReplicaSet. */
export const replicaSetRules: KindRules = {
  generation: true,
  initialStatus: () => ({ replicas: 0 }),
  defaults(object) {
    byDefault(treeAt(object, "spec"), "replicas", 1);
    defaultPodSpec(templateSpec(object));
  },
  validate: validateTemplate,
  validateUpdate: keepsSelector,
};

/** apps/v1 DaemonSet. */
export const daemonSetRules: KindRules = {
  generation: true,
  initialStatus: () => ({
    currentNumberScheduled: 0,
    desiredNumberScheduled: 0,
    numberMisscheduled: 0,
    numberReady: 0,
  }),
  defaults(object) {
    const spec = treeAt(object, "spec");
    byDefault(spec, "revisionHistoryLimit", 10);
    const strategy = treeAt(spec, "updateStrategy");
    byDefault(strategy, "type", "RollingUpdate");
    if (strategy.type === "RollingUpdate") {
      const rolling = treeAt(strategy, "rollingUpdate");
      byDefault(rolling, "maxSurge", 0);
      byDefault(rolling, "maxUnavailable", 1);
    }
    defaultPodSpec(templateSpec(object));
  },
  validate(object, faults) {
    validateTemplate(object, faults);
    oneOf(
      at(object, "spec", "updateStrategy", "type"),
      ["RollingUpdate", "OnDelete"],
      "spec.updateStrategy.type",
      faults,
    );
  },
  validateUpdate: keepsSelector,
};

const freeInStatefulSet = [
  "replicas",
  "ordinals",
  "template",
  "updateStrategy",
  "revisionHistoryLimit",
  "persistentVolumeClaimRetentionPolicy",
  "minReadySeconds",
];

/** apps/v1 StatefulSet. */
export const statefulSetRules: KindRules = {
  generation: true,
  initialStatus: () => ({ replicas: 0, availableReplicas: 0 }),
  defaults(object) {
    const spec = treeAt(object, "spec");
    byDefault(spec, "replicas", 1);
    byDefault(spec, "podManagementPolicy", "OrderedReady");
    byDefault(spec, "revisionHistoryLimit", 10);
    byDefault(spec, "persistentVolumeClaimRetentionPolicy", { whenDeleted: "Retain", whenScaled: "Retain" });
    const strategy = treeAt(spec, "updateStrategy");
    byDefault(strategy, "type", "RollingUpdate");
    if (strategy.type === "RollingUpdate") byDefault(treeAt(strategy, "rollingUpdate"), "partition", 0);
    for (const claim of treesIn(spec.volumeClaimTemplates)) {
      byDefault(claim, "apiVersion", "v1");
      byDefault(claim, "kind", "PersistentVolumeClaim");
      byDefault(treeAt(claim, "spec"), "volumeMode", "Filesystem");
      byDefault(claim, "status", { phase: "Pending" });
    }
    defaultPodSpec(templateSpec(object));
  },
  validate(object, faults) {
    const spec = treeAt(object, "spec");
    const claims = treesIn(spec.volumeClaimTemplates).map((claim) => ({ name: at(claim, "metadata", "name") }));
    const pods = templateSpec(object);
    const volumes = [...treesIn(pods.volumes), ...claims];
    const shown = {
      ...object,
      spec: { ...spec, template: { ...treeAt(spec, "template"), spec: { ...pods, volumes } } },
    };
    validateTemplate(shown, faults);
  },
  validateUpdate({ fresh, old }, faults) {
    const before = treeAt(clipped(old), "spec");
    const after = treeAt(clipped(fresh), "spec");
    if (same(before, after)) return;
    const list = freeInStatefulSet.map((field) => `'${field}'`);
    const named = `${list.slice(0, -1).join(", ")} and ${list.at(-1)}`;
    faults.forbidden("spec", `updates to statefulset spec for fields other than ${named} are forbidden`);
  },
};

function clipped(object: KubeObject): Tree {
  const spec: Tree = { ...(object.spec as Tree) };
  for (const field of freeInStatefulSet) delete spec[field];
  return { spec };
}

function admitJob(object: KubeObject, world: AdmissionWorld): void {
  const spec = treeAt(object, "spec");
  if (spec.manualSelector === true) return;
  const uid = object.metadata.uid ?? world.uuid();
  const labels = treeAt(treeAt(treeAt(spec, "template"), "metadata"), "labels");
  labels["batch.kubernetes.io/controller-uid"] = uid;
  labels["batch.kubernetes.io/job-name"] = object.metadata.name;
  labels["controller-uid"] = uid;
  labels["job-name"] = object.metadata.name;
  spec.selector = { matchLabels: { "batch.kubernetes.io/controller-uid": uid } };
}

/** batch/v1 Job, as far as its pods need it. */
export const jobRules: KindRules = {
  generation: true,
  initialStatus: () => ({}),
  defaults(object) {
    const spec = treeAt(object, "spec");
    const fills = { completions: 1, parallelism: 1, backoffLimit: 6, completionMode: "NonIndexed", suspend: false };
    for (const [field, value] of Object.entries(fills)) byDefault(spec, field, value);
    byDefault(spec, "manualSelector", false);
    byDefault(spec, "podReplacementPolicy", "TerminatingOrFailed");
    defaultPodSpec(templateSpec(object));
  },
  admit: admitJob,
  validate(object, faults) {
    const pods = templateSpec(object);
    validatePodSpec(pods, "spec.template.spec", faults);
    oneOf(pods.restartPolicy, ["OnFailure", "Never"], "spec.template.spec.restartPolicy", faults);
  },
  validateUpdate(change, faults) {
    keepsSelector(change, faults);
    const { fresh, old } = change;
    if (at(old, "spec", "suspend") === true) return;
    faults.immutable("spec.template", at(fresh, "spec", "template"), at(old, "spec", "template"));
  },
};
