import { expect, test } from "vitest";
import type { KubeObject } from "../../objects.ts";
import { at, configMap, deployment, emptyStore, field, make, pod, refusal, set } from "./store-fixture.ts";

test("a stale resourceVersion is a conflict in upstream's words", () => {
  const { store } = emptyStore();
  const old = store.create("configmaps", configMap("a"));
  store.change("configmaps", "default", "a", set("data.k", "v"));
  const error = refusal(() => store.put(at("configmaps", "a"), old));
  expect([error.code, error.reason]).toEqual([409, "Conflict"]);
  expect(error.message).toBe(
    'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
  );
});

test("a PUT without resourceVersion overwrites", () => {
  const { store } = emptyStore();
  store.create("configmaps", configMap("a", { k: "1" }));
  expect(store.put(at("configmaps", "a"), configMap("a", { k: "2" })).object.data).toEqual({ k: "2" });
});

test("a PUT of another uid is a conflict", () => {
  const { store } = emptyStore();
  store.create("configmaps", configMap("a"));
  const error = refusal(() => store.put(at("configmaps", "a"), { metadata: { name: "a", uid: "other" } }));
  expect(error.message).toMatch(/Precondition failed: UID in precondition: other, UID in object meta: /);
});

test("a write that changes nothing is none", () => {
  const { store } = emptyStore();
  const old = store.create("apps/deployments", deployment("a"));
  const events: string[] = [];
  store.subscribe("apps/deployments", ({ type }) => events.push(type));
  const same = store.put(at("apps/deployments", "a"), JSON.parse(JSON.stringify(old)));
  expect(same.object).toBe(old);
  expect(store.resourceVersion()).toBe(old.metadata.resourceVersion);
  expect(events).toEqual(["ADDED"]);
});

test("what defaults would fill again is no change", () => {
  const { store } = emptyStore();
  const old = store.create("apps/deployments", deployment("a"));
  expect(store.update("apps/deployments", deployment("a"))).toBe(old);
});

test("unchanged parts are shared between versions of an object", () => {
  const { store } = emptyStore();
  const old = store.create("pods", pod("a"));
  const fresh = store.change("pods", "default", "a", set("status.phase", "Running"), { subresource: "status" });
  expect(fresh?.spec).toBe(old.spec);
});

const generation: readonly (readonly [string, (copy: KubeObject) => void, "status" | undefined, number])[] = [
  ["a changed spec bumps the generation", set("spec.replicas", 3), undefined, 2],
  ["a label does not", set("metadata.labels", { a: "b" }), undefined, 1],
  ["status does not", set("status.replicas", 3), "status", 1],
];
for (const [sentence, mutate, subresource, expected] of generation) {
  test(sentence, () => {
    const { store } = emptyStore();
    store.create("apps/deployments", deployment("a"));
    const fresh = store.change("apps/deployments", "default", "a", mutate, subresource ? { subresource } : {});
    expect(fresh?.metadata.generation).toBe(expected);
    expect(fresh?.metadata.resourceVersion).toBe(store.resourceVersion());
  });
}

test("a main write leaves status as it is", () => {
  const { store } = emptyStore();
  store.create("apps/deployments", deployment("a"));
  const { object } = store.put(at("apps/deployments", "a"), {
    ...deployment("a", { replicas: 2 }),
    status: { replicas: 9 },
  });
  expect(object).toMatchObject({ spec: { replicas: 2 }, status: {} });
});

test("a status write leaves spec as it is", () => {
  const { store } = emptyStore();
  store.create("apps/deployments", deployment("a"));
  const body = { ...deployment("a", { replicas: 2 }), status: { replicas: 9 } };
  const { object } = store.put(at("apps/deployments", "a"), body, { subresource: "status" });
  expect(object).toMatchObject({ spec: { replicas: 1 }, status: { replicas: 9 } });
});

test("annotations of a node may ride on its status, as Flannel's do", () => {
  const { store } = emptyStore();
  store.create("nodes", make("v1", "Node", "n"));
  const body = { metadata: { annotations: { "flannel.alpha.coreos.com/backend-type": "vxlan" } } };
  const target = { resource: "nodes", namespace: null, name: "n" };
  const { object } = store.patch(target, { type: "strategic", body }, { subresource: "status" });
  expect(object.metadata.annotations).toEqual(body.metadata.annotations);
});

test("a subresource that a kind lacks is not found", () => {
  const { store } = emptyStore();
  store.create("configmaps", configMap("a"));
  expect(refusal(() => store.read(at("configmaps", "a"), "status")).code).toBe(404);
});

test("a pod's image, deadline and further tolerations may change", () => {
  const { store } = emptyStore();
  store.create("pods", pod("a"));
  const fresh = store.change("pods", "default", "a", (copy) => {
    set("spec.containers.0.image", "web:2")(copy);
    set("spec.activeDeadlineSeconds", 5)(copy);
    (field(copy, "spec.tolerations") as object[]).push({ key: "k", operator: "Exists" });
  });
  expect(field(fresh, "spec.containers.0.image")).toBe("web:2");
});

