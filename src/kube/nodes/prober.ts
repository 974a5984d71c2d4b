import { Unavailable } from "../../engine/model/errors.ts";
import type { ProbeAnswer, ProbeLook, ProbePod, Prober, ProbeTarget } from "../../engine/model/ports/prober.ts";
import { ExecUnanswered } from "../client/exec.ts";
import type { ExecAnswer, KubeClient } from "../client/kube-client.ts";
import type { KubeObject } from "../objects/kube-object.ts";
import { at, list, number, text } from "../objects/read.ts";
import type { Watches } from "../watch/watch.ts";
import { ownDaemonSet } from "./own-daemon-set.ts";
import { curlCommand, judgeSamples } from "./probe-command.ts";
import { lookCommands, lookOf } from "./probe-look.ts";
import { probeContainer, probeDaemonSet, probeLabel, probePort } from "./probe-manifest.ts";

/** The command limits itself to much less: the rest is for a kubelet under load to start it. */
const execLimitMs = 10_000;
const healthPort = 4240;

function hostAndPort(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

async function lookThrough(client: KubeClient, { ref }: ProbePod): Promise<ProbeLook> {
  const where = { namespace: ref.namespace, pod: ref.name, container: probeContainer };
  const run = (argv: readonly string[]) => client.exec(where, argv, { timeoutMs: execLimitMs });
  try {
    const [btf, mtu] = await Promise.all([run(lookCommands.btf), run(lookCommands.mtu)]);
    return lookOf({ btf, mtu });
  } catch (thrown) {
    if (!(thrown instanceof ExecUnanswered)) throw thrown;
    return { btf: null, podMtu: null };
  }
}

/** The port `prober`. */
export function kubeProber(client: KubeClient, watches: Watches): Prober {
  const daemonSet = ownDaemonSet(client, watches, probeLabel);
  let apiService: string | null = null;

  /** What pods find in KUBERNETES_SERVICE_HOST and _PORT. */
  async function apiAddress(): Promise<string> {
    if (apiService !== null) return apiService;
    const service = await client.get<KubeObject>("/api/v1/namespaces/default/services/kubernetes");
    const ip = text(at(service, "spec", "clusterIP"));
    if (ip === "") throw new Unavailable("the service default/kubernetes has no address");
    apiService = hostAndPort(ip, number(at(list(at(service, "spec", "ports"))[0], "port"), 443));
    return apiService;
  }

  async function urlOf(target: ProbeTarget): Promise<string> {
    switch (target.kind) {
      case "pod":
        return `http://${hostAndPort(target.ip, probePort)}/`;
      case "health":
        return `http://${hostAndPort(target.ip, healthPort)}/hello`;
      case "dns":
        return `http://${target.name}:443/`;
      case "api-service":
        return `https://${await apiAddress()}/livez`;
      default:
        return target satisfies never;
    }
  }

  return {
    install: (image) => daemonSet.start(probeDaemonSet(image)),
    remove: () => daemonSet.stop(),
    async pods() {
      return (await daemonSet.pods()).map(({ node, namespace, name, uid, ips, ready }) => ({
        node,
        ref: { namespace, name, uid },
        ip: ips[0] ?? null,
        ready,
      }));
    },
    look: (from) => lookThrough(client, from),
    async probe(from, targets, signal) {
      if (targets.length === 0) return [];
      const argv = curlCommand(await Promise.all(targets.map(urlOf)));
      const where = { namespace: from.ref.namespace, pod: from.ref.name, container: probeContainer };
      let answer: ExecAnswer;
      try {
        answer = await client.exec(where, argv, { signal, timeoutMs: execLimitMs });
      } catch (thrown) {
        if (!(thrown instanceof ExecUnanswered)) throw thrown;
        return targets.map((): ProbeAnswer => ({ result: "unknown", why: thrown.message }));
      }
      return judgeSamples(targets, answer);
    },
  };
}
