import { expect, test } from "vitest";
import { at, deployment, emptyStore, make, pod, refusal } from "./store-fixture.ts";

const { store } = emptyStore();
const app = { name: "app", image: "web:1" };
const newPod = (spec: object) => () => store.create("pods", pod("p", { ...spec }));
const newDeployment = (spec: object) => () => store.create("apps/deployments", deployment("d", { ...spec }));
const newService = (spec: object) => () => store.post(at("services", ""), { metadata: { name: "s" }, spec });
const newNode = (taints: object[]) => () => store.create("nodes", make("v1", "Node", "n", { spec: { taints } }));
const labels = { app: "other" };

const rows: readonly (readonly [string, () => unknown, RegExp])[] = [
  ["a pod without containers", newPod({ containers: [] }), /^Pod "p" is invalid: spec\.containers: Required value$/],
  [
    "a container without image",
    newPod({ containers: [{ name: "a" }] }),
    /spec\.containers\[0\]\.image: Required value/,
  ],
  [
    "a container named in capitals",
    newPod({ containers: [{ name: "A", image: "i" }] }),
    /spec\.containers\[0\]\.name: Invalid value: "A": a lowercase RFC 1123 label/,
  ],
  [
    "two containers of one name",
    newPod({ containers: [app, app] }),
    /spec\.containers\[1\]\.name: Duplicate value: "app"/,
  ],
  [
    "a mount of no volume",
    newPod({ containers: [{ ...app, volumeMounts: [{ name: "v", mountPath: "/v" }] }] }),
    /volumeMounts\[0\]\.name: Not found: "v"/,
  ],
  [
    "an unknown restart policy",
    newPod({ restartPolicy: "Sometimes" }),
    /spec\.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"/,
  ],
  [
    "a port of 0",
    newPod({ containers: [{ ...app, ports: [{ containerPort: 0 }] }] }),
    /containerPort: Invalid value: 0: must be between 1 and 65535/,
  ],
  [
    "a toleration without key that is no Exists",
    newPod({ tolerations: [{ value: "x" }] }),
    /operator must be Exists when `key` is empty/,
  ],
  [
    "a tolerationSeconds without NoExecute",
    newPod({ tolerations: [{ key: "k", operator: "Exists", tolerationSeconds: 3 }] }),
    /effect must be 'NoExecute'/,
  ],
  ["a Deployment without selector", newDeployment({ selector: undefined }), /spec\.selector: Required value/],
  [
    "a selector that misses its template",
    newDeployment({ selector: { matchLabels: labels } }),
    /spec\.template\.metadata\.labels: Invalid value: \{"app":"d"\}: `selector` does not match template `labels`/,
  ],
  [
    "a selector expression that misses its template",
    newDeployment({ selector: { matchExpressions: [{ key: "app", operator: "NotIn", values: ["d"] }] } }),
    /does not match template/,
  ],
  [
    "negative replicas",
    newDeployment({ replicas: -1 }),
    /spec\.replicas: Invalid value: -1: must be greater than or equal to 0/,
  ],
  [
    "a Recreate with rollingUpdate",
    newDeployment({ strategy: { type: "Recreate", rollingUpdate: {} } }),
    /may not be specified when strategy `type` is 'Recreate'/,
  ],
  ["a Service without ports", newService({}), /spec\.ports: Required value/],
  [
    "two unnamed Service ports",
    newService({ ports: [{ port: 1 }, { port: 2 }] }),
    /spec\.ports\[0\]\.name: Required value/,
  ],
  [
    "a cluster IP outside of the range",
    newService({ ports: [{ port: 1 }], clusterIP: "10.0.0.1" }),
    /is not in the valid range\. The range of valid IPs is 10\.96\.0\.0\/12/,
  ],
  [
    "a taint twice",
    newNode([
      { key: "k", effect: "NoSchedule" },
      { key: "k", effect: "NoSchedule" },
    ]),
    /spec\.taints\[1\]: Duplicate value/,
  ],
  ["a taint without effect", newNode([{ key: "k" }]), /spec\.taints\[0\]\.effect: Required value/],
  [
    "a budget with both limits",
    () =>
      store.create(
        "policy/poddisruptionbudgets",
        make("policy/v1", "PodDisruptionBudget", "b", { spec: { minAvailable: 1, maxUnavailable: 1 } }),
      ),
    /minAvailable and maxUnavailable cannot be both set/,
  ],
  [
    "a budget of half a pod",
    () =>
      store.create(
        "policy/poddisruptionbudgets",
        make("policy/v1", "PodDisruptionBudget", "b", { spec: { minAvailable: "half" } }),
      ),
    /must be an integer or percentage/,
  ],
  [
    "a config key with a slash",
    () => store.create("configmaps", make("v1", "ConfigMap", "c", { data: { "a/b": "" } })),
    /data\[a\/b\]: Invalid value: "a\/b": a valid config key/,
  ],
  [
    "a ConfigMap beyond 1 MiB",
    () => store.create("configmaps", make("v1", "ConfigMap", "c", { data: { a: "x".repeat(1_048_577) } })),
    /Too long: may not be more than 1048576 bytes/,
  ],
  [
    "a lease of no time",
    () =>
      store.create(
        "coordination.k8s.io/leases",
        make("coordination.k8s.io/v1", "Lease", "l", { spec: { leaseDurationSeconds: 0 } }),
      ),
    /leaseDurationSeconds: Invalid value: 0: must be greater than 0/,
  ],
  [
    "a binding to nothing",
    () =>
      store.create(
        "rbac.authorization.k8s.io/rolebindings",
        make("rbac.authorization.k8s.io/v1", "RoleBinding", "b", { roleRef: { kind: "Role" } }),
      ),
    /roleRef\.name: Required value/,
  ],
  [
    "a webhook without side effects said",
    () =>
      store.create(
        "admissionregistration.k8s.io/validatingwebhookconfigurations",
        make("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", "w", {
          webhooks: [{ name: "a", admissionReviewVersions: ["v1"] }],
        }),
      ),
    /webhooks\[0\]\.sideEffects: Required value/,
  ],
  [
    "a slice without address type",
    () => store.create("discovery.k8s.io/endpointslices", make("discovery.k8s.io/v1", "EndpointSlice", "s")),
    /addressType: Required value/,
  ],
  [
    "an event about another namespace",
    () => store.create("events", make("v1", "Event", "e", { involvedObject: { namespace: "other" } })),
    /does not match event\.namespace/,
  ],
  [
    "a new event without action",
    () =>
      store.post(at("events.k8s.io/events", ""), {
        metadata: { name: "e" },
        eventTime: "2026-01-01T00:00:00.000000Z",
        reason: "R",
        type: "Normal",
        reportingController: "c",
        reportingInstance: "i",
      }),
    /action: Required value/,
  ],
];

for (const [what, call, message] of rows) {
  test(`refuses ${what} with 422`, () => {
    const error = refusal(call);
    expect([error.code, error.reason]).toEqual([422, "Invalid"]);
    expect(error.message).toMatch(message);
  });
}

test("an unknown priority class is forbidden by admission", () => {
  const error = refusal(newPod({ priorityClassName: "unheard" }));
  expect(error.code).toBe(403);
  expect(error.message).toBe('pods "p" is forbidden: no PriorityClass with name unheard was found');
});

test("secret data that is no base64 is a bad request", () => {
  const error = refusal(() => store.create("secrets", make("v1", "Secret", "s", { data: { k: "%" } })));
  expect(error.code).toBe(400);
});

test("a rule of kinds with a group names it", () => {
  expect(refusal(newDeployment({ replicas: -1 })).message).toMatch(/^Deployment\.apps "d" is invalid/);
});
