import type { KubeObject } from "../objects.ts";
import { ApiError, notFound } from "./api-error.ts";
import type { Patch, Written } from "./api-store.ts";
import { type Attempt, shapeOf, writerOf } from "./attempt.ts";
import { prune } from "./custom/prune.ts";
import { timestamp } from "./deletion-mark.ts";
import { type Tree, withoutNulls } from "./json-tree.ts";
import { applyConfiguration } from "./patch/apply.ts";
import { fieldsIn } from "./patch/field-set.ts";
import { entryOf, ownable } from "./patch/managed-fields.ts";
import { configurationOf, patched, unguarded } from "./patch/patched.ts";
import { scaled, scaleOf } from "./scale.ts";
import type { Writes, WriteWorld } from "./writes.ts";

/** Carries a patch to the write that it amounts to. */
export function patchObject(world: WriteWorld, writes: Writes, attempt: Attempt, patch: Patch): Written {
  const old = writes.find(attempt, attempt.name);
  if (patch.type === "apply") return apply(world, writes, attempt, { old, body: patch.body });
  if (!old) throw notFound(attempt.resource, attempt.name);
  const { scale } = attempt.version;
  const shown = world.catalog.show(attempt.resource.name, old, attempt.version.version);
  if (attempt.request.subresource === "scale") {
    if (!scale) throw noSubresource();
    const body = scaled(shown, patched(attempt, scaleOf(shown, scale), patch), scale);
    return { object: writes.update({ ...attempt, inside: true }, old, body), created: false };
  }
  return { object: writes.update(attempt, old, patched(attempt, shown, patch)), created: false };
}

/** 404 as for any path that the server does not know. */
export function noSubresource(): ApiError {
  return new ApiError(404, "NotFound", "the server could not find the requested resource");
}

interface ApplyRequest {
  readonly old: KubeObject | undefined;
  readonly body: unknown;
}

function apply(world: WriteWorld, writes: Writes, attempt: Attempt, { old, body }: ApplyRequest): Written {
  const shape = shapeOf(attempt);
  const config = withoutNulls(configurationOf(attempt, body)) as Tree;
  if (attempt.version.schema) prune(config, attempt.version.schema);
  const writer = writerOf(attempt, "Apply", timestamp(world.clock.now()));
  if (!old) {
    if (attempt.request.subresource) throw notFound(attempt.resource, attempt.name);
    const managers = [entryOf(writer, fieldsIn(ownable(config), shape, false))];
    return { object: writes.create(attempt, config, managers), created: true };
  }
  const live = world.catalog.show(attempt.resource.name, old, attempt.version.version);
  const force = attempt.request.force === true;
  const { object, managers } = applyConfiguration(live, config, { writer, force, shape });
  return { object: writes.update(attempt, old, unguarded(object, config), managers), created: false };
}
