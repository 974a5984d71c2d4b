import type { V1DaemonSet, V1Pod, V1PodSpec } from "@kubernetes/client-node";
import { agentDaemonSet } from "../../engine/model/cilium-names.ts";
import type { DryRunFacts } from "../../engine/model/cluster/dry-run-facts.ts";
import { recordName } from "../../engine/model/cluster/record-place.ts";
import { Unavailable } from "../../engine/model/errors.ts";
import type { ClusterFacts } from "../../engine/model/facts.ts";
import { defaultRunOptions } from "../../engine/model/plan-types.ts";
import { admissionAnswer } from "../client/admission.ts";
import { ApiError } from "../client/api-error.ts";
import type { CallOptions, KubeClient } from "../client/kube-client.ts";
import { leaseName, leasesPath } from "../lease/lease.ts";
import { namespaceManifest, probeNamespace } from "../nodes/own-namespace-manifest.ts";
import { probeDaemonSet } from "../nodes/probe-manifest.ts";
import type { AsJson } from "../objects/kube-object.ts";

/** As its own writes, but each would do no harm if it were kept: no pod of it could ever be placed. */
const dryRunName = "crossfade-dry-run";
const nowhere = { "crossfade/dry-run": "never" };

type Write = Pick<DryRunFacts, "verb" | "kind" | "namespace" | "name"> & {
  readonly path: string;
  readonly object: unknown;
};

/** What Cilium's agents and our reboot pods have in common, and what admission most often forbids. */
const privileged = {
  hostNetwork: true,
  hostPID: true,
  nodeSelector: nowhere,
  automountServiceAccountToken: false,
  tolerations: [{ operator: "Exists" }],
  containers: [
    {
      name: "dry-run",
      image: defaultRunOptions.probeImage,
      command: ["true"],
      securityContext: { privileged: true },
      resources: { requests: { cpu: "5m", memory: "16Mi" }, limits: { cpu: "500m", memory: "128Mi" } },
    },
  ],
} satisfies AsJson<V1PodSpec>;

const creation = (kind: string, namespace: string | null, path: string, object: { metadata: { name: string } }) =>
  ({ verb: "create", kind, namespace, name: object.metadata.name, path, object }) satisfies Write;

/** Inside our own namespace, as soon as there is one: before, every answer would be that it is missing. */
function inOwnNamespace(): readonly Write[] {
  const metadata = (name: string) => ({ name, namespace: probeNamespace });
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: metadata(dryRunName),
    spec: { ...privileged, restartPolicy: "Never" },
  } satisfies AsJson<V1Pod>;
  const own = `/api/v1/namespaces/${probeNamespace}`;
  const probes = probeDaemonSet(defaultRunOptions.probeImage);
  const lease = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: metadata(leaseName), spec: {} };
  const record = { apiVersion: "v1", kind: "ConfigMap", metadata: metadata(recordName), data: {} };
  return [
    creation("ConfigMap", probeNamespace, `${own}/configmaps`, record),
    creation("Lease", probeNamespace, leasesPath, lease),
    creation("DaemonSet", probeNamespace, `/apis/apps/v1/namespaces/${probeNamespace}/daemonsets`, probes),
    creation("Pod", probeNamespace, `${own}/pods`, pod),
  ];
}

function agents(namespace: string): Write {
  const labels = { "k8s-app": agentDaemonSet, app: dryRunName };
  const object = {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: dryRunName, namespace, labels },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: privileged } },
  } satisfies AsJson<V1DaemonSet>;
  return creation("DaemonSet", namespace, `/apis/apps/v1/namespaces/${namespace}/daemonsets`, object);
}

/** A label of our own, and the cordon as it is. */
function nodePatch({ nodes }: Pick<ClusterFacts, "nodes">): readonly Write[] {
  const [node] = nodes;
  if (node === undefined) return [];
  const object = {
    metadata: { labels: { "cni-crossfade/dry-run": "true" } },
    spec: { unschedulable: node.cordoned ? true : null },
  };
  return [
    { verb: "patch", kind: "Node", namespace: null, name: node.name, path: `/api/v1/nodes/${node.name}`, object },
  ];
}

const unlikeDryRun = /does not support dry ?run/i;

function judged(error: unknown): Pick<DryRunFacts, "answer" | "by" | "message"> {
  if (error instanceof Unavailable) return { answer: "unknown", by: "", message: error.message };
  if (!(error instanceof ApiError)) throw error;
  // Admission is asked before it is looked whether the object is there.
  if (error.reason === "AlreadyExists") return { answer: "accepted", by: "", message: "" };
  if (unlikeDryRun.test(error.message)) return { answer: "unknown", by: "", message: error.message };
  const admission = admissionAnswer(error);
  if (admission !== null) return { answer: "refused", by: admission.by, message: admission.message };
  const isVerdict = error.status === 422 || error.status === 400;
  return { answer: isVerdict ? "refused" : "unknown", by: "", message: error.message };
}

async function tried(client: KubeClient, { path, object, ...write }: Write, signal: AbortSignal): Promise<DryRunFacts> {
  // A question, though it is asked by a write: it needs no lease. A webhook that is down is an answer, and not asked again.
  const options = {
    signal,
    query: { dryRun: "All" },
    fenced: false,
    retry: false,
    timeoutMs: 15_000,
  } satisfies CallOptions;
  try {
    if (write.verb === "create") await client.create(path, object, options);
    else await client.patch(path, object, { ...options, kind: "merge" });
    return { ...write, answer: "accepted", by: "", message: "" };
  } catch (error) {
    signal.throwIfAborted();
    return { ...write, ...judged(error) };
  }
}

/** Tries what the run will write, without writing: what admission refuses is known before anything was begun. */
export async function dryRunWrites(
  client: KubeClient,
  facts: Pick<ClusterFacts, "nodes" | "ownNamespace">,
  { ciliumNamespace, signal }: { readonly ciliumNamespace: string; readonly signal: AbortSignal },
): Promise<readonly DryRunFacts[]> {
  const isThere = facts.ownNamespace === "ours" || facts.ownNamespace === "others";
  const own = isThere ? inOwnNamespace() : [creation("Namespace", null, "/api/v1/namespaces", namespaceManifest)];
  const writes = [...own, agents(ciliumNamespace), ...nodePatch(facts)];
  return Promise.all(writes.map((write) => tried(client, write, signal)));
}
