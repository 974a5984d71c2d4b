import type { Looker, Lookers } from "../../engine/model/ports/lookers.ts";
import { ExecUnanswered } from "../client/exec.ts";
import type { ExecAnswer, KubeClient } from "../client/kube-client.ts";
import type { Watches } from "../watch/watch.ts";
import { answersIn, datagramCommand } from "./datagrams.ts";
import { hostCommands, hostLookOf, unseenHost } from "./host-look.ts";
import { lookerContainer, lookerDaemonSet, lookerName } from "./looker-manifest.ts";
import { ownDaemonSet } from "./own-daemon-set.ts";

const execLimitMs = 15_000;

/** The port `lookers`. */
export function kubeLookers(client: KubeClient, watches: Watches): Lookers {
  const daemonSet = ownDaemonSet(client, watches, lookerName);

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
    start: (order) => daemonSet.start(lookerDaemonSet(order)),
    stop: () => daemonSet.stop(),
    list: async () =>
      (await daemonSet.pods()).map(({ node, namespace, name, uid, ready }) => ({
        node,
        ref: { namespace, name, uid },
        ready,
      })),
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
