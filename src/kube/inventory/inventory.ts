import { hostname, networkInterfaces } from "node:os";
import type { ApiTls } from "../../engine/model/cluster/api-tls.ts";
import type {
  BudgetFacts,
  ClusterFacts,
  HelmReleaseFacts,
  LocalVolumeFacts,
  WorkloadFacts,
} from "../../engine/model/facts.ts";
import type { Inventory } from "../../engine/model/ports/inventory.ts";
import type { SourceDirectory } from "../../engine/model/ports/source-directory.ts";
import type { KubeClient } from "../client/kube-client.ts";
import { probeNamespace } from "../nodes/own-namespace-manifest.ts";
import { Discovery } from "../objects/discovery.ts";
import type { KubeObject } from "../objects/kube-object.ts";
import { optional } from "../objects/optional.ts";
import { listAs } from "../objects/pages.ts";
import { at, text, textMap } from "../objects/read.ts";
import { namespaceContents } from "../ports/namespace-contents.ts";
import { askPermissions } from "../ports/permissions.ts";
import { countPolicies } from "../ports/policies.ts";
import { isMarked } from "../records/own-namespace.ts";
import { readBackends } from "./backends.ts";
import { ciliumNodeConfigFacts, ciliumNodeFacts } from "./cilium-facts.ts";
import { dryRunWrites } from "./dry-run.ts";
import { nodeFacts } from "./node-facts.ts";
import { podFacts } from "./pod-facts.ts";
import { serviceCidrs } from "./service-cidrs.ts";
import { sourceObjects } from "./source-objects.ts";
import { Uncounted } from "./uncounted.ts";
import { localVolumeFacts } from "./volume-facts.ts";
import { budgetFacts, serviceFacts, workloadFacts } from "./workload-facts.ts";

/** What the sweep needs of helm: both may be missing. */
export interface HelmFacts {
  version(): Promise<string | null>;
  releases(signal: AbortSignal): Promise<readonly HelmReleaseFacts[]>;
}

export interface InventoryOptions {
  readonly helm: HelmFacts;
  readonly ciliumNamespace: string;
  readonly sources: SourceDirectory;
  readonly tls: ApiTls;
}

async function workloads(
  client: KubeClient,
  environment: readonly string[],
  signal: AbortSignal,
): Promise<readonly WorkloadFacts[]> {
  const kinds = [
    ["DaemonSet", "daemonsets"],
    ["Deployment", "deployments"],
    ["StatefulSet", "statefulsets"],
  ] as const;
  const lists = kinds.map(([kind, plural]) =>
    listAs(client, `/apis/apps/v1/${plural}`, (object) => workloadFacts(kind, object, environment), { signal }),
  );
  return (await Promise.all(lists)).flat();
}

async function configMaps(
  client: KubeClient,
  wanted: readonly string[],
  signal: AbortSignal,
): Promise<ClusterFacts["configMaps"]> {
  const found: Record<string, Readonly<Record<string, string>>> = {};
  const asking = wanted.map(async (where) => {
    const [namespace = "", name = ""] = where.split("/");
    const path = `/api/v1/namespaces/${namespace}/configmaps/${name}`;
    const object = await optional<KubeObject | null>(client.find<KubeObject>(path, { signal }), null);
    if (object !== null) found[where] = textMap(at(object, "data"));
  });
  await Promise.all(asking);
  return found;
}

async function apiResources(
  discovery: Discovery,
  groups: ClusterFacts["apiGroups"],
  detailed: readonly string[],
): Promise<ClusterFacts["apiResources"]> {
  const found: Record<string, readonly string[]> = {};
  const wanted = Object.entries(groups).filter(([group]) => detailed.includes(group));
  const asking = wanted.flatMap(([group, versions]) =>
    versions.map(async (version) => {
      const resources = await discovery.resources(`${group}/${version}`);
      if (resources !== null) found[`${group}/${version}`] = resources.map(({ name }) => name);
    }),
  );
  await Promise.all(asking);
  return found;
}

async function ciliumObjects(client: KubeClient, resources: ClusterFacts["apiResources"], signal: AbortSignal) {
  const version = (plural: string) =>
    Object.keys(resources).find(
      (apiVersion) => apiVersion.startsWith("cilium.io/") && resources[apiVersion]?.includes(plural),
    );
  const nodesVersion = version("ciliumnodes");
  const configsVersion = version("ciliumnodeconfigs");
  const [ciliumNodes, ciliumNodeConfigs] = await Promise.all([
    nodesVersion === undefined
      ? []
      : optional(listAs(client, `/apis/${nodesVersion}/ciliumnodes`, ciliumNodeFacts, { signal }), []),
    configsVersion === undefined
      ? []
      : optional(
          listAs(
            client,
            `/apis/${configsVersion}/ciliumnodeconfigs`,
            (object) => ({ ...ciliumNodeConfigFacts(object), apiVersion: configsVersion }),
            { signal },
          ),
          [],
        ),
  ]);
  return { ciliumNodes, ciliumNodeConfigs };
}

function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((addresses) =>
    (addresses ?? []).filter(({ internal }) => !internal).map(({ address }) => address),
  );
}

/** Whose nodes matter only to a warning: a cluster whose volumes we may not see can be migrated all the same. */
async function localVolumes(
  client: KubeClient,
  uncounted: Uncounted,
  signal: AbortSignal,
): Promise<readonly LocalVolumeFacts[] | null> {
  const listing = listAs(client, "/api/v1/persistentvolumes", localVolumeFacts, { signal });
  const all = await uncounted.unless("persistentvolumes", listing, null);
  return all?.filter((volume) => volume !== null) ?? null;
}

