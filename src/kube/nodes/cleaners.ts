import type { Cleaners } from "../../engine/model/ports/cleaners.ts";
import type { KubeClient } from "../client/kube-client.ts";
import { ensureNamespace } from "../records/own-namespace.ts";
import type { Watches } from "../watch/watch.ts";
import { cleanerDaemonSet, cleanerName } from "./cleaner-manifest.ts";
import { probeNamespace } from "./own-namespace-manifest.ts";

const daemonSetPath = `/apis/apps/v1/namespaces/${probeNamespace}/daemonsets/${cleanerName}`;

/** The port `cleaners`. */
export function kubeCleaners(client: KubeClient, watches: Watches): Cleaners {
  return {
    async start(order) {
      await ensureNamespace(client);
      await client.patch(daemonSetPath, cleanerDaemonSet(order), { kind: "apply", force: true });
    },
    async stop() {
      await client.delete(daemonSetPath, { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: "Background" });
    },
    async list() {
      const pods = [...(await watches.synced("pods")).all()];
      return pods
        .filter(
          ({ namespace, labels, node }) =>
            namespace === probeNamespace && labels["app"] === cleanerName && node !== null,
        )
        .map(({ node, ready, terminatingAt }) => ({ node: node ?? "", ready: ready && terminatingAt === null }));
    },
  };
}
