import type { ClusterFacts } from "../../model/facts.ts";
import { fullName } from "../../model/some-of.ts";
import { isMultus } from "../../sources/fingerprints.ts";
import { blocker, type Check, ok } from "../check.ts";

const chained = /^(istio-cni(-node)?|linkerd-cni)$/;

const running = (facts: ClusterFacts) =>
  facts.workloads.filter(({ kind, desired }) => kind === "DaemonSet" && desired > 0);

/** An agent that takes its node over renames every other configuration, again and again: what stands in front of the CNI is lost. */
export const metaCni: Check = {
  id: "meta-cni",
  check({ facts }) {
    const multus = running(facts).filter(isMultus).map(fullName);
    if (multus.length > 0) return blocker("multus-in-front", { workloads: multus }, multus);
    const mesh = running(facts)
      .filter(({ name }) => chained.test(name))
      .map(fullName);
    return mesh.length === 0 ? ok() : blocker("mesh-plugin-chained", { workloads: mesh }, mesh);
  },
};
