import type { KubeObject } from "../objects.ts";
import { invalid } from "./api-error.ts";
import type { Attempt } from "./attempt.ts";
import { validateSchema } from "./custom/validate-schema.ts";
import { Faults } from "./faults.ts";
import { validateMetadata } from "./kinds/metadata.ts";

/** Everything that is wrong with a new object, as one 422. */
export function validateNew(attempt: Attempt, draft: KubeObject): void {
  const faults = new Faults();
  checkObject(attempt, draft, faults);
  refuse(attempt, draft, faults);
}

/** Everything that is wrong with a change; equal parts of both objects are identical. */
export function validateChange(attempt: Attempt, fresh: KubeObject, old: KubeObject): void {
  const faults = new Faults();
  const { metadata } = fresh;
  if (metadata.deletionTimestamp) {
    const added = (metadata.finalizers ?? []).filter((each) => !old.metadata.finalizers?.includes(each));
    if (added.length > 0) {
      const list = added.map((each) => JSON.stringify(each)).join(", ");
      faults.forbidden(
        "metadata.finalizers",
        `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`,
      );
    }
  }
  const unchecked = fresh.spec === old.spec && attempt.request.subresource === "status" && !attempt.version.schema;
  if (!unchecked) {
    checkObject(attempt, fresh, faults);
    attempt.rules.validateUpdate?.({ fresh, old, inside: attempt.inside }, faults);
  }
  refuse(attempt, fresh, faults);
}

function checkObject({ rules, version }: Attempt, object: KubeObject, faults: Faults): void {
  validateMetadata(object, rules, faults);
  rules.validate?.(object, faults);
  if (version.schema) validateSchema(object, { ...version.schema }, "", faults);
}

function refuse({ resource }: Attempt, object: KubeObject, faults: Faults): void {
  if (faults.causes.length > 0) throw invalid(resource, object.metadata.name ?? "", faults.causes);
}
