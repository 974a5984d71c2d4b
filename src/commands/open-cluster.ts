import type { Ports } from "../engine/ports.ts";
import type { KubeCluster } from "../kube/connect.ts";
import { type ClusterName, chartsFolder } from "../runner/places.ts";
import { systemClock } from "../runner/system-clock.ts";
import { chartAccess } from "./chart-flags.ts";
import type { Given, World } from "./command.ts";
import { isSet, text } from "./flags.ts";
import { whileWaiting } from "./while-waiting.ts";

/** A cluster that was found and answers, with everything the engine asks of it. */
export interface OpenCluster {
  readonly name: ClusterName;
  readonly kubeconfigPath: string;
  readonly ports: Ports;
  readonly chartImages: KubeCluster["chartImages"];
  close(): Promise<void>;
}

/** Finds the cluster that the flags and kubeconfig name, and makes sure that it answers. */
export async function openCluster(given: Given, world: World): Promise<OpenCluster> {
  const { connect } = await import("../kube/connect.ts");
  const kubeconfig = text(given, "kubeconfig");
  const context = text(given, "context");
  const connecting = () =>
    connect({
      env: world.env,
      signal: world.signal,
      mayPrompt: world.stdin.isTTY === true,
      charts: { ...chartAccess(given), keptIn: chartsFolder(world.env) },
      ...(kubeconfig === undefined ? {} : { kubeconfig }),
      ...(context === undefined ? {} : { context }),
    });
  const cluster = isSet(given, "json")
    ? await connecting()
    : await whileWaiting(world, "connects to the API server; its answer is waited for 10 s", connecting);
  return {
    name: { context: cluster.client.context, server: cluster.client.server },
    kubeconfigPath: cluster.client.kubeconfigPath,
    ports: { ...cluster.ports({ lock: { knownStale: text(given, "stale-lease") ?? null } }), clock: systemClock },
    chartImages: (plan, signal) => cluster.chartImages(plan, signal),
    close: () => cluster.close(),
  };
}
