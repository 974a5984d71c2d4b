import { counted, someOf } from "../../engine/model/some-of.ts";
import { retrying } from "../audience.ts";
import type { SayersOf } from "../said.ts";

const byDaemonSet = "their DaemonSet's deletion";

/** What is waited for while things are removed. */
export const cleanUpWords: SayersOf<
  | "probe-pods-left"
  | "cleaner-pods-left"
  | "operator-pods-left"
  | "agents-left"
  | "source-unsaved"
  | "source-not-saved"
  | "source-objects-left"
  | "source-object-held"
  | "namespace-terminating"
  | "source-recreated"
  | "source-leftovers"
  | "pod-mtus-behind"
  | "cilium-leftovers"
  | "cilium-api-leftovers"
> = {
  "probe-pods-left": ({ count }) => ({ text: `${counted(count, "probe pod")} to go`, clearedBy: byDaemonSet }),
  "cleaner-pods-left": ({ count }) => ({ text: `${counted(count, "cleaner pod")} to go`, clearedBy: byDaemonSet }),
  "operator-pods-left": ({ count }) => ({
    text: `${counted(count, "operator pod")} to stop`,
    clearedBy: "their Deployment's deletion",
  }),
  "agents-left": ({ count }) => ({ text: `${counted(count, "agent")} to stop`, clearedBy: byDaemonSet }),
  "source-unsaved": () => ({ text: "the old CNI's objects to be saved", clearedBy: "writing them beside the journal" }),
  "source-not-saved": ({ folder, why }) => ({
    text: `the old CNI's objects to be saved${folder === "" ? "" : ` in ${folder}`} before the first is deleted: ${why}`,
    clearedBy: "another try in half a minute, once the cause is gone",
    remedy:
      "make room there, or give the right to read these objects; to delete them unsaved, end this engine and start it again with --without-saved-source",
  }),
  "source-objects-left": ({ count, kind, name }) => ({
    text: `${counted(count, "object")} of the old CNI to go, ${kind} ${name} first`,
    clearedBy: "their deletion",
  }),
  "source-object-held": ({ definition, object, more, finalizers }) => ({
    text: `CustomResourceDefinition ${definition} to go, which ${object}${more === 0 ? " holds" : ` and ${more} more hold`} by finalizers of others${finalizers.length === 0 ? "" : `: ${finalizers.join(", ")}`}`,
    clearedBy: "the controllers that set these finalizers",
    remedy: `see why these controllers do not remove them: kubectl get ${definition} -A -o yaml`,
  }),
  "namespace-terminating": ({ name, conditions }, audience, { about }) => ({
    text: `Namespace ${name} to go${conditions.length === 0 ? "" : `: ${conditions.join("; ")}`}`,
    clearedBy: "the owner of what these conditions name",
    remedy: `see kubectl get namespace ${name} -o yaml, have the owner of what its conditions name finish, then ${retrying(audience, about)}; pods are not touched meanwhile`,
  }),
  "source-recreated": () => ({ text: "the old CNI, which was brought back, to go", clearedBy: "removing it again" }),
  "source-leftovers": ({ count, first, more }) => ({
    text: `${counted(count, "node")} to be cleaned, ${someOf(first, 3, more)} first`,
    clearedBy: "the cleaning",
  }),
  "pod-mtus-behind": ({ wanted, nodes, more }) => ({
    text: `pods to have MTU ${wanted} on every node${nodes.length === 0 ? "" : `, which they have not on ${someOf(nodes, 3, more)}`}`,
    clearedBy: "Cilium's agents, seconds after the old CNI's devices are gone",
  }),
  "cilium-leftovers": ({ count, first, more }) => ({
    text: `${counted(count, "node")} to be cleaned of what Cilium left, ${someOf(first, 3, more)} first`,
    clearedBy: "the cleaning",
  }),
  "cilium-api-leftovers": () => ({ text: "what Cilium left in the API", clearedBy: "the engine" }),
};
