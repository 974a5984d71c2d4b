import type { ParamsOf } from "../../engine/model/reason.ts";
import { counted, someOf } from "../../engine/model/some-of.ts";
import { doing, retrying } from "../audience.ts";
import { failed, type SayersOf } from "../said.ts";

/** Connections that are named in a sentence. */
const mostNamed = 3;

function unexplained({ count, seconds, connections, more, although, unheard }: ParamsOf["drops-unexplained"]): string {
  const others = more + Math.max(0, connections.length - mostNamed);
  const first = `${connections.slice(0, mostNamed).join("; ")}${others > 0 ? ` and ${others} more` : ""}`;
  const refused =
    count === 0 ? [] : [`${counted(count, "connection")} refused in ${seconds} s, and no policy says so: ${first}`];
  const allowed = although.length === 0 ? [] : [`${someOf(although, 3)} allows what was refused`];
  const silent =
    unheard.length === 0
      ? []
      : [`packets were dropped for policies on ${someOf(unheard, 5)}, and it was not seen whose`];
  return [...refused, ...allowed, ...silent].join("; ");
}

/** What steps of the run failed for. */
export const runStepFailureWords: SayersOf<
  "other-node-config" | "cilium-took-over" | "source-back" | "drops-unexplained"
> = {
  "drops-unexplained": (found, audience) =>
    failed(
      unexplained(found),
      `${doing(audience, "consent", "policy-drops")} to go on all the same, ${retrying(audience, null)} to watch once more after you have changed a policy, or ${doing(audience, "rollback-all", "")} to roll all back`,
    ),
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
