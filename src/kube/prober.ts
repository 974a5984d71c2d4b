import { CouldNotAsk, CrossfadeError } from "../engine/errors.ts";
import type { ProbeAnswer, ProbePod, Prober, ProbeTarget } from "../engine/ports.ts";
import type { ExecAnswer, KubeClient } from "./kube-client.ts";
import type { KubeObject } from "./kube-object.ts";
import { ensureNamespace } from "./own-namespace.ts";
import { probeContainer, probeDaemonSet, probeLabel, probeNamespace, probePort } from "./probe-manifest.ts";
import { at, list, number, text } from "./read.ts";
import { lastWords } from "./redact.ts";
import type { Watches } from "./watch.ts";

const daemonSetPath = `/apis/apps/v1/namespaces/${probeNamespace}/daemonsets/${probeLabel}`;
const sampleTimeout = "2s";

function hostAndPort(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** agnhost connect prints TIMEOUT, REFUSED, DNS: … or OTHER: … and exits 1. */
function judge(target: ProbeTarget, answer: ExecAnswer, tookMs: number): ProbeAnswer {
  if (answer.exitCode === 126 || answer.exitCode === 127) {
    throw new CrossfadeError(
      "COMMAND_FAILED",
      "The probe's image has no /agnhost.",
      "set the probe image to agnhost of the Kubernetes project",
    );
  }
  if (answer.exitCode === 0) return { ok: true, tookMs };
  const said = lastWords(answer.stderr) || lastWords(answer.stdout);
  // Where the name was resolved, the question of a DNS sample is answered, whatever came after.
  if (target.kind === "dns" && !/^DNS\b|no such host|server misbehaving|lookup .*(timeout|timed out)/i.test(said))
    return { ok: true, tookMs };
  return { ok: false, error: said === "" ? `exit code ${answer.exitCode}` : said };
}

/** The port `prober`. */
export function kubeProber(client: KubeClient, watches: Watches): Prober {
  let apiService: string | null = null;

  /** What pods find in KUBERNETES_SERVICE_HOST and _PORT. */
  async function apiAddress(): Promise<string> {
    if (apiService !== null) return apiService;
    const service = await client.get<KubeObject>("/api/v1/namespaces/default/services/kubernetes");
    const ip = text(at(service, "spec", "clusterIP"));
    if (ip === "") throw new CouldNotAsk("the service default/kubernetes has no address");
    apiService = hostAndPort(ip, number(at(list(at(service, "spec", "ports"))[0], "port"), 443));
    return apiService;
  }

  async function addressOf(target: ProbeTarget): Promise<string> {
    switch (target.kind) {
      case "pod":
        return hostAndPort(target.ip, probePort);
      case "dns":
        return `${target.name}:443`;
      case "api-service":
        return apiAddress();
      default:
        return target satisfies never;
    }
  }

  return {
    async install(image) {
      await ensureNamespace(client);
      await client.patch(daemonSetPath, probeDaemonSet(image), { kind: "apply", force: true });
    },
    async remove() {
      await client.delete(daemonSetPath, { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: "Background" });
    },
    async pods() {
      const pods = [...(await watches.synced("pods")).all()];
      return pods
        .filter((pod) => pod.namespace === probeNamespace && pod.labels["app"] === probeLabel && pod.node !== null)
        .map(
          (pod): ProbePod => ({
            node: pod.node ?? "",
            ref: { namespace: pod.namespace, name: pod.name, uid: pod.uid },
            ip: pod.ips[0] ?? null,
            ready: pod.ready && pod.terminatingAt === null,
          }),
        );
    },
    async probe(from, target, signal) {
      const argv = ["/agnhost", "connect", await addressOf(target), `--timeout=${sampleTimeout}`, "--protocol=tcp"];
      const startedAt = performance.now();
      const where = { namespace: from.ref.namespace, pod: from.ref.name, container: probeContainer };
      const answer = await client.exec(where, argv, { signal, timeoutMs: 10_000 });
      return judge(target, answer, Math.round(performance.now() - startedAt));
    },
  };
}