interface Reading {
  readonly uncounted: Uncounted;
  readonly sources: SourceDirectory;
  readonly signal: AbortSignal;
}

async function coreLists(client: KubeClient, { uncounted, sources, signal }: Reading) {
  const [nodes, pods, budgets, found, services, volumes] = await Promise.all([
    listAs(client, "/api/v1/nodes", nodeFacts, { signal }),
    listAs(client, "/api/v1/pods", podFacts, { signal }),
    uncounted.unless<BudgetFacts[]>(
      "poddisruptionbudgets.policy",
      listAs(client, "/apis/policy/v1/poddisruptionbudgets", budgetFacts, { signal }),
      [],
    ),
    workloads(client, sources.environment, signal),
    listAs(client, "/api/v1/services", serviceFacts, { signal }),
    localVolumes(client, uncounted, signal),
  ]);
  return { nodes, pods, budgets, workloads: found, services, localVolumes: volumes };
}

async function discovered(client: KubeClient, { uncounted, sources, signal }: Reading) {
  const discovery = new Discovery(client);
  const apiGroups = await discovery.groups();
  const resources = await apiResources(discovery, apiGroups, sources.apiGroups);
  const [policies, objects, cilium] = await Promise.all([
    countPolicies(client, discovery, apiGroups, { signal, uncounted, kinds: sources.policies }),
    sourceObjects(client, { kinds: sources.kinds, resources, uncounted, signal }),
    ciliumObjects(client, resources, signal),
  ]);
  return { apiGroups, apiResources: resources, policies, sourceObjects: objects, ...cilium };
}

/** Looked into only where something runs that may own it. */
async function contents(
  client: KubeClient,
  workloads: readonly WorkloadFacts[],
  { sources, signal }: Pick<Reading, "sources" | "signal">,
): Promise<ClusterFacts["namespaceContents"]> {
  const wanted = sources.namespaces.filter((name) =>
    workloads.some(({ kind, namespace }) => kind === "DaemonSet" && namespace === name),
  );
  const discovery = new Discovery(client);
  const found = await Promise.all(
    wanted.map(
      async (name) => [name, await namespaceContents(client, discovery, name, { signal, retry: false })] as const,
    ),
  );
  return Object.fromEntries(found);
}

/** The mark is a label, which whoever makes the namespace may write too: it tells a mistake, and no attack. */
async function ownNamespace(
  client: KubeClient,
  uncounted: Uncounted,
  signal: AbortSignal,
): Promise<ClusterFacts["ownNamespace"]> {
  const asking = client.find<KubeObject>(`/api/v1/namespaces/${probeNamespace}`, { signal });
  const found = await uncounted.unless<KubeObject | null | undefined>("namespaces", asking, undefined);
  if (found === undefined) return "unknown";
  if (found === null) return "missing";
  return isMarked(found) ? "ours" : "others";
}

/** Names which cluster it is, whatever its address. */
async function identity(client: KubeClient, signal: AbortSignal) {
  const [kubeSystem, version] = await Promise.all([
    client.get<KubeObject>("/api/v1/namespaces/kube-system", { signal }),
    client.get<KubeObject>("/version", { signal }),
  ]);
  return { clusterUid: kubeSystem.metadata.uid ?? "", kubernetesVersion: text(at(version, "gitVersion")) };
}

/** The port `inventory`: everything asked at once, page by page, nothing written. */
export function kubeInventory(
  client: KubeClient,
  { helm, ciliumNamespace, sources, tls }: InventoryOptions,
): Inventory {
  return {
    async clusterUid(signal): Promise<string> {
      const kubeSystem = await client.get<KubeObject>("/api/v1/namespaces/kube-system", { signal });
      return kubeSystem.metadata.uid ?? "";
    },
    async read(signal): Promise<ClusterFacts> {
      const uncounted = new Uncounted();
      const maps = configMaps(client, sources.configMaps, signal);
      const lists = coreLists(client, { uncounted, sources, signal });
      const rights = lists.then((core) =>
        askPermissions(
          client,
          { ciliumNamespace, configMaps: sources.configMaps, source: sources.rights(core.workloads) },
          signal,
        ),
      );
      const [who, core, found, texts, backends, permissions, helmVersion] = await Promise.all([
        identity(client, signal),
        lists,
        discovered(client, { uncounted, sources, signal }),
        maps,
        readBackends(client, uncounted, signal),
        rights,
        helm.version(),
      ]);
      // Not with the first wave: that one is as wide as a connection that was just opened bears.
      const [ranges, helmReleases, inNamespaces, namespace] = await Promise.all([
        serviceCidrs(client, found.apiGroups["networking.k8s.io"] ?? [], texts, signal),
        helmVersion === null ? [] : helm.releases(signal),
        contents(client, core.workloads, { sources, signal }),
        ownNamespace(client, uncounted, signal),
      ]);
      const tried = { nodes: core.nodes, ownNamespace: namespace };
      return {
        at: Date.now(),
        context: client.context,
        server: client.server,
        tls,
        ownNamespace: namespace,
        ...who,
        ...core,
        ...found,
        serviceCidrs: ranges,
        configMaps: texts,
        namespaceContents: inNamespaces,
        backends,
        uncounted: uncounted.all,
        helmReleases,
        permissions,
        dryRuns: await dryRunWrites(client, tried, { ciliumNamespace, signal }),
        helmVersion,
        ownAddresses: ownAddresses(),
        ownHostname: hostname(),
      };
    },
  };
}
