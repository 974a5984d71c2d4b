import type { ApiTls } from "../../engine/model/cluster/api-tls.ts";
import type { Ports } from "../../engine/model/ports/ports.ts";
import { sourceDirectory } from "../../engine/sources/registry.ts";
import { LocalArchive } from "../../journal/archive.ts";
import type { KubeCluster } from "../../kube/connect.ts";
import { archiveBase, type ClusterName, chartsFolder } from "../../runner/places.ts";
import { systemClock } from "../../runner/system-clock.ts";
import type { Given, World } from "../command.ts";
import { chartAccess } from "../flags/chart-flags.ts";
import { isSet, text } from "../flags/flags.ts";
import { type Say, sayingWhile, sayOnTerminal, untilTime } from "../headless/while-waiting.ts";
import { toldPorts } from "../status/told-ports.ts";

/** A cluster that was found and answers, with everything the engine asks of it. */
export interface OpenCluster {
  readonly name: ClusterName;
  readonly kubeconfigPath: string;
  readonly tls: ApiTls;
  readonly ports: Ports;
  readonly chartImages: KubeCluster["chartImages"];
  /** Told what is waited for, where somebody is to hear it. */
  readonly say: Say | null;
  close(): Promise<void>;
}

/** Once, and not at each try: until when does not change. */
function startingTeller(say: Say | null): (sign: string, leftMs: number) => void {
  let told = false;
  return (sign, leftMs) => {
    if (!told) say?.(`waits until ${untilTime(leftMs)} at the latest: ${sign}`);
    told = true;
  };
}

/**
 * Finds the cluster that the flags and kubeconfig name, and makes sure that it answers. `say` is told what takes over a
 * second, then and whenever it is asked later; null where nobody is to hear it.
 */
export async function openCluster(
  given: Given,
  world: World,
  say: Say | null = sayOnTerminal(world),
): Promise<OpenCluster> {
  const { connect } = await import("../../kube/connect.ts");
  const kubeconfig = text(given, "kubeconfig");
  const context = text(given, "context");
  const connecting = () =>
    connect({
      env: world.env,
      signal: world.signal,
      mayPrompt: world.stdin.isTTY === true,
      sources: sourceDirectory,
      charts: { ...chartAccess(given), keptIn: chartsFolder(world.env) },
      onStarting: startingTeller(say),
      ...(kubeconfig === undefined ? {} : { kubeconfig }),
      ...(context === undefined ? {} : { context }),
    });
  const what = "connects to the API server; its answer is waited for 10 s";
  const cluster = await sayingWhile(say, what, connecting);
  const ports = cluster.ports({ lock: { knownStale: text(given, "stale-lease") ?? null } });
  const name = { context: cluster.client.context, server: cluster.client.server };
  const isUnwanted = isSet(given, "without-saved-source");
  const archive = new LocalArchive(archiveBase(name, world.env), { isUnwanted });
  return {
    name,
    kubeconfigPath: cluster.client.kubeconfigPath,
    chartImages: (plan, signal) => cluster.chartImages(plan, signal),
    tls: cluster.tls,
    ports: toldPorts({ ...ports, clock: systemClock, archive }, say),
    say,
    close: () => cluster.close(),
  };
}
