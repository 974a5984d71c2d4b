import { expect, test } from "vitest";
import { at, configMap, emptyStore, make, pod, refusal } from "./store-fixture.ts";

test("a new object gets uid, creationTimestamp in seconds, resourceVersion and its namespace", () => {
  const { store } = emptyStore();
  const { metadata } = store.create("pods", pod("a"));
  expect(metadata.uid).toMatch(/^[0-9a-f]{8}-/);
  expect(metadata.creationTimestamp).toBe("2026-01-01T00:00:00Z");
  expect(metadata.namespace).toBe("default");
  expect(metadata.resourceVersion).toBe(store.resourceVersion());
});

test("one counter numbers the writes of all resources", () => {
  const { store } = emptyStore();
  const a = store.create("configmaps", configMap("a"));
  const b = store.create("pods", pod("b"));
  expect(Number(b.metadata.resourceVersion)).toBe(Number(a.metadata.resourceVersion) + 1);
});

test("generateName appends five letters of the alphabet without vowels", () => {
  const { store } = emptyStore();
  const made = store.create("pods", pod("", {}, { generateName: "web-" }));
  expect(made.metadata.name).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
});

test("a long generateName is cut so that the name stays within 63 characters", () => {
  const { store } = emptyStore();
  const made = store.create("pods", pod("", {}, { generateName: "x".repeat(80) }));
  expect(made.metadata.name).toHaveLength(63);
});

test("the server's fields cannot be sent by a client", () => {
  const { store } = emptyStore();
  const sent = { uid: "mine", generation: 9, deletionTimestamp: "2020-01-01T00:00:00Z", selfLink: "/x" };
  const { metadata } = store.create("pods", pod("a", {}, sent));
  expect(metadata).toMatchObject({ generation: 1 });
  expect(metadata.uid).not.toBe("mine");
  expect(metadata).not.toHaveProperty("deletionTimestamp");
  expect(metadata).not.toHaveProperty("selfLink");
});

test("stored objects are frozen all the way down", () => {
  const { store } = emptyStore();
  const made = store.create("pods", pod("a"));
  expect(Object.isFrozen(made)).toBe(true);
  expect(Object.isFrozen((made.spec as { containers: object[] }).containers[0])).toBe(true);
});

test("the caller's object is neither frozen nor changed", () => {
  const { store } = emptyStore();
  const mine = pod("a");
  store.create("pods", mine);
  expect(Object.isFrozen(mine)).toBe(false);
  expect(mine.metadata).toEqual({ name: "a" });
});

test("cluster-wide objects have no namespace", () => {
  const { store } = emptyStore();
  const node = store.create("nodes", make("v1", "Node", "n1", { metadata: { namespace: "default" } }));
  expect(node.metadata).not.toHaveProperty("namespace");
  expect(store.get("nodes", null, "n1")).toBe(node);
});