test("the scheduler inside the lab binds by a plain change, and the condition comes with it", () => {
  const { store } = emptyStore();
  store.create("pods", pod("a"));
  const bound = store.change("pods", "default", "a", set("spec.nodeName", "n1"));
  expect(field(bound, "status.conditions.0")).toMatchObject({ type: "PodScheduled", status: "True" });
  expect(store.podsOn("n1")).toEqual([bound]);
});

test("over HTTP a pod gets its node by binding only, and once", () => {
  const { store } = emptyStore();
  store.create("pods", pod("a"));
  const patch = { type: "merge", body: { spec: { nodeName: "n1" } } } as const;
  expect(refusal(() => store.patch(at("pods", "a"), patch)).code).toBe(422);
  store.bind("default", "a", "n1");
  expect(store.podsOn("n1").map(({ metadata }) => metadata.name)).toEqual(["a"]);
  expect(refusal(() => store.bind("default", "a", "n2")).message).toMatch(/already assigned to node "n1"/);
});

test("a PUT of a lease needs a resourceVersion and creates an absent one", () => {
  const { store } = emptyStore();
  const lease = make("coordination.k8s.io/v1", "Lease", "l", { spec: { holderIdentity: "a" } });
  const target = at("coordination.k8s.io/leases", "l");
  expect(store.put(target, lease).created).toBe(true);
  expect(refusal(() => store.put(target, lease)).message).toMatch(
    /metadata\.resourceVersion: Invalid value: 0: must be specified/,
  );
});

test("a PUT of an absent Deployment is not found", () => {
  const { store } = emptyStore();
  expect(refusal(() => store.put(at("apps/deployments", "a"), deployment("a"))).code).toBe(404);
});

test("a Service that leaves its address out keeps it", () => {
  const { store } = emptyStore();
  const service = make("v1", "Service", "a", { spec: { type: "NodePort", ports: [{ port: 1 }] } });
  const made = store.create("services", service);
  const { object } = store.put(at("services", "a"), { ...service, metadata: { name: "a", labels: { x: "y" } } });
  expect(object.spec).toBe(made.spec);
});

test("the API's service gets the first address, DNS the one it asks for, and no address is given twice", () => {
  const { store } = emptyStore();
  const service = (name: string, spec: object = {}) =>
    store.create("services", make("v1", "Service", name, { spec: { ports: [{ port: 1 }], ...spec } }));
  expect(field(service("kubernetes"), "spec.clusterIP")).toBe("10.96.0.1");
  expect(field(service("kube-dns", { clusterIP: "10.96.0.10" }), "spec.clusterIPs")).toEqual(["10.96.0.10"]);
  expect(refusal(() => service("thief", { clusterIP: "10.96.0.10" })).message).toMatch(
    /provided IP is already allocated/,
  );
  store.delete("services", "default", "kube-dns");
  expect(field(service("heir", { clusterIP: "10.96.0.10" }), "spec.clusterIP")).toBe("10.96.0.10");
});

test("scale reads and writes replicas as an autoscaling/v1 Scale", () => {
  const { store } = emptyStore();
  store.create("apps/deployments", deployment("a"));
  const scale = store.read(at("apps/deployments", "a"), "scale");
  expect(scale).toMatchObject({
    apiVersion: "autoscaling/v1",
    kind: "Scale",
    spec: { replicas: 1 },
    status: { selector: "app=a" },
  });
  const wish = { ...scale, spec: { replicas: 5 } };
  const { object } = store.put(at("apps/deployments", "a"), wish, { subresource: "scale" });
  expect(object).toMatchObject({ kind: "Scale", spec: { replicas: 5 } });
  expect(field(store.read(at("apps/deployments", "a")), "spec.replicas")).toBe(5);
  expect(refusal(() => store.put(at("apps/deployments", "a"), wish, { subresource: "scale" })).code).toBe(409);
});

test("scale takes patches", () => {
  const { store } = emptyStore();
  store.create("apps/deployments", deployment("a"));
  const patch = { type: "merge", body: { spec: { replicas: 4 } } } as const;
  store.patch(at("apps/deployments", "a"), patch, { subresource: "scale", manager: "kubectl" });
  const made = store.read(at("apps/deployments", "a"));
  expect(field(made, "spec.replicas")).toBe(4);
  expect(made.metadata.managedFields).toContainEqual(
    expect.objectContaining({ manager: "kubectl", subresource: "scale" }),
  );
});

test("change of what is not there is undefined", () => {
  const { store } = emptyStore();
  expect(store.change("pods", "default", "no", () => undefined)).toBeUndefined();
});

test("an event written in one API is read in the other", () => {
  const { store } = emptyStore();
  const event = {
    metadata: { name: "e" },
    note: "hello",
    regarding: { kind: "Pod", namespace: "default" },
    reason: "R",
    action: "A",
    type: "Normal",
    reportingController: "c",
    reportingInstance: "i",
    eventTime: "2026-01-01T00:00:00.000000Z",
  };
  const made = store.post(at("events.k8s.io/events", ""), event);
  expect(made).toMatchObject({ apiVersion: "events.k8s.io/v1", note: "hello", regarding: { kind: "Pod" } });
  expect(store.read(at("events", "e"))).toMatchObject({ apiVersion: "v1", message: "hello", reportingComponent: "c" });
  expect(store.listAt("events.k8s.io/events", "default").items).toEqual([made]);
});
