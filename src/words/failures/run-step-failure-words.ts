import { doing, retrying } from "../audience.ts";
import { failed, type SayersOf } from "../said.ts";

/** What steps of the run failed for. */
export const runStepFailureWords: SayersOf<"other-node-config" | "cilium-took-over" | "source-back"> = {
  "other-node-config": ({ namespace, name }, audience) =>
    failed(
      `CiliumNodeConfig ${namespace}/${name} tells agents to manage CNI files: any agent that restarts would take its node over`,
      `find out what made it, delete it with kubectl -n ${namespace} delete ciliumnodeconfig ${name}, then ${retrying(audience, null)}`,
    ),
  "cilium-took-over": ({ node }, audience) =>
    failed(
      `Cilium took ${node} over although it was installed to take nothing over`,
      `${doing(audience, "rollback-all", "")} to roll the installation back, then look for cni.customConf and CiliumNodeConfigs set by others`,
    ),
  "source-back": ({ daemonSets, owners, times }, audience) => {
    const often = times === null ? "" : ` ${times} times`;
    return failed(
      `${owners.length > 0 ? owners.join(" and ") : "something"} brings DaemonSet ${daemonSets.join(", ")} back after it was removed${often}`,
      `take the old CNI out of its source there (Argo CD, Flux, an installer), then ${retrying(audience, null)}`,
    );
  },
};
