import type { ObjectRef } from "../../engine/model/cluster/object-ref.ts";
import type { WorkloadFacts } from "../../engine/model/facts.ts";
import type { Workloads } from "../../engine/model/ports/workloads.ts";
import type { KubeClient } from "../client/kube-client.ts";
import { workloadFacts } from "../inventory/workload-facts.ts";
import type { Discovery } from "../objects/discovery.ts";
import type { KubeObject } from "../objects/kube-object.ts";
import { optional } from "../objects/optional.ts";
import { at, list, text, textMap } from "../objects/read.ts";
import type { Watches } from "../watch/watch.ts";
import { namespaceContents } from "./namespace-contents.ts";

const plurals = { DaemonSet: "daemonsets", Deployment: "deployments", StatefulSet: "statefulsets" } as const;
const watchOf = { DaemonSet: "daemonSets", Deployment: "deployments", StatefulSet: "statefulSets" } as const;

/** On the pod template beside kubectl's own annotation: the same token restarts only once. */
const restartTokenAnnotation = "crossfade/restart-token";

const mostEvents = 500;
const longestMessage = 300;

function lastSeen(event: unknown): number {
  const at = ["lastTimestamp", "eventTime"].map((field) => Date.parse(text((event as Record<string, unknown>)[field])));
  return Math.max(0, ...at.filter((time) => !Number.isNaN(time)));
}

/** The newest event with this reason about the workload, or about a ReplicaSet of it. */
async function newestEvent(client: KubeClient, namespace: string, name: string, reason: string): Promise<unknown> {
  const query = { fieldSelector: `reason=${reason}`, limit: mostEvents };
  const path = `/api/v1/namespaces/${namespace}/events`;
  const answer = await optional(client.get<KubeObject>(path, { query }), null);
  const own = list(at(answer, "items")).filter((event) => {
    const about = text(at(event, "involvedObject", "name"));
    return about === name || about.startsWith(`${name}-`);
  });
  return own.toSorted((one, other) => lastSeen(other) - lastSeen(one))[0];
}

/**
 * Asked only while something is waited for: events change too often to be watched. They stay for an hour, so that a pod
 * that was made since says that this trouble is over.
 */
async function failedCreate(client: KubeClient, namespace: string, name: string): Promise<string | null> {
  const failed = await newestEvent(client, namespace, name, "FailedCreate");
  if (failed === undefined) return null;
  const made = await newestEvent(client, namespace, name, "SuccessfulCreate");
  if (made !== undefined && lastSeen(made) > lastSeen(failed)) return null;
  return text(at(failed, "message"))
    .replace(/^Error creating: /, "")
    .slice(0, longestMessage);
}

/** The conditions of a namespace that is being deleted. */
async function whatKeeps(client: KubeClient, name: string): Promise<readonly string[] | null> {
  const namespace = await client.find<KubeObject>(`/api/v1/namespaces/${encodeURIComponent(name)}`);
  if (namespace === null || at(namespace, "metadata", "deletionTimestamp") === undefined) return null;
  return list(at(namespace, "status", "conditions"))
    .filter((condition) => at(condition, "status") === "True")
    .map((condition) => `${text(at(condition, "type"))}: ${text(at(condition, "message"))}`);
}

/** The port `workloads`. */
export function kubeWorkloads(client: KubeClient, watches: Watches, discovery: Discovery): Workloads {
  async function restart(
    kind: "DaemonSet" | "Deployment",
    namespace: string,
    name: string,
    token: string,
  ): Promise<void> {
    const path = `/apis/apps/v1/namespaces/${namespace}/${plurals[kind]}/${name}`;
    const now = await client.get<KubeObject>(path);
    const present = textMap(at(now, "spec", "template", "metadata", "annotations"));
    if (present[restartTokenAnnotation] === token) return;
    const annotations = {
      [restartTokenAnnotation]: token,
      "kubectl.kubernetes.io/restartedAt": new Date().toISOString().replace(/\.\d+Z$/, "Z"),
    };
    const answer = await client.patch<KubeObject>(
      path,
      { spec: { template: { metadata: { annotations } } } },
      { kind: "merge" },
    );
    watches
      .cache(watchOf[kind])
      .remember(namespace, name, workloadFacts(kind, answer), answer.metadata.resourceVersion);
  }

  async function exists(object: ObjectRef): Promise<boolean> {
    const path = await discovery.pathOf(object);
    return path !== null && (await client.find(path)) !== null;
  }

  return {
    async list() {
      const kinds = await Promise.all([
        watches.synced("daemonSets"),
        watches.synced("deployments"),
        watches.synced("statefulSets"),
      ]);
      return kinds.flatMap((cache): WorkloadFacts[] => [...cache.all()]);
    },
    async get(kind, namespace, name) {
      return (await watches.synced(watchOf[kind])).get(namespace, name) ?? null;
    },
    failedCreate: (namespace, name) => failedCreate(client, namespace, name),
    restart,
    async existing(objects) {
      const there = await Promise.all(objects.map(exists));
      return objects.filter((_, index) => there[index] === true);
    },
    contents: (namespace) => namespaceContents(client, discovery, namespace, { retry: true }),
    terminating: (name) => whatKeeps(client, name),
    async delete(object) {
      const path = await discovery.pathOf(object);
      if (path === null) return;
      await client.delete(path, { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: "Foreground" });
    },
  };
}
