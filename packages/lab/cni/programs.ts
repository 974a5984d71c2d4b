import type { LabClock } from "../clock.ts";
import type { Store } from "../objects.ts";
import type { CniPlugin, Program } from "../program.ts";
import type { Random } from "../random.ts";
import type { ProgramWorld } from "./api-access.ts";
import { agent } from "./cilium/agent.ts";
import { configProgram } from "./cilium/agent-config.ts";
import { ciliumPlugin } from "./cilium/cilium-plugin.ts";
import { envoy, hostPreparation, installCniBinaries } from "./cilium/init-tasks.ts";
import { operator } from "./cilium/operator.ts";
import type { CniDriver } from "./cni-driver.ts";
import { coredns } from "./workloads/coredns.ts";
import { kubeProxy } from "./workloads/kube-proxy.ts";
import { netToolImages } from "./workloads/net-tool-images.ts";

/** Everything that an image does in the lab besides serving its declared ports; the first that matches is run. */
export function labPrograms(source: CniDriver, world: ProgramWorld): readonly Program[] {
  return [
    ...source.programs(world),
    configProgram,
    hostPreparation,
    installCniBinaries,
    agent(world),
    operator(world),
    envoy,
    coredns(world),
    kubeProxy,
    netToolImages(world),
  ];
}

/** The plugins that a conflist on the lab's nodes can name first. */
export function cniPlugins(
  source: CniDriver,
  world: { readonly store: Store; readonly clock: LabClock; readonly random: Random },
): readonly CniPlugin[] {
  return [source.plugin(world.store), ciliumPlugin(world)];
}
