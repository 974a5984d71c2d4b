import type { Cleaners } from "../../engine/model/ports/cleaners.ts";
import type { KubeClient } from "../client/kube-client.ts";
import type { Watches } from "../watch/watch.ts";
import { cleanerDaemonSet, cleanerName } from "./cleaner-manifest.ts";
import { ownDaemonSet } from "./own-daemon-set.ts";

/** The port `cleaners`. */
export function kubeCleaners(client: KubeClient, watches: Watches): Cleaners {
  const daemonSet = ownDaemonSet(client, watches, cleanerName);
  return {
    start: (order) => daemonSet.start(cleanerDaemonSet(order)),
    stop: () => daemonSet.stop(),
    list: async () => (await daemonSet.pods()).map(({ node, ready }) => ({ node, ready })),
  };
}
