import { expect, test } from "vitest";
import type { WatchEvent } from "../../store/api-store.ts";
import { configMap, emptyStore, make, pod, refusal } from "./store-fixture.ts";

const seen = () => {
  const events: string[] = [];
  const note = ({ type, object }: Pick<WatchEvent, "type" | "object">) => {
    events.push(`${type} ${object.metadata.name}`);
  };
  return { events, note };
};

test("a watch from a revision replays what came after it and goes on", () => {
  const { store } = emptyStore();
  store.create("configmaps", configMap("a"));
  const since = store.resourceVersion();
  store.create("configmaps", configMap("b"));
  const { events, note } = seen();
  const stop = store.watch("configmaps", { sinceResourceVersion: since }, note);
  store.delete("configmaps", "default", "a");
  stop();
  store.create("configmaps", configMap("c"));
  expect(events).toEqual(["ADDED b", "DELETED a"]);
});

test("a watch from nowhere begins with what is there", () => {
  const { store } = emptyStore();
  store.create("configmaps", configMap("a"));
  const { events, note } = seen();
  store.watch("configmaps", {}, note);
  store.create("configmaps", configMap("b"));
  expect(events).toEqual(["ADDED a", "ADDED b"]);
});

test("a watch of one namespace hears of no other", () => {
  const { store } = emptyStore();
  store.create("namespaces", make("v1", "Namespace", "other"));
  const { events, note } = seen();
  store.watch("configmaps", { namespace: "default" }, note);
  store.create("configmaps", { ...configMap("b"), metadata: { name: "b", namespace: "other" } });
  store.create("configmaps", configMap("a"));
  expect(events).toEqual(["ADDED a"]);
});

test("a deleted object carries the revision of its deletion", () => {
  const { store } = emptyStore();
  const made = store.create("configmaps", configMap("a"));
  const events: WatchEvent[] = [];
  store.watch("configmaps", { sinceResourceVersion: store.resourceVersion() }, (event) => events.push(event));
  store.delete("configmaps", "default", "a");
  expect(events[0]?.resourceVersion).toBe(store.resourceVersion());
  expect(events[0]?.object.metadata.resourceVersion).toBe(store.resourceVersion());
  expect(events[0]?.old).toBe(made);
});

test("after compaction an older revision has expired", () => {
  const { store } = emptyStore();
  const since = store.resourceVersion();
  store.create("configmaps", configMap("a"));
  store.compact();
  const error = refusal(() => store.watch("configmaps", { sinceResourceVersion: since }, () => undefined));
  expect([error.code, error.reason]).toEqual([410, "Expired"]);
  expect(error.message).toBe(`too old resource version: ${since} (${store.resourceVersion()})`);
});

test("after compaction the newest revision can be watched", () => {
  const { store } = emptyStore();
  store.create("configmaps", configMap("a"));
  store.compact();
  const { events, note } = seen();
  store.watch("configmaps", { sinceResourceVersion: store.resourceVersion() }, note);
  store.create("configmaps", configMap("b"));
  expect(events).toEqual(["ADDED b"]);
});

test("history beyond its limit has expired, within it has not", () => {
  const { store } = emptyStore({ historyLimit: 10 });
  const first = store.resourceVersion();
  for (let i = 0; i < 25; i++) store.create("configmaps", configMap(`c${i}`));
  expect(refusal(() => store.watch("configmaps", { sinceResourceVersion: first }, () => undefined)).code).toBe(410);
  const { events, note } = seen();
  store.watch("configmaps", { sinceResourceVersion: String(Number(store.resourceVersion()) - 10) }, note);
  expect(events).toHaveLength(10);
});

test("a quiet resource does not expire because another is busy", () => {
  const { store } = emptyStore({ historyLimit: 10 });
  const since = store.resourceVersion();
  for (let i = 0; i < 50; i++) store.create("configmaps", configMap(`c${i}`));
  expect(() => store.watch("pods", { sinceResourceVersion: since }, () => undefined)).not.toThrow();
});

