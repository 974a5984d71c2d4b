import { expect, test } from "vitest";
import type { KubeObject } from "../../objects.ts";
import { configMap, deployment, emptyStore, make, pod, refusal, set } from "./store-fixture.ts";

const immutable: readonly (readonly [string, string, KubeObject, (copy: KubeObject) => void, RegExp])[] = [
  [
    "a pod's command",
    "pods",
    pod("a"),
    set("spec.containers.0.command", ["x"]),
    /spec: Forbidden: pod updates may not change fields other than/,
  ],
  [
    "a pod's removed toleration",
    "pods",
    pod("a"),
    set("spec.tolerations", []),
    /spec\.tolerations: Forbidden: existing toleration can not be modified/,
  ],
  ["a bound pod's node", "pods", pod("a", { nodeName: "n" }), set("spec.nodeName", "m"), /spec: Forbidden/],
  [
    "a Deployment's selector",
    "apps/deployments",
    deployment("a"),
    (copy) => {
      set("spec.selector.matchLabels", { b: "c" })(copy);
      set("spec.template.metadata.labels", { b: "c" })(copy);
    },
    /spec\.selector: Invalid value: .*: field is immutable/,
  ],
  [
    "a Service's address",
    "services",
    make("v1", "Service", "a", { spec: { ports: [{ port: 1 }] } }),
    set("spec.clusterIP", "10.96.9.9"),
    /spec\.clusterIPs\[0\]: Invalid value: .*: may not change once set/,
  ],
  [
    "an immutable ConfigMap's data",
    "configmaps",
    { ...configMap("a"), immutable: true },
    set("data.k", "v"),
    /data: Forbidden: field is immutable when `immutable` is set/,
  ],
  [
    "a Secret's type",
    "secrets",
    make("v1", "Secret", "a"),
    set("type", "other"),
    /type: Invalid value: "other": field is immutable/,
  ],
  [
    "a binding's role",
    "rbac.authorization.k8s.io/rolebindings",
    make("rbac.authorization.k8s.io/v1", "RoleBinding", "a", { roleRef: { kind: "Role", name: "r" } }),
    set("roleRef.name", "s"),
    /cannot change roleRef/,
  ],
  [
    "a node's pod CIDR",
    "nodes",
    make("v1", "Node", "a", { spec: { podCIDRs: ["10.0.0.0/24"] } }),
    set("spec.podCIDRs", ["10.1.0.0/24"]),
    /node updates may not change podCIDR/,
  ],
];
for (const [what, resource, object, mutate, message] of immutable) {
  test(`${what} may not change`, () => {
    const { store } = emptyStore();
    const made = store.create(resource, object);
    const error = refusal(() => store.change(resource, made.metadata.namespace ?? null, "a", mutate));
    expect(error.code).toBe(422);
    expect(error.message).toMatch(message);
  });
}
