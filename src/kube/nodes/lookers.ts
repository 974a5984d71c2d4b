import type { Looker, Lookers } from "../../engine/model/ports/lookers.ts";
import { ExecUnanswered } from "../client/exec.ts";
import type { ExecAnswer, KubeClient } from "../client/kube-client.ts";
import { ensureNamespace } from "../records/own-namespace.ts";
import type { Watches } from "../watch/watch.ts";
import { answersIn, datagramCommand } from "./datagrams.ts";
import { hostCommands, hostLookOf, unseenHost } from "./host-look.ts";
import { lookerContainer, lookerDaemonSet, lookerName } from "./looker-manifest.ts";
import { probeNamespace } from "./own-namespace-manifest.ts";

const daemonSetPath = `/apis/apps/v1/namespaces/${probeNamespace}/daemonsets/${lookerName}`;
const execLimitMs = 15_000;

/** The port `lookers`. */
export function kubeLookers(client: KubeClient, watches: Watches): Lookers {
  const run = ({ ref }: Looker, argv: readonly string[], signal?: AbortSignal): Promise<ExecAnswer> =>
    client.exec({ namespace: ref.namespace, pod: ref.name, container: lookerContainer }, argv, {
      timeoutMs: execLimitMs,
      ...(signal === undefined ? {} : { signal }),
    });

  /** A pod whose commands do not run to their end says nothing of its node. */
  async function orUnanswered<T>(ask: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await ask();
    } catch (thrown) {
      if (thrown instanceof ExecUnanswered) return otherwise;
      throw thrown;
    }
  }

  return {
    async start(order) {
      await ensureNamespace(client);
      await client.patch(daemonSetPath, lookerDaemonSet(order), { kind: "apply", force: true });
    },
    async stop() {
      await client.delete(daemonSetPath, { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: "Background" });
    },
    async list() {
      const pods = [...(await watches.synced("pods")).all()];
      return pods
        .filter(
          ({ namespace, labels, node }) =>
            namespace === probeNamespace && labels["app"] === lookerName && node !== null,
        )
        .map(({ node, namespace, name, uid, ready, terminatingAt }) => ({
          node: node ?? "",
          ref: { namespace, name, uid },
          ready: ready && terminatingAt === null,
        }));
    },
    look: (from, wanted) =>
      orUnanswered(async () => {
        const argv = hostCommands(wanted);
        const [sysctls, links, onDisk, loaded] = await Promise.all([
          run(from, argv.sysctls),
          run(from, argv.links),
          run(from, argv.onDisk),
          run(from, argv.loaded),
        ]);
        return hostLookOf({ sysctls, links, onDisk, loaded }, wanted);
      }, unseenHost),
    async answering(from, datagrams, signal) {
      const argv = datagramCommand(datagrams);
      return argv && orUnanswered(async () => answersIn(await run(from, argv, signal)), null);
    },
  };
}
