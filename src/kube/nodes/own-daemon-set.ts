import type { KubeClient } from "../client/kube-client.ts";
import { ensureNamespace } from "../records/own-namespace.ts";
import type { Watches } from "../watch/watch.ts";
import type { machineDaemonSet } from "./machine-daemon-set.ts";
import { probeNamespace } from "./own-namespace-manifest.ts";

/** A DaemonSet of ours: applied, deleted, and its pods that have a node; one that is being deleted is not ready. */
export function ownDaemonSet(client: KubeClient, watches: Watches, name: string) {
  const daemonSetPath = `/apis/apps/v1/namespaces/${probeNamespace}/daemonsets/${name}`;
  return {
    async start(manifest: ReturnType<typeof machineDaemonSet>): Promise<void> {
      await ensureNamespace(client);
      await client.patch(daemonSetPath, manifest, { kind: "apply", force: true });
    },
    async stop(): Promise<void> {
      await client.delete(daemonSetPath, { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: "Background" });
    },
    async pods() {
      const pods = [...(await watches.synced("pods")).all()];
      return pods.flatMap(({ node, ready, terminatingAt, ...pod }) =>
        pod.namespace === probeNamespace && pod.labels["app"] === name && node !== null
          ? [{ ...pod, node, ready: ready && terminatingAt === null }]
          : [],
      );
    },
  };
}
