import { expect, test } from "vitest";
import type { KubeObject } from "../../objects.ts";
import { deployment, emptyStore, field, make, pod } from "./store-fixture.ts";

const { store } = emptyStore();
const container = (fields: object = {}) => ({ containers: [{ name: "app", image: "web:1", ...fields }] });
let count = 0;
const newPod = (spec: object = {}) => store.create("pods", pod(`p${count++}`, { ...spec }));
const template = { metadata: { labels: { a: "b" } }, spec: container() };
const workload = (kind: string, spec: object = {}) =>
  make("apps/v1", kind, `w${count++}`, { spec: { selector: { matchLabels: { a: "b" } }, template, ...spec } });
const service = (spec: object = {}) =>
  store.create("services", make("v1", "Service", `s${count++}`, { spec: { ports: [{ port: 80 }], ...spec } }));
const daemonSet = () => store.create("apps/daemonsets", workload("DaemonSet"));
const statefulSet = () => store.create("apps/statefulsets", workload("StatefulSet", { serviceName: "s" }));
const newDeployment = () => store.create("apps/deployments", deployment(`d${count++}`));
const policy = (spec: object) =>
  store.create(
    "networking.k8s.io/networkpolicies",
    make("networking.k8s.io/v1", "NetworkPolicy", `n${count++}`, { spec }),
  );
const namespace = () => store.create("namespaces", make("v1", "Namespace", "team"));
const secret = () => store.create("secrets", make("v1", "Secret", `x${count++}`, { stringData: { k: "v" } }));

