import type { KubeObject } from "../../objects.ts";
import type { Faults } from "../faults.ts";
import { at, byDefault, text, treeAt, treesIn } from "../json-tree.ts";
import type { KindRules } from "./kind-rules.ts";

/** v1 PersistentVolumeClaim. */
export const claimRules: KindRules = {
  initialStatus: () => ({ phase: "Pending" }),
  defaults: (object) => byDefault(treeAt(object, "spec"), "volumeMode", "Filesystem"),
  validate(object, faults) {
    const spec = treeAt(object, "spec");
    if (!Array.isArray(spec.accessModes)) faults.required("spec.accessModes", "at least 1 access mode is required");
    if (at(spec, "resources", "requests", "storage") === undefined) faults.required("spec.resources[storage]");
  },
};

/** v1 PersistentVolume. */
export const volumeRules: KindRules = {
  initialStatus: () => ({ phase: "Available" }),
  defaults(object) {
    const spec = treeAt(object, "spec");
    byDefault(spec, "persistentVolumeReclaimPolicy", "Retain");
    byDefault(spec, "volumeMode", "Filesystem");
  },
};

/** storage.k8s.io/v1 StorageClass. */
export const storageClassRules: KindRules = {
  defaults(object) {
    byDefault(object, "reclaimPolicy", "Delete");
    byDefault(object, "volumeBindingMode", "Immediate");
  },
  validate(object, faults) {
    if (!object.provisioner) faults.required("provisioner");
  },
  validateUpdate({ fresh, old }, faults) {
    for (const field of ["provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"]) {
      if (fresh[field] !== old[field]) faults.forbidden(field, "updates to StorageClass are forbidden.");
    }
  },
};

const namedByReporter = ["reportingController", "reportingInstance", "action", "reason"];

/** What events.k8s.io asks of an event that says when it happened. */
function validateNewEvent(event: KubeObject, faults: Faults): void {
  for (const field of namedByReporter) {
    const value = text(event[field === "reportingController" ? "reportingComponent" : field]);
    if (!value) faults.required(field);
    else if (value.length > 128) faults.invalid(field, "", "can have at most 128 characters");
  }
  if (text(event.message).length > 1024) faults.invalid("message", "", "can have at most 1024 characters");
  if (!["Normal", "Warning"].includes(text(event.type))) faults.invalid("type", "", "has invalid value: ");
}

/** v1 Event; both API groups write it, this is the stored shape. */
export const eventRules: KindRules = {
  name: "path",
  createOnUpdate: true,
  validate(object, faults) {
    const { namespace } = object.metadata;
    const about = at(object, "involvedObject", "namespace");
    const fits = about ? namespace === about : namespace === "default" || namespace === "kube-system";
    if (!fits) faults.invalid("involvedObject.namespace", about ?? "", "does not match event.namespace");
    if (object.eventTime !== undefined) validateNewEvent(object, faults);
  },
};

/** batch/v1 CronJob. */
export const cronJobRules: KindRules = {
  generation: true,
  initialStatus: () => ({}),
  defaults(object) {
    const spec = treeAt(object, "spec");
    byDefault(spec, "concurrencyPolicy", "Allow");
    byDefault(spec, "suspend", false);
    byDefault(spec, "successfulJobsHistoryLimit", 3);
    byDefault(spec, "failedJobsHistoryLimit", 1);
  },
  validate(object, faults) {
    const spec = treeAt(object, "spec");
    if (!spec.schedule) faults.required("spec.schedule");
    if (treesIn(at(spec, "jobTemplate", "spec", "template", "spec", "containers")).length === 0) {
      faults.required("spec.jobTemplate.spec.template.spec.containers");
    }
  },
};
