import { expect, test } from "vitest";
import { configMap, startApi } from "./api-under-test.ts";

const maps = "/api/v1/namespaces/d/configmaps";

test("a watch that allows bookmarks gets one a minute, and one when its time is up", async () => {
  await using api = await startApi();
  const watch = await api.watch(`${maps}?watch=true&allowWatchBookmarks=true&timeoutSeconds=90`);
  await api.clock.advance(60_000);
  const first = await watch.next();
  expect(first).toMatchObject({ type: "BOOKMARK", object: { kind: "ConfigMap" } });
  api.store.create("namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: "other" } });
  await api.clock.advance(30_000);
  const last = await watch.next();
  expect(Number(last.object.metadata.resourceVersion)).toBeGreaterThan(Number(first.object.metadata.resourceVersion));
  expect(await watch.next()).toBeNull();
});

test("a watch that does not allow them gets none, and ends in silence", async () => {
  await using api = await startApi();
  const watch = await api.watch(`${maps}?watch=true&timeoutSeconds=90`);
  await api.clock.advance(90_000);
  expect(await watch.next()).toBeNull();
});

test("a resourceVersion from the future is an open watch that says nothing, no bookmark either, until it is passed", async () => {
  await using api = await startApi();
  const ahead = Number(api.store.resourceVersion()) + 2;
  const watch = await api.watch(
    `${maps}?watch=true&allowWatchBookmarks=true&resourceVersion=${ahead}&timeoutSeconds=150`,
  );
  api.store.create("configmaps", configMap("behind"));
  await api.clock.advance(60_000);
  for (const name of ["level", "past"]) api.store.create("configmaps", configMap(name));
  expect((await watch.next()).object.metadata.name).toBe("past");
  await api.clock.advance(60_000);
  expect((await watch.next()).type).toBe("BOOKMARK");
});

test("a watch-list from the future ends in an ERROR event of 504", async () => {
  await using api = await startApi();
  const list = "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&resourceVersion=999999";
  const watch = await api.watch(`${maps}?watch=true&${list}`);
  expect(await watch.next()).toMatchObject({ type: "ERROR", object: { code: 504, reason: "Timeout" } });
  expect(await watch.next()).toBeNull();
});

test("a resourceVersion that history has forgotten is an ERROR event of 410, and the end", async () => {
  await using api = await startApi();
  const since = api.store.resourceVersion();
  api.store.create("configmaps", configMap("a"));
  api.store.compact();
  const watch = await api.watch(`${maps}?watch=true&resourceVersion=${since}`);
  expect(await watch.next()).toMatchObject({ type: "ERROR", object: { kind: "Status", code: 410, reason: "Expired" } });
  expect(await watch.next()).toBeNull();
});

test("without a resourceVersion what is there comes first; with sendInitialEvents=false it does not", async () => {
  await using api = await startApi();
  api.store.create("configmaps", configMap("old"));
  const all = await api.watch(`${maps}?watch=true`);
  const fresh = await api.watch(`${maps}?watch=true&sendInitialEvents=false&resourceVersionMatch=NotOlderThan`);
  api.store.create("configmaps", configMap("new"));
  expect((await all.next()).object.metadata.name).toBe("old");
  expect((await all.next()).object.metadata.name).toBe("new");
  expect((await fresh.next()).object.metadata.name).toBe("new");
});

test("an object that leaves the selector is shown as it was, at the version at which it left", async () => {
  await using api = await startApi();
  const watch = await api.watch(`${maps}?watch=true&labelSelector=in`);
  api.store.create("configmaps", configMap("a", { in: "yes" }));
  await watch.next();
  const left = api.store.change("configmaps", "d", "a", ({ metadata }) => {
    metadata.labels = {};
  });
  const { type, object } = await watch.next();
  expect([type, object.metadata.labels, object.metadata.resourceVersion]).toEqual([
    "DELETED",
    { in: "yes" },
    left?.metadata.resourceVersion,
  ]);
});

test("close ends watches and frees the port", async () => {
  await using api = await startApi();
  const watch = await api.watch(`${maps}?watch=true`);
  await api.server.close();
  expect(await watch.next()).toBeNull();
  await expect(fetch(`${api.server.url}/healthz`)).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
});
