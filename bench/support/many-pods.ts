import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One process that answers as an API server of so many nodes and pods would: `node many-pods.ts PODS NODES`. */
const [podCount = 0, nodeCount = 0] = process.argv.slice(2).map(Number);
const perNamespace = 1_000;

const managed = (manager: string, words: number) => ({
  manager,
  operation: "Update",
  apiVersion: "v1",
  time: "2026-11-22T10:00:00Z",
  fieldsType: "FieldsV1",
  fieldsV1: Object.fromEntries(
    Array.from({ length: words }, (_, index) => [`f:field-${index}`, { ".": {}, "f:name": {}, "f:value": {} }]),
  ),
});

const probe = {
  httpGet: { path: "/healthz", port: 8080, scheme: "HTTP" },
  timeoutSeconds: 1,
  periodSeconds: 10,
  successThreshold: 1,
  failureThreshold: 3,
};

/** A pod of a Deployment as a real cluster shows it, managedFields and all: about 5 KB. `@N@` stands for its number. */
const podTemplate = JSON.stringify({
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name: "checkout-7cdcdb58f7-@N@",
    generateName: "checkout-7cdcdb58f7-",
    namespace: "team-@S@",
    uid: "9c4ad886-0000-4000-8000-@U@",
    resourceVersion: "@V@",
    creationTimestamp: "2026-11-22T10:00:00Z",
    labels: { app: "checkout", "pod-template-hash": "7cdcdb58f7", "app.kubernetes.io/part-of": "shop-@S@" },
    annotations: {
      "prometheus.io/scrape": "true",
      "prometheus.io/port": "8080",
      "kubectl.kubernetes.io/restartedAt": "2026-11-20T08:00:00Z",
    },
    ownerReferences: [
      {
        apiVersion: "apps/v1",
        kind: "ReplicaSet",
        name: "checkout-7cdcdb58f7",
        uid: "1b2c3d4e-0000-4000-8000-0000000@S@",
        controller: true,
        blockOwnerDeletion: true,
      },
    ],
    managedFields: [managed("kube-controller-manager", 26), managed("kubelet", 18)],
  },
  spec: {
    nodeName: "node-@H@",
    serviceAccountName: "default",
    restartPolicy: "Always",
    terminationGracePeriodSeconds: 30,
    dnsPolicy: "ClusterFirst",
    schedulerName: "default-scheduler",
    priority: 0,
    enableServiceLinks: true,
    tolerations: ["not-ready", "unreachable"].map((key) => ({
      key: `node.kubernetes.io/${key}`,
      operator: "Exists",
      effect: "NoExecute",
      tolerationSeconds: 300,
    })),
    volumes: [
      {
        name: "token",
        projected: {
          defaultMode: 420,
          sources: [
            { serviceAccountToken: { expirationSeconds: 3607, path: "token" } },
            { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
          ],
        },
      },
    ],
    containers: [
      {
        name: "checkout",
        image: "registry.example/checkout:1.42.0",
        imagePullPolicy: "IfNotPresent",
        ports: [{ name: "http", containerPort: 8080, protocol: "TCP" }],
        env: Array.from({ length: 8 }, (_, index) => ({
          name: `SETTING_${index}`,
          value: `value of setting ${index}`,
        })),
        resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } },
        readinessProbe: probe,
        livenessProbe: probe,
        volumeMounts: [{ name: "token", readOnly: true, mountPath: "/var/run/secrets/kubernetes.io/serviceaccount" }],
        terminationMessagePath: "/dev/termination-log",
        terminationMessagePolicy: "File",
      },
    ],
  },
  status: {
    phase: "Running",
    hostIP: "10.0.0.1",
    podIP: "10.244.@I@",
    podIPs: [{ ip: "10.244.@I@" }],
    startTime: "2026-11-22T10:00:00Z",
    qosClass: "Burstable",
    conditions: ["Initialized", "Ready", "ContainersReady", "PodScheduled"].map((type) => ({
      type,
      status: "True",
      lastProbeTime: null,
      lastTransitionTime: "2026-11-22T10:00:05Z",
    })),
    containerStatuses: [
      {
        name: "checkout",
        ready: true,
        started: true,
        restartCount: 0,
        image: "registry.example/checkout:1.42.0",
        imageID: `registry.example/checkout@sha256:${"ab".repeat(32)}`,
        containerID: `containerd://${"cd".repeat(32)}`,
        state: { running: { startedAt: "2026-11-22T10:00:04Z" } },
        lastState: {},
      },
    ],
  },
});

