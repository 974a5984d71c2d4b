import type { ApiTls } from "../engine/model/cluster/api-tls.ts";
import type { LinkState } from "../engine/model/events.ts";
import type { Ports } from "../engine/model/ports/ports.ts";
import type { SourceDirectory } from "../engine/model/ports/source-directory.ts";
import { apiTlsOf, chooseContext, type Environment } from "./auth/kubeconfig.ts";
import { UserCredentials } from "./auth/user-credentials.ts";
import { contactServer, type OnStarting } from "./client/contact-server.ts";
import { HttpKubeClient } from "./client/http.ts";
import { keepListening } from "./client/keep-listening.ts";
import type { KubeClient } from "./client/kube-client.ts";
import { steadyTimer } from "./client/link-timer.ts";
import { translateErrors } from "./client/translate-errors.ts";
import { Transport } from "./client/transport.ts";
import { type ChartAccess, checkAccess } from "./helm/chart-access.ts";
import { chartImages, type Rendered } from "./helm/chart-images.ts";
import { HelmCharts } from "./helm/charts.ts";
import { Helm } from "./helm/helm.ts";
import { releasesInSight } from "./helm/helm-answers.ts";
import { HelmInstaller } from "./helm/installer.ts";
import { kubeInventory } from "./inventory/inventory.ts";
import { LeaseLock, type LockOptions } from "./lease/lock.ts";
import { kubeCleaners } from "./nodes/cleaners.ts";
import { hostExec } from "./nodes/host-exec.ts";
import { kubeHosts } from "./nodes/hosts.ts";
import { kubeLookers } from "./nodes/lookers.ts";
import { kubeProber } from "./nodes/prober.ts";
import { kubeRebooter } from "./nodes/rebooter.ts";
import { Discovery } from "./objects/discovery.ts";
import { kubeCilium } from "./ports/cilium.ts";
import { speedupFor } from "./ports/cluster-clock.ts";
import { kubeNodes } from "./ports/nodes.ts";
import { kubeObjects } from "./ports/objects.ts";
import { kubePods } from "./ports/pods.ts";
import { kubeWorkloads } from "./ports/workloads.ts";
import { ClusterObservers } from "./records/observers.ts";
import { ClusterRecords } from "./records/records.ts";
import { kubeChanges } from "./watch/changes.ts";
import { Watches } from "./watch/watch.ts";

export interface ConnectOptions {
  /** --kubeconfig; else KUBECONFIG, ~/.kube/config, the pod's service account. */
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  readonly env: Environment;
  readonly signal: AbortSignal;
  /** A credential plugin may ask on this terminal; false once a screen runs. */
  readonly mayPrompt?: boolean;
  /** Told while an API server that has just started is waited for. */
  readonly onStarting?: OnStarting;
  /** Told at each change of how the watches do. */
  readonly onLink?: (link: LinkState) => void;
  /** How this machine gets at charts, and where it keeps those that were installed. */
  readonly charts?: ChartAccess & { readonly keptIn?: string };
  /** What is asked of the cluster for the sources' sake. */
  readonly sources: SourceDirectory;
  /** Divides every wait for the API server, in place of what the kubeconfig says of its cluster's clock. */
  readonly speedup?: number;
}

export interface PortsOptions {
  /** Where Cilium is, or will be: plan.cilium.namespace and release. */
  readonly ciliumNamespace?: string;
  readonly release?: string;
  readonly lock?: Omit<LockOptions, "watches">;
}

/** A cluster that answered. Watches start when a port first needs them, so that one question costs no sweep. */
export interface KubeCluster {
  readonly client: KubeClient;
  readonly tls: ApiTls;
  ports(options?: PortsOptions): Omit<Ports, "clock" | "archive">;
  /** Images of the pods that the planned chart makes. Throws what helm or the chart's place have against it. */
  chartImages(plan: Rendered, signal: AbortSignal): Promise<readonly string[]>;
  close(): Promise<void>;
}

interface Wiring {
  readonly sources: SourceDirectory;
  readonly client: KubeClient;
  readonly watches: Watches;
  readonly helm: Helm;
  readonly charts: HelmCharts;
  readonly env: Environment;
  readonly tls: ApiTls;
}

function portsOf(wiring: Wiring, options: PortsOptions): Omit<Ports, "clock" | "archive"> {
  const { client, watches, helm, charts, env, sources, tls } = wiring;
  const namespace = options.ciliumNamespace ?? "kube-system";
  const discovery = new Discovery(client);
  const releases = (signal: AbortSignal) => releasesInSight(helm, namespace, signal);
  return {
    inventory: translateErrors(
      kubeInventory(client, {
        helm: { version: () => helm.version(), releases },
        ciliumNamespace: namespace,
        sources,
        tls,
      }),
    ),
    nodes: translateErrors(kubeNodes(client, watches)),
    pods: translateErrors(kubePods(client, watches)),
    workloads: translateErrors(kubeWorkloads(client, watches, discovery)),
    objects: translateErrors(kubeObjects(client, discovery)),
    cilium: translateErrors(kubeCilium(client, watches, discovery, namespace)),
    charts: translateErrors(charts),
    installer: translateErrors(
      new HelmInstaller(helm, client, { namespace, release: options.release ?? "cilium", charts }),
    ),
    hosts: translateErrors(kubeHosts(hostExec(client, watches, namespace))),
    rebooter: translateErrors(kubeRebooter(client, env)),
    prober: translateErrors(kubeProber(client, watches)),
    lookers: translateErrors(kubeLookers(client, watches)),
    cleaners: translateErrors(kubeCleaners(client, watches)),
    records: translateErrors(new ClusterRecords(client, watches)),
    observers: translateErrors(new ClusterObservers(client, watches)),
    lock: translateErrors(new LeaseLock(client, { ...options.lock, watches })),
    changes: kubeChanges(watches),
  };
}

/** Reads the kubeconfig by kubectl's rules and contacts the server; every foreseen failure is one sentence with a remedy. */
export async function connect(options: ConnectOptions): Promise<KubeCluster> {
  checkAccess(options.charts ?? {});
  const chosen = chooseContext(options);
  const credentials = new UserCredentials(chosen, {
    env: options.env,
    mayPrompt: options.mayPrompt ?? false,
    reread: () => chooseContext({ ...options, context: chosen.context }),
  });
  const transport = new Transport(credentials, steadyTimer(options.speedup ?? speedupFor(chosen.cluster)));
  const client = new HttpKubeClient(chosen, transport);
  const watches = new Watches(transport);
  try {
    await contactServer(client, options.signal, options.onStarting);
  } catch (error) {
    transport.close();
    throw error;
  }
  const tls = apiTlsOf(chosen);
  // From here on a screen may own the terminal.
  credentials.beginWork();
  const over = new AbortController();
  void keepListening(transport, over.signal);
  const { onLink, env } = options;
  if (onLink !== undefined) watches.onChange(() => onLink(watches.link()));
  const { keptIn = null, ...access } = options.charts ?? {};
  const helm = new Helm(client, env);
  const charts = new HelmCharts(helm, { access, env, keptIn });
  return {
    client,
    tls,
    ports: (wanted = {}) => portsOf({ client, watches, helm, charts, env, sources: options.sources, tls }, wanted),
    chartImages: (plan, wanted) => chartImages({ helm, charts }, plan, wanted),
    async close() {
      over.abort(new Error("closed"));
      await watches.close();
      await client.close();
    },
  };
}