const refused: readonly (readonly [string, () => unknown, number, string, RegExp])[] = (() => {
  const { store } = emptyStore();
  store.create("configmaps", configMap("taken"));
  const cm = (metadata: object) => () => store.post(at("configmaps", ""), { metadata });
  return [
    [
      "a name that is taken",
      () => store.create("configmaps", configMap("taken")),
      409,
      "AlreadyExists",
      /^configmaps "taken" already exists$/,
    ],
    [
      "a namespace that is not there",
      () => store.create("pods", pod("a", {}, { namespace: "no" })),
      404,
      "NotFound",
      /^namespaces "no" not found$/,
    ],
    [
      "an object that is not there",
      () => store.read(at("apps/deployments", "x")),
      404,
      "NotFound",
      /^deployments\.apps "x" not found$/,
    ],
    [
      "a resource that is not there",
      () => store.read(at("unknown", "x")),
      404,
      "NotFound",
      /could not find the requested resource/,
    ],
    [
      "a version that is not served",
      () => store.read(at("pods", "x", "v2")),
      404,
      "NotFound",
      /could not find the requested resource/,
    ],
    ["no name", cm({}), 422, "Invalid", /metadata\.name: Required value: name or generateName is required/],
    [
      "capitals in a name",
      cm({ name: "A" }),
      422,
      "Invalid",
      /Invalid value: "A": a lowercase RFC 1123 subdomain must consist/,
    ],
    ["a name of 254 letters", cm({ name: "a".repeat(254) }), 422, "Invalid", /must be no more than 253 bytes/],
    [
      "a label value with a space",
      cm({ name: "a", labels: { k: "a b" } }),
      422,
      "Invalid",
      /metadata\.labels: Invalid value: "a b": a valid label must be an empty string/,
    ],
    [
      "a label value of 64 letters",
      cm({ name: "a", labels: { k: "v".repeat(64) } }),
      422,
      "Invalid",
      /no more than 63 bytes/,
    ],
    [
      "a label key with two slashes",
      cm({ name: "a", labels: { "a/b/c": "" } }),
      422,
      "Invalid",
      /a qualified name must consist/,
    ],
    [
      "a label key without a name",
      cm({ name: "a", labels: { "a/": "" } }),
      422,
      "Invalid",
      /name part must be non-empty/,
    ],
    ["a label that is a number", cm({ name: "a", labels: { k: 1 } }), 400, "BadRequest", /cannot unmarshal number/],
    [
      "annotations beyond 256 KiB",
      cm({ name: "a", annotations: { k: "v".repeat(262_144) } }),
      422,
      "Invalid",
      /Too long: may not be more than 262144 bytes/,
    ],
    [
      "an owner without uid",
      cm({ name: "a", ownerReferences: [{ apiVersion: "v1", kind: "Pod", name: "p" }] }),
      422,
      "Invalid",
      /ownerReferences\[0\]\.uid: Invalid value: "": must not be empty/,
    ],
    [
      "a resourceVersion on a create",
      cm({ name: "a", resourceVersion: "5" }),
      400,
      "BadRequest",
      /resourceVersion should not be set/,
    ],
    [
      "another kind than the URL's",
      () => store.post(at("configmaps", ""), { kind: "Pod", metadata: { name: "a" } }),
      400,
      "BadRequest",
      /not the expected kind ConfigMap/,
    ],
    [
      "another version than the URL's",
      () => store.post(at("configmaps", ""), { apiVersion: "v2", metadata: { name: "a" } }),
      400,
      "BadRequest",
      /does not match the expected API version \(v1\)/,
    ],
    [
      "another namespace than the URL's",
      cm({ name: "a", namespace: "other" }),
      400,
      "BadRequest",
      /does not match the namespace sent on the request/,
    ],
    [
      "another name than the URL's",
      () => store.put(at("configmaps", "taken"), { metadata: { name: "b" } }),
      400,
      "BadRequest",
      /\(b\) does not match the name on the URL \(taken\)/,
    ],
    ["a body that is a list", () => store.post(at("configmaps", ""), []), 400, "BadRequest", /not a ConfigMap object/],
    [
      "a service named like a number",
      () => store.post(at("services", ""), { metadata: { name: "1a" }, spec: { ports: [{ port: 1 }] } }),
      422,
      "Invalid",
      /a DNS-1035 label/,
    ],
    [
      "a namespace with a dot",
      () => store.create("namespaces", make("v1", "Namespace", "a.b")),
      422,
      "Invalid",
      /a lowercase RFC 1123 label/,
    ],
  ];
})();

for (const [what, call, code, reason, message] of refused) {
  test(`refuses ${what} with ${code} ${reason}`, () => {
    const error = refusal(call);
    expect([error.code, error.reason]).toEqual([code, reason]);
    expect(error.message).toMatch(message);
    expect(error.status).toMatchObject({ kind: "Status", status: "Failure", code, message: error.message });
  });
}

test("an Invalid answer lists every cause with its field and names the kind", () => {
  const { store } = emptyStore();
  const error = refusal(() => store.post(at("configmaps", ""), { metadata: { name: "A", labels: { k: "a b" } } }));
  expect(error.status.details).toMatchObject({ name: "A", kind: "ConfigMap" });
  expect(error.status.details?.causes?.map(({ reason, field }) => [reason, field])).toEqual([
    ["FieldValueInvalid", "metadata.name"],
    ["FieldValueInvalid", "metadata.labels"],
  ]);
  expect(error.message).toMatch(/^ConfigMap "A" is invalid: \[metadata\.name: .*, metadata\.labels: .*\]$/);
});

test("a role may be named with a colon", () => {
  const { store } = emptyStore();
  const role = make("rbac.authorization.k8s.io/v1", "ClusterRole", "system:node", { rules: [] });
  expect(store.create("rbac.authorization.k8s.io/clusterroles", role).metadata.name).toBe("system:node");
});

test("nulls in a body mean left out", () => {
  const { store } = emptyStore();
  const made = store.post(at("configmaps", ""), { metadata: { name: "a", creationTimestamp: null }, data: null });
  expect(made).not.toHaveProperty("data");
  expect(made.metadata.creationTimestamp).toBe("2026-01-01T00:00:00Z");
});

test("dryRun answers the finished object and stores nothing", () => {
  const { store } = emptyStore();
  const before = store.resourceVersion();
  const made = store.post(at("pods", ""), pod("a"), { dryRun: true });
  expect(made.spec).toMatchObject({ restartPolicy: "Always" });
  expect(store.get("pods", "default", "a")).toBeUndefined();
  expect(store.resourceVersion()).toBe(before);
});

test("the same seed gives the same uids", () => {
  const uid = () => emptyStore().store.create("pods", pod("a")).metadata.uid;
  expect(uid()).toBe(uid());
});
