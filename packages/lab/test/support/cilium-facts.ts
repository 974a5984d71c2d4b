import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { KubeObject } from "../../objects.ts";

const folder = join(import.meta.dirname, "../../../../../shared/data");

/** What the real charts render; null where the folder with these facts does not lie beside the checkout. */
export function sharedFacts(): string | null {
  if (existsSync(join(folder, "cilium"))) return folder;
  console.log(`skipped: no facts to compare with in ${folder}`);
  return null;
}

export interface ChartFacts {
  readonly objects: readonly {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace?: string;
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
  }[];
  readonly ciliumConfig: {
    readonly initial: Readonly<Record<string, string>>;
    readonly differenceInFinal: Readonly<
      Record<string, { readonly initial: string | null; readonly final: string | null }>
    >;
  };
  readonly workloads: readonly unknown[];
}

export function readFacts<T>(name: string): T {
  return JSON.parse(readFileSync(join(folder, name), "utf8")) as T;
}

export function factPath(name: string): string {
  return join(folder, name);
}

interface Container {
  name: string;
  image: string;
  ports?: { name?: string; containerPort: number; protocol?: string }[];
  env?: { name: string }[];
  volumeMounts?: { name: string; mountPath: string; readOnly?: boolean }[];
  securityContext?: { privileged?: boolean; capabilities?: { add?: string[] } };
  lifecycle?: object;
  startupProbe?: Probe;
  livenessProbe?: Probe;
  readinessProbe?: Probe;
}

interface Probe {
  httpGet: { host: string; port: number | string; path: string };
  periodSeconds?: number;
  failureThreshold?: number;
}

interface PodSpec {
  hostNetwork?: boolean;
  priorityClassName?: string;
  serviceAccountName?: string;
  tolerations?: object[];
  nodeSelector?: object;
  terminationGracePeriodSeconds?: number;
  initContainers?: Container[];
  containers: Container[];
  volumes?: Record<string, unknown>[];
}

interface WorkloadObject extends KubeObject {
  spec: {
    replicas?: number;
    selector: { matchLabels: object };
    updateStrategy?: object;
    strategy?: object;
    template: { metadata: { labels: object; annotations?: object }; spec: PodSpec };
  };
}

/** A workload in the short form of the facts. */
export function workloadShape(object: KubeObject): unknown {
  const { kind, metadata, spec } = object as WorkloadObject;
  const { metadata: meta, spec: pod } = spec.template;
  return {
    kind,
    name: metadata.name,
    ...(spec.replicas === undefined ? {} : { replicas: spec.replicas }),
    selector: spec.selector.matchLabels,
    strategy: spec.updateStrategy ?? spec.strategy,
    templateLabels: meta.labels,
    templateAnnotations: Object.keys(meta.annotations ?? {}).sort(),
    pod: {
      hostNetwork: pod.hostNetwork,
      priorityClassName: pod.priorityClassName,
      serviceAccountName: pod.serviceAccountName,
      tolerations: pod.tolerations,
      nodeSelector: pod.nodeSelector,
      ...(pod.terminationGracePeriodSeconds === undefined
        ? {}
        : { terminationGracePeriodSeconds: pod.terminationGracePeriodSeconds }),
      initContainers: (pod.initContainers ?? []).map(containerShape),
      containers: pod.containers.map(containerShape),
      volumes: (pod.volumes ?? []).map(volumeShape),
    },
  };
}

function containerShape(container: Container): unknown {
  const { securityContext: security = {} } = container;
  const add = security.capabilities?.add ?? [];
  return {
    name: container.name,
    image: container.image,
    ports: (container.ports ?? []).map(({ name, containerPort, protocol }) => `${name}:${containerPort}/${protocol}`),
    env: (container.env ?? []).map(({ name }) => name),
    volumeMounts: (container.volumeMounts ?? []).map(
      ({ name, mountPath, readOnly }) => `${name}:${mountPath}${readOnly ? ":ro" : ""}`,
    ),
    ...(security.privileged === undefined ? {} : { privileged: security.privileged }),
    ...(add.length > 0 ? { capabilities: add } : {}),
    probes: (["startupProbe", "livenessProbe", "readinessProbe"] as const).flatMap((name) => {
      const probe = container[name];
      if (!probe) return [];
      const { host, port, path } = probe.httpGet;
      return [`${name} ${host}:${port}${path} period ${probe.periodSeconds}s failures ${probe.failureThreshold}`];
    }),
    ...(container.lifecycle ? { lifecycle: Object.keys(container.lifecycle) } : {}),
  };
}

function volumeShape(volume: Record<string, unknown>): string {
  const { name } = volume as { name: string };
  if (volume.hostPath) {
    const { path, type } = volume.hostPath as { path: string; type?: string };
    return `${name}: hostPath ${path} (${type ?? "any"})`;
  }
  if (volume.configMap) return `${name}: configMap ${(volume.configMap as { name: string }).name}`;
  return `${name}: ${Object.keys(volume).find((key) => key !== "name")}`;
}
