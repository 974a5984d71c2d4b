import { flannelObjects } from "../sources/flannel.ts";
import { done, type RunStep, waiting } from "../step.ts";
import { removeDaemonSet, sourceIsBack } from "./source-back.ts";

/** Deletes the old CNI's objects. From here on the old network cannot be brought back by the run. */
export const removeSource: RunStep = {
  id: "remove-source",
  title: "Remove the old CNI",
  consent: "remove-source",
  timeoutMs: 15 * 60_000,
  async observe({ ports, plan }) {
    const left = await ports.workloads.existing(flannelObjects(plan.source));
    const [first] = left;
    if (!first) return done;
    return waiting(
      `${left.length} objects of the old CNI to go, ${first.kind} ${first.name} first`,
      "their deletion",
      `${first.kind} ${first.name}`,
    );
  },
  /** The DaemonSet goes first and wholly, so that none of its pods is without its ServiceAccount and ConfigMap. */
  async apply(scope) {
    if (await sourceIsBack(scope)) return removeDaemonSet(scope, "first time");
    const { ports, plan } = scope;
    for (const object of await ports.workloads.existing(flannelObjects(plan.source)))
      await ports.workloads.delete(object);
  },
  undo: "point-of-no-return",
};
