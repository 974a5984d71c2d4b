import { namespace, type Seed } from "./seed-world.ts";
import { type Workload, workloadPlan } from "./workload-plan.ts";

/** Workloads of exactly so many pods, and a DaemonSet besides whose pods have addresses of the old network. */
export function workloads(pods: number): Seed[] {
  const plan = workloadPlan(pods);
  const namespaces = new Set(["monitoring", ...plan.map((workload) => workload.namespace)]);
  return [...[...namespaces].flatMap(namespace), ...nodeExporter(), ...plan.flatMap(objects)];
}

function objects(workload: Workload): Seed[] {
  const { kind, name, namespace: ns, budget, port } = workload;
  const labels = { app: name };
  const metadata = { name, namespace: ns, labels };
  const headless = kind === "StatefulSet" ? { clusterIP: "None" } : {};
  const service = { selector: labels, ports: [{ name: "main", port, targetPort: port, protocol: "TCP" }], ...headless };
  const own = kind === "StatefulSet" ? { serviceName: name } : {};
  const spec = { replicas: workload.replicas, selector: { matchLabels: labels }, template: template(workload), ...own };
  const seeds: Seed[] = [
    ["services", { apiVersion: "v1", kind: "Service", metadata, spec: service }],
    [`apps/${kind.toLowerCase()}s`, { apiVersion: "apps/v1", kind, metadata, spec }],
  ];
  if (!budget) return seeds;
  const guard = { selector: { matchLabels: labels }, ...budget };
  const pdb = { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: { name, namespace: ns }, spec: guard };
  return [["policy/poddisruptionbudgets", pdb], ...seeds];
}

function template({ name, port, probed, preStopSeconds }: Workload) {
  return {
    metadata: { labels: { app: name } },
    spec: {
      terminationGracePeriodSeconds: 30,
      containers: [
        {
          name,
          image: `ghcr.io/crossfade-lab/${name.replace(/-\d+$/, "")}:1.4.2`,
          imagePullPolicy: "IfNotPresent",
          ports: [{ name: "main", containerPort: port, protocol: "TCP" }],
          resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "256Mi" } },
          ...(probed ? { readinessProbe: { httpGet: { path: "/ready", port: "main" }, periodSeconds: 10 } } : {}),
          ...(preStopSeconds ? { lifecycle: { preStop: { sleep: { seconds: preStopSeconds } } } } : {}),
        },
      ],
    },
  };
}

/** Not on the host's network: a drain leaves it, so a migration must sweep it. */
function nodeExporter(): Seed[] {
  const labels = { "app.kubernetes.io/name": "node-exporter" };
  const container = {
    name: "node-exporter",
    image: "quay.io/prometheus/node-exporter:v1.9.1",
    imagePullPolicy: "IfNotPresent",
    args: ["--path.rootfs=/host/root"],
    ports: [{ name: "metrics", containerPort: 9100, protocol: "TCP" }],
    resources: { requests: { cpu: "20m", memory: "32Mi" } },
    readinessProbe: { httpGet: { path: "/", port: "metrics" }, periodSeconds: 10 },
    volumeMounts: [{ name: "root", mountPath: "/host/root", readOnly: true }],
  };
  const spec = {
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        tolerations: [{ operator: "Exists", effect: "NoSchedule" }],
        containers: [container],
        volumes: [{ name: "root", hostPath: { path: "/" } }],
      },
    },
  };
  const metadata = { name: "node-exporter", namespace: "monitoring", labels };
  return [["apps/daemonsets", { apiVersion: "apps/v1", kind: "DaemonSet", metadata, spec }]];
}
