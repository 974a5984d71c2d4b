import { aBudget, aFlannelCluster, aPod, aWorkload, ownedBy } from "../../support/facts.ts";
import { closed, guarded, healthy, type Row, running, withPod } from "./judging.ts";

/** Where worker-1 is drained, its pods find no place. */
const onlyOneOpen = () =>
  aFlannelCluster()
    .changeNode("control-plane-0", { cordoned: true })
    .changeNode("worker-2", { taints: [{ key: "a", value: "", effect: "NoSchedule" }] });

const withLocalVolume = (claim: string) =>
  withPod({ claims: ["data"] }).with({
    localVolumes: [
      {
        name: "pv-1",
        claim,
        nodes: [{ matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: ["worker-1"] }] }],
      },
    ],
  });

export const workloadsRows: Row[] = [
  ["capacity", "ok", "there is room", () => withPod({})],
  ["capacity", "warning", "one node", () => aFlannelCluster(1)],
  [
    "capacity",
    "warning",
    "too much CPU is asked for",
    () =>
      withPod({ cpuMillis: 4_000 })
        .withPods(aPod("default", "b", { cpuMillis: 4_000, node: "worker-2" }))
        .changeNode("control-plane-0", { cordoned: true }),
  ],
  [
    "capacity",
    "warning",
    "the others are tainted",
    () =>
      withPod({})
        .changeNode("control-plane-0", { taints: [{ key: "a", value: "", effect: "NoSchedule" }] })
        .changeNode("worker-2", { taints: [{ key: "b", value: "", effect: "NoExecute" }] }),
  ],
  [
    "capacity",
    "warning",
    "too many pods for the others",
    () =>
      withPod({}).changeNode("worker-2", { allocatablePods: 1 }).changeNode("control-plane-0", { allocatablePods: 1 }),
  ],
  ["budgets-blocked", "ok", "it allows one", () => guarded()],
  ["budgets-blocked", "blocker", "it can never allow one", () => guarded(closed)],
  [
    "budgets-blocked",
    "warning",
    "it allows none now",
    () => guarded({ disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 2 }),
  ],
  [
    "budgets-blocked",
    "ok",
    "it guards nobody",
    () => guarded({ ...closed, selector: { matchLabels: { app: "other" } } }),
  ],
  [
    "budgets-blocked",
    "warning",
    "its operator moves the pod, which is known by its owner",
    () =>
      withPod({ owner: { kind: "Cluster", apiVersion: "postgresql.cnpg.io/v1", name: "pg", uid: "c" } }).withBudgets(
        aBudget("web", closed),
      ),
  ],
  [
    "budgets-blocked",
    "warning",
    "its operator moves the pod, which is known by its labels",
    () =>
      withPod({ labels: { app: "web", "longhorn.io/component": "instance-manager" } }).withBudgets(
        aBudget("web", closed),
      ),
  ],
  ["budgets-blocked", "warning", "it was accepted by name", () => guarded(closed), { accept: ["budgets-blocked"] }],
  [
    "budgets-blocked",
    "blocker",
    "no other node takes the pods of a node, and the budget lets only some go",
    () =>
      onlyOneOpen()
        .withPods(aPod("default", "web-1"), aPod("default", "web-2"))
        .withBudgets(aBudget("web", { disruptionsAllowed: 1, currentHealthy: 2, desiredHealthy: 1, expectedPods: 2 })),
  ],
  [
    "budgets-blocked",
    "ok",
    "no other node takes the pods of a node, and all may go at once",
    () =>
      onlyOneOpen()
        .withPods(aPod("default", "web-1"), aPod("default", "web-2"))
        .withBudgets(aBudget("web", { disruptionsAllowed: 2, currentHealthy: 2, desiredHealthy: 0, expectedPods: 2 })),
  ],
  ["budgets-blocked", "ok", "it guards another namespace", () => guarded({ ...closed, namespace: "shop" })],
  ["budgets-shared", "ok", "one budget", () => guarded()],
  ["budgets-shared", "blocker", "two budgets", () => guarded().withBudgets(aBudget("all", { selector: {} }))],
  ["bare-pods", "ok", "all have controllers", () => withPod({})],
  ["bare-pods", "blocker", "one has none", () => withPod({ owner: null })],
  [
    "bare-pods",
    "warning",
    "one has none, and that is allowed",
    () => withPod({ owner: null }),
    { deleteBarePods: true },
  ],
  ["bare-pods", "ok", "the one that has none is finished", () => withPod({ owner: null, phase: "Succeeded" })],
  ["host-paths", "ok", "none", () => withPod({})],
  ["host-paths", "ok", "a socket", () => withPod({ hostPaths: [{ path: "/var/run/docker.sock", writable: true }] })],
  ["host-paths", "ok", "read only", () => withPod({ hostPaths: [{ path: "/srv", writable: false }] })],
  ["host-paths", "warning", "a folder", () => withPod({ hostPaths: [{ path: "/srv/db", writable: true }] })],
  [
    "host-paths",
    "ok",
    "a folder of the one node that it may run on",
    () =>
      withPod({
        hostPaths: [{ path: "/srv/db", writable: true }],
        nodeSelector: { "kubernetes.io/hostname": "worker-1" },
      }),
  ],
  ["pinned-pods", "ok", "a volume that every node can mount", () => withPod({ claims: ["data"] })],
  ["pinned-pods", "warning", "a local volume", () => withLocalVolume("default/data")],
  ["pinned-pods", "ok", "another pod's local volume", () => withLocalVolume("shop/data")],
  [
    "pinned-pods",
    "warning",
    "volumes that may not be listed",
    () => withPod({ claims: ["data"] }).with({ localVolumes: null }),
  ],
  ["pinned-pods", "ok", "no pod has a volume", () => withPod({}).with({ localVolumes: null })],
  ["jobs", "ok", "none", () => withPod({})],
  ["jobs", "ok", "one that is done", () => withPod({ owner: ownedBy("Job", "backup"), phase: "Succeeded" })],
  ["jobs", "warning", "one at work", () => withPod({ owner: ownedBy("Job", "backup") })],
  ["empty-dirs", "ok", "none", () => withPod({})],
  ["empty-dirs", "blocker", "one", () => withPod({ emptyDirs: ["cache"] })],
  [
    "empty-dirs",
    "warning",
    "one, and that is allowed",
    () => withPod({ emptyDirs: ["cache"] }),
    { deleteEmptyDirData: true },
  ],
  [
    "empty-dirs",
    "ok",
    "only a DaemonSet's",
    () => withPod({ emptyDirs: ["run"], owner: ownedBy("DaemonSet", "agent") }),
  ],
  ["static-pods", "ok", "all on the host's network", () => withPod({ mirror: true, hostNetwork: true, owner: null })],
  ["static-pods", "warning", "one with an address", () => withPod({ mirror: true, owner: null })],
  [
    "static-pods",
    "blocker",
    "one with an address, and no reboot",
    () => withPod({ mirror: true, owner: null }),
    { reboot: { method: "none" } },
  ],
  ["single-replicas", "ok", "two", () => running("web")],
  [
    "single-replicas",
    "warning",
    "one",
    () => healthy().withWorkloads(aWorkload("Deployment", "default", "web", { desired: 1 })),
  ],
  [
    "stateful-sets",
    "ok",
    "none runs",
    () => healthy().withWorkloads(aWorkload("StatefulSet", "default", "db", { desired: 0 })),
  ],
  ["stateful-sets", "warning", "one runs", () => healthy().withWorkloads(aWorkload("StatefulSet", "default", "db"))],
  ["stuck-pods", "ok", "a Job's own finalizer", () => withPod({ finalizers: ["batch.kubernetes.io/job-tracking"] })],
  ["stuck-pods", "warning", "a finalizer", () => withPod({ finalizers: ["example.com/keep"] })],
  ["stuck-pods", "warning", "terminating for long", () => withPod({ terminatingAt: Date.UTC(2026, 0, 1, 11) })],
  ["stuck-pods", "warning", "more grace than a drain has", () => withPod({ terminationGraceSeconds: 3_600 })],
  [
    "stuck-pods",
    "ok",
    "much grace, and drains wait for ever",
    () => withPod({ terminationGraceSeconds: 3_600 }),
    { drainTimeoutMs: 0 },
  ],
  [
    "pinned-pods",
    "ok",
    "fits two",
    () => withPod({ nodeSelector: { disk: "ssd" } }).changeNodes({ labels: { disk: "ssd" } }),
  ],
  ["pinned-pods", "warning", "fits one", () => withPod({ nodeSelector: { "kubernetes.io/hostname": "worker-1" } })],
  ["pod-host-ports", "ok", "on the host's network", () => withPod({ hostNetwork: true, hostPorts: [80] })],
  ["pod-host-ports", "warning", "with an address of its own", () => withPod({ hostPorts: [80, 443] })],
  [
    "network-policies",
    "warning",
    "they could not be counted",
    () =>
      healthy().with({ uncounted: [{ list: "networkpolicies.networking.k8s.io", why: "conversion webhook failed" }] }),
  ],
  [
    "budgets-blocked",
    "warning",
    "budgets could not be counted",
    () => healthy().with({ uncounted: [{ list: "poddisruptionbudgets.policy", why: "forbidden" }] }),
  ],
  ["network-policies", "ok", "none", () => healthy().with({ policies: { "networkpolicies.networking.k8s.io": 0 } })],
  [
    "network-policies",
    "warning",
    "some",
    () => healthy().with({ policies: { "networkpolicies.networking.k8s.io": 4 } }),
  ],
  [
    "network-policies",
    "warning",
    "the source enforces them, and one range covers old and new",
    () => healthy().with({ policies: { "networkpolicies.networking.k8s.io": 4 } }),
    {},
    { enforcesPolicies: true },
  ],
  [
    "network-policies",
    "warning",
    "the source enforces them, and the new range was chosen far away",
    () => healthy().with({ policies: { "networkpolicies.networking.k8s.io": 4 } }),
    { podCidr: "172.20.0.0/16" },
    { enforcesPolicies: true },
  ],
  [
    "served-by-pods",
    "ok",
    "a webhook that fails open",
    () =>
      healthy().with({
        backends: [
          {
            kind: "MutatingWebhookConfiguration",
            name: "a",
            serviceNamespace: "x",
            serviceName: "y",
            failsClosed: false,
          },
        ],
      }),
  ],
  [
    "served-by-pods",
    "warning",
    "a webhook that fails closed",
    () =>
      healthy().with({
        backends: [
          {
            kind: "ValidatingWebhookConfiguration",
            name: "a",
            serviceNamespace: "x",
            serviceName: "y",
            failsClosed: true,
          },
        ],
      }),
  ],
  [
    "served-by-pods",
    "warning",
    "an API",
    () =>
      healthy().with({
        backends: [
          {
            kind: "APIService",
            name: "v1beta1.metrics.k8s.io",
            serviceNamespace: "kube-system",
            serviceName: "metrics-server",
            failsClosed: false,
          },
        ],
      }),
  ],
  ["service-mesh", "ok", "none", healthy],
  ["service-mesh", "warning", "Linkerd", () => running("linkerd-destination", "linkerd")],
];
