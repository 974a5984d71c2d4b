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
  title: "No meta-CNI (Multus, ...) in front",
  check({ facts }) {
    const multus = running(facts).filter(isMultus).map(fullName);
    if (multus.length > 0) {
      return blocker(
        `Multus (${multus.join(", ")}) stands in front of the CNI, and Cilium would rename its configuration: pods would lose their second networks`,
        "wait for a version that knows Multus; its configuration is in use on every node, so do not take it away",
        multus,
      );
    }
    const mesh = running(facts)
      .filter(({ name }) => chained.test(name))
      .map(fullName);
    if (mesh.length === 0) return ok("Neither Multus nor a mesh's CNI plugin is installed");
    return blocker(
      `${mesh.join(", ")} writes itself into the CNI configuration, and Cilium would undo that: new pods would bypass the mesh`,
      "let the mesh use init containers instead of its CNI plugin for the time of the migration",
      mesh,
    );
  },
};