const rows: readonly (readonly [string, () => KubeObject, string, unknown])[] = [
  ["a pod restarts always", newPod, "spec.restartPolicy", "Always"],
  ["a pod asks the cluster's DNS first", newPod, "spec.dnsPolicy", "ClusterFirst"],
  ["a pod gets 30 s to end", newPod, "spec.terminationGracePeriodSeconds", 30],
  ["a pod runs as the default service account", newPod, "spec.serviceAccountName", "default"],
  [
    "the old name of the service account is filled too",
    () => newPod({ serviceAccountName: "me" }),
    "spec.serviceAccount",
    "me",
  ],
  ["a pod without class has priority 0", newPod, "spec.priority", 0],
  [
    "system-node-critical needs no object",
    () => newPod({ priorityClassName: "system-node-critical" }),
    "spec.priority",
    2_000_001_000,
  ],
  [
    "a pod tolerates not-ready for 300 s",
    newPod,
    "spec.tolerations.0",
    { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 },
  ],
  ["a pod tolerates unreachable for 300 s", newPod, "spec.tolerations.1.key", "node.kubernetes.io/unreachable"],
  [
    "who tolerates everything gets no more tolerations",
    () => newPod({ tolerations: [{ operator: "Exists" }] }),
    "spec.tolerations",
    [{ operator: "Exists" }],
  ],
  ["a new pod is Pending", newPod, "status.phase", "Pending"],
  ["a pod that asks for nothing is BestEffort", newPod, "status.qosClass", "BestEffort"],
  [
    "a pod with requests is Burstable",
    () => newPod(container({ resources: { requests: { cpu: "1" } } })),
    "status.qosClass",
    "Burstable",
  ],
  [
    "a pod with limits on both is Guaranteed",
    () => newPod(container({ resources: { limits: { cpu: "1", memory: "1Gi" } } })),
    "status.qosClass",
    "Guaranteed",
  ],
  [
    "limits are requests where none are",
    () => newPod(container({ resources: { limits: { cpu: "1" } } })),
    "spec.containers.0.resources.requests",
    { cpu: "1" },
  ],
  ["a tagged image is pulled if not present", newPod, "spec.containers.0.imagePullPolicy", "IfNotPresent"],
  [
    "an untagged image is always pulled",
    () => newPod(container({ image: "reg:5000/web" })),
    "spec.containers.0.imagePullPolicy",
    "Always",
  ],
  [
    "latest is always pulled",
    () => newPod(container({ image: "web:latest" })),
    "spec.containers.0.imagePullPolicy",
    "Always",
  ],
  [
    "a digest is pulled if not present",
    () => newPod(container({ image: "web@sha256:0" })),
    "spec.containers.0.imagePullPolicy",
    "IfNotPresent",
  ],
  ["a container's last words have a path", newPod, "spec.containers.0.terminationMessagePath", "/dev/termination-log"],
  [
    "a port is TCP",
    () => newPod(container({ ports: [{ containerPort: 80 }] })),
    "spec.containers.0.ports.0.protocol",
    "TCP",
  ],
  [
    "a port of a hostNetwork pod is the host's",
    () => newPod({ hostNetwork: true, ...container({ ports: [{ containerPort: 80 }] }) }),
    "spec.containers.0.ports.0.hostPort",
    80,
  ],
  [
    "a probe fails after three tries",
    () => newPod(container({ readinessProbe: { httpGet: { port: 80 } } })),
    "spec.containers.0.readinessProbe.failureThreshold",
    3,
  ],
  [
    "a probe's scheme is HTTP",
    () => newPod(container({ readinessProbe: { httpGet: { port: 80 } } })),
    "spec.containers.0.readinessProbe.httpGet.scheme",
    "HTTP",
  ],
  ["a volume without source is an emptyDir", () => newPod({ volumes: [{ name: "v" }] }), "spec.volumes.0.emptyDir", {}],
  [
    "a configMap volume has mode 0644",
    () => newPod({ volumes: [{ name: "v", configMap: { name: "c" } }] }),
    "spec.volumes.0.configMap.defaultMode",
    420,
  ],
  [
    "a hostPath has an empty type",
    () => newPod({ volumes: [{ name: "v", hostPath: { path: "/" } }] }),
    "spec.volumes.0.hostPath.type",
    "",
  ],
  ["a Deployment has one replica", newDeployment, "spec.replicas", 1],
  [
    "a Deployment rolls by a quarter",
    newDeployment,
    "spec.strategy",
    { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "25%", maxSurge: "25%" } },
  ],
  ["a Deployment keeps ten revisions", newDeployment, "spec.revisionHistoryLimit", 10],
  ["a template's pods are defaulted", newDeployment, "spec.template.spec.restartPolicy", "Always"],
  ["a template gets no tolerations", newDeployment, "spec.template.spec.tolerations", undefined],
  ["a new Deployment has an empty status", newDeployment, "status", {}],
  [
    "a DaemonSet updates one node at a time",
    daemonSet,
    "spec.updateStrategy",
    { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
  ],
  ["a DaemonSet's status counts from zero", daemonSet, "status.desiredNumberScheduled", 0],
  [
    "a StatefulSet rolls from partition 0",
    statefulSet,
    "spec.updateStrategy",
    { type: "RollingUpdate", rollingUpdate: { partition: 0 } },
  ],
  ["a StatefulSet starts its pods in order", statefulSet, "spec.podManagementPolicy", "OrderedReady"],
  ["a Service is a ClusterIP", service, "spec.type", "ClusterIP"],
  ["a Service has no affinity", service, "spec.sessionAffinity", "None"],
  ["a Service port targets itself", service, "spec.ports.0.targetPort", 80],
  ["a new Service has an empty load balancer status", service, "status", { loadBalancer: {} }],
  ["a headless Service keeps None", () => service({ clusterIP: "None" }), "spec.clusterIPs", ["None"]],
  ["a namespace carries its name as a label", namespace, "metadata.labels", { "kubernetes.io/metadata.name": "team" }],
  [
    "a policy without egress rules is about ingress",
    () => policy({ podSelector: {} }),
    "spec.policyTypes",
    ["Ingress"],
  ],
  [
    "a policy with egress rules is about both",
    () => policy({ podSelector: {}, egress: [] }),
    "spec.policyTypes",
    ["Ingress", "Egress"],
  ],
  ["a Secret is Opaque", secret, "type", "Opaque"],
  ["stringData ends in data, encoded", secret, "data", { k: "dg==" }],
  ["stringData itself is not kept", secret, "stringData", undefined],
];

for (const [sentence, create, path, value] of rows) {
  test(sentence, () => {
    expect(field(create(), path)).toEqual(value);
  });
}

test("a pod takes the priority of its class", () => {
  store.create(
    "scheduling.k8s.io/priorityclasses",
    make("scheduling.k8s.io/v1", "PriorityClass", "high", { value: 99 }),
  );
  expect(newPod({ priorityClassName: "high" }).spec).toMatchObject({ priority: 99 });
});

test("a new namespace is Active and holds the kubernetes finalizer", () => {
  expect(store.get("namespaces", null, "default")).toMatchObject({
    spec: { finalizers: ["kubernetes"] },
    status: { phase: "Active" },
  });
});

test("a node keeps the status with which its kubelet registers it", () => {
  const node = make("v1", "Node", "n", { status: { nodeInfo: { bootID: "b" } } });
  expect(store.create("nodes", node).status).toEqual({ nodeInfo: { bootID: "b" } });
});

test("a client's status on a new Deployment is dropped", () => {
  const made = store.create("apps/deployments", { ...deployment("liar"), status: { replicas: 9 } });
  expect(made.status).toEqual({});
});