const nodeTemplate = JSON.stringify({
  apiVersion: "v1",
  kind: "Node",
  metadata: {
    name: "node-@H@",
    uid: "7d1e0000-0000-4000-8000-@U@",
    resourceVersion: "@V@",
    creationTimestamp: "2026-11-01T10:00:00Z",
    labels: { "kubernetes.io/os": "linux", "kubernetes.io/hostname": "node-@H@" },
  },
  spec: { podCIDR: "10.244.0.0/24", podCIDRs: ["10.244.0.0/24"] },
  status: {
    addresses: [{ type: "InternalIP", address: "10.0.0.1" }],
    nodeInfo: {
      bootID: "2f0e1111-0000-4000-8000-@U@",
      kernelVersion: "6.12.0",
      kubeletVersion: "v1.33.4",
      operatingSystem: "linux",
      architecture: "amd64",
    },
    conditions: [{ type: "Ready", status: "True" }],
    allocatable: { cpu: "16", memory: "64Gi", pods: "110" },
    images: Array.from({ length: 30 }, (_, index) => ({
      names: [`registry.example/team/image-${index}@sha256:${"ef".repeat(32)}`],
      sizeBytes: 123_456_789,
    })),
  },
});

const pieces = (template: string) => template.split(/@([A-Z])@/);
const podPieces = pieces(podTemplate);
const nodePieces = pieces(nodeTemplate);

function filled(parts: readonly string[], number: number, version: number): string {
  const padded = String(number).padStart(12, "0");
  const of: Readonly<Record<string, string>> = {
    N: padded.slice(-6),
    S: String(Math.floor(number / perNamespace)).padStart(4, "0"),
    U: padded,
    V: String(version),
    H: String(number % Math.max(1, nodeCount)).padStart(5, "0"),
    I: `${(number >> 8) & 255}.${number & 255}`,
  };
  return parts.map((part, index) => (index % 2 === 0 ? part : of[part])).join("");
}

const listVersion = 1_000_000;

interface Listed {
  readonly kind: string;
  readonly parts: readonly string[];
  readonly count: number;
}

function page(response: ServerResponse, url: URL, { kind, parts, count }: Listed): void {
  const from = Number(url.searchParams.get("continue") ?? 0);
  const limit = Number(url.searchParams.get("limit") ?? count) || count;
  const to = Math.min(count, from + limit);
  const next = to < count ? `,"continue":"${to}","remainingItemCount":${count - to}` : "";
  response.writeHead(200, { "content-type": "application/json" });
  response.write(
    `{"kind":"${kind}List","apiVersion":"v1","metadata":{"resourceVersion":"${listVersion}"${next}},"items":[`,
  );
  let at = from;
  const more = () => {
    while (at < to) {
      const text = (at === from ? "" : ",") + filled(parts, at, at + 1);
      at += 1;
      if (!response.write(text)) return void response.once("drain", more);
    }
    response.end("]}");
  };
  more();
}

/** On command (POST /storm?events=N): so many pods change, as fast as the reader takes them; the last one fails. */
const podWatches = new Set<ServerResponse>();

function storm(events: number): void {
  let sent = 0;
  for (const watch of podWatches) {
    const more = () => {
      while (sent < events) {
        sent += 1;
        let pod = filled(podPieces, sent % podCount, listVersion + sent);
        if (sent === events) pod = pod.replace('"phase":"Running"', '"phase":"Failed"');
        if (!watch.write(`{"type":"MODIFIED","object":${pod}}\n`)) return void watch.once("drain", more);
      }
    };
    more();
  }
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://stub");
  const plain = (body: unknown) =>
    void response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  if (url.pathname === "/version") return plain({ major: "1", minor: "33", gitVersion: "v1.33.4" });
  if (url.pathname === "/storm") {
    plain({});
    return storm(Number(url.searchParams.get("events")));
  }
  if (url.searchParams.get("watch")) {
    response.writeHead(200, { "content-type": "application/json" }).flushHeaders();
    if (!url.pathname.endsWith("/pods")) return;
    podWatches.add(response);
    return void response.on("close", () => podWatches.delete(response));
  }
  if (url.pathname === "/api/v1/pods") return page(response, url, { kind: "Pod", parts: podPieces, count: podCount });
  if (url.pathname === "/api/v1/nodes")
    return page(response, url, { kind: "Node", parts: nodePieces, count: nodeCount });
  response
    .writeHead(404, { "content-type": "application/json" })
    .end('{"kind":"Status","status":"Failure","reason":"NotFound","code":404}');
});
server.listen(0, "127.0.0.1", () =>
  process.stdout.write(`${(server.address() as AddressInfo).port} ${podTemplate.length}\n`),
);
process.on("disconnect", () => process.exit(0));
