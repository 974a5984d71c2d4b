import { removeDaemonSet, sourceIsBack } from "../cleaning/source-back.ts";
import { leftOfSource, removeSourceObjects, untilGone } from "../cleaning/source-objects.ts";
import { done } from "../model/observation.ts";
import type { RunStep } from "../model/step.ts";

/** Deletes the old CNI's objects. From here on the old network cannot be brought back by the run. */
export const removeSource: RunStep = {
  id: "remove-source",
  consent: "remove-source",
  timeoutMs: 15 * 60_000,
  async observe(scope) {
    return (await untilGone(scope, await leftOfSource(scope))) ?? done;
  },
  /** The DaemonSet goes first and wholly, so that none of its pods is without its ServiceAccount and ConfigMap. */
  async apply(scope) {
    if (await sourceIsBack(scope)) return removeDaemonSet(scope, "first time");
    await removeSourceObjects(scope);
  },
  rollback: "point-of-no-return",
};