test("a revision from the future is silence until it is passed, as upstream's", () => {
  const { store } = emptyStore();
  const { events, note } = seen();
  const ahead = Number(store.resourceVersion()) + 2;
  store.watch("configmaps", { sinceResourceVersion: String(ahead) }, note);
  for (const name of ["behind", "level", "past"]) store.create("configmaps", configMap(name));
  expect(events).toHaveLength(1);
});

test("a revision that is no number is a bad request", () => {
  const { store } = emptyStore();
  expect(refusal(() => store.watch("pods", { sinceResourceVersion: "x" }, () => undefined)).code).toBe(400);
});

test("a bookmark says the newest revision and may end the initial events", () => {
  const { store } = emptyStore();
  const plain = store.bookmark("apps/deployments");
  expect(plain).toMatchObject({ apiVersion: "apps/v1", kind: "Deployment" });
  expect(plain.metadata.resourceVersion).toBe(store.resourceVersion());
  expect(store.bookmark("pods", "v1", true).metadata.annotations).toEqual({ "k8s.io/initial-events-end": "true" });
});

test("a list is sorted, consistent, and the same array until something changes", () => {
  const { store } = emptyStore();
  for (const name of ["c", "a", "b"]) store.create("configmaps", configMap(name));
  const first = store.listAt("configmaps");
  expect(first.items.map(({ metadata }) => metadata.name)).toEqual(["a", "b", "c"]);
  expect(first.resourceVersion).toBe(store.resourceVersion());
  expect(store.listAt("configmaps").items).toBe(first.items);
  store.delete("configmaps", "default", "a");
  expect(first.items).toHaveLength(3);
  expect(store.listAt("configmaps").items).toHaveLength(2);
});

test("a subscriber that throws breaks neither the write nor the others", () => {
  const faults: unknown[] = [];
  const { store } = emptyStore({ onFault: (fault) => faults.push(fault) });
  store.subscribe("configmaps", () => {
    throw new Error("mine");
  });
  const { events, note } = seen();
  store.subscribe("configmaps", note);
  store.create("configmaps", configMap("a"));
  expect(events).toEqual(["ADDED a"]);
  expect(faults).toEqual([new Error("mine")]);
});

test("all subscribers see one order, also of writes that a subscriber makes", () => {
  const { store } = emptyStore();
  store.subscribe("configmaps", ({ type, object }) => {
    if (type === "ADDED" && object.metadata.name === "a") store.delete("configmaps", "default", "a");
  });
  const { events, note } = seen();
  store.subscribe("configmaps", note);
  store.create("configmaps", configMap("a"));
  expect(events).toEqual(["ADDED a", "DELETED a"]);
});

test("who subscribes in the middle of a delivery hears of nothing twice", () => {
  const { store } = emptyStore();
  const { events, note } = seen();
  let joined = false;
  store.subscribe("configmaps", () => {
    if (joined) return;
    joined = true;
    store.create("configmaps", configMap("b"));
    store.subscribe("configmaps", note);
  });
  store.create("configmaps", configMap("a"));
  expect(events).toEqual(["ADDED a", "ADDED b"]);
});

test("a handler that writes during its first events hears of it after them", () => {
  const { store } = emptyStore();
  for (const name of ["a", "b"]) store.create("configmaps", configMap(name));
  const events: string[] = [];
  store.subscribe("configmaps", ({ type, object }) => {
    events.push(`${type} ${object.metadata.name}`);
    if (events.length === 1) store.delete("configmaps", "default", "b");
  });
  expect(events).toEqual(["ADDED a", "ADDED b", "DELETED b"]);
});

test("pods are found by their node as they come and go", () => {
  const { store } = emptyStore();
  const names = (node: string) => store.podsOn(node).map(({ metadata }) => metadata.name);
  store.create("pods", pod("a", { nodeName: "n1" }));
  store.create("pods", pod("b"));
  expect(names("n1")).toEqual(["a"]);
  store.bind("default", "b", "n1");
  expect(names("n1")).toEqual(["a", "b"]);
  store.remove("pods", "default", "a");
  expect(names("n1")).toEqual(["b"]);
  expect(names("n2")).toEqual([]);
});
