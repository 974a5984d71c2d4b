import type { KubeObject, Store } from "../../objects.ts";
import { isEstablished } from "./crd-state.ts";

const endpoints = "cilium.io/ciliumendpoints";
const identities = "cilium.io/ciliumidentities";

/** What an agent reports of one endpoint. */
export interface EndpointSeed {
  readonly id: number;
  readonly identity: { readonly id: number; readonly labels: readonly string[] };
  readonly ip: string;
  readonly nodeIp: string;
}

interface Endpoint extends KubeObject {
  status?: unknown;
}

/** Creates the object, or takes over one that an earlier pod of the same name left. */
export function publishEndpoint(store: Store, pod: KubeObject, seed: EndpointSeed, state: string): void {
  if (!isEstablished(store, "ciliumendpoints.cilium.io")) return;
  const namespace = pod.metadata.namespace ?? "default";
  const { name, uid = "", labels = {} } = pod.metadata;
  const owner = { apiVersion: "v1", kind: "Pod", name, uid };
  const status = {
    id: seed.id,
    identity: seed.identity,
    networking: { addressing: [{ ipv4: seed.ip }], node: seed.nodeIp },
    state,
    policy: {
      ingress: { enforcing: false, state: "<status disabled>" },
      egress: { enforcing: false, state: "<status disabled>" },
    },
    "external-identifiers": {
      "cni-attachment-id": `${seed.id}:eth0`,
      "k8s-namespace": namespace,
      "k8s-pod-name": name,
      "pod-name": `${namespace}/${name}`,
    },
  };
  const existing = store.get<Endpoint>(endpoints, namespace, name);
  if (existing) {
    store.change<Endpoint>(endpoints, namespace, name, (copy) => {
      copy.metadata.ownerReferences = [owner];
      copy.status = status;
    });
    return;
  }
  if (state === "ready" || !podLives(store, namespace, name, uid)) return;
  store.create<Endpoint>(endpoints, {
    apiVersion: "cilium.io/v2",
    kind: "CiliumEndpoint",
    metadata: { name, namespace, labels: { ...labels }, ownerReferences: [owner] },
    status,
  });
}

function podLives(store: Store, namespace: string, name: string, uid: string): boolean {
  return store.get("pods", namespace, name)?.metadata.uid === uid;
}

/** Pods with the same labels share an identity, numbered from 256 upward in a range of their own. */
export function identityOf(store: Store, pod: KubeObject): EndpointSeed["identity"] {
  const namespace = pod.metadata.namespace ?? "default";
  const own = Object.entries(pod.metadata.labels ?? {}).filter(
    ([key]) => !/(^|-)hash$|statefulset.kubernetes.io|generation$/.test(key),
  );
  const security: Record<string, string> = {
    "k8s:io.kubernetes.pod.namespace": namespace,
    "k8s:io.cilium.k8s.policy.cluster": "default",
  };
  for (const [key, value] of own) security[`k8s:${key}`] = value;
  const labels = Object.entries(security)
    .map(([key, value]) => `${key}=${value}`)
    .sort();
  const id =
    256 +
    (Math.abs(
      labels
        .join(",")
        .split("")
        .reduce((hash, c) => (Math.imul(hash, 31) + c.charCodeAt(0)) | 0, 7),
    ) %
      65_000);
  if (isEstablished(store, "ciliumidentities.cilium.io") && !store.get(identities, null, String(id))) {
    store.create(identities, {
      apiVersion: "cilium.io/v2",
      kind: "CiliumIdentity",
      metadata: { name: String(id), labels: Object.fromEntries([["io.kubernetes.pod.namespace", namespace], ...own]) },
      "security-labels": security,
    });
  }
  return { id, labels };
}
