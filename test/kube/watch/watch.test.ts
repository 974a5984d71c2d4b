import { expect, test } from "vitest";
import { Unavailable } from "../../../src/engine/model/errors.ts";
import { steadyTimer } from "../../../src/kube/client/link-timer.ts";
import { Transport } from "../../../src/kube/client/transport.ts";
import { nodeFacts } from "../../../src/kube/inventory/node-facts.ts";
import { kubeNodes } from "../../../src/kube/ports/nodes.ts";
import { kubeChanges } from "../../../src/kube/watch/changes.ts";
import { Watches } from "../../../src/kube/watch/watch.ts";
import { inWords } from "../../support/said.ts";
import { clientOf } from "../support/client-of.ts";
import { type Answer, FakeServer, json, type Seen, status } from "../support/fake-server.ts";
import { until } from "../support/until.ts";

const { signal } = new AbortController();
const isWatch = (seen: Seen) => seen.query.get("watch") === "true";
const event = (type: string, object: unknown) => `${JSON.stringify({ type, object })}\n`;
const pod = (name: string, node: string, version = "1") => ({
  metadata: { namespace: "default", name, uid: name, resourceVersion: version },
  spec: { nodeName: node },
});

async function watching(answer: Answer) {
  const server = await FakeServer.start(answer);
  const client = clientOf(server.url);
  const watches = new Watches(client.transport);
  return {
    server,
    client,
    watches,
    async [Symbol.asyncDispose]() {
      await watches.close();
      await client.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

test("pods are listed and watched in the worker and found by node, wherever they move", async () => {
  let send: (line: string) => void = () => undefined;
  await using all = await watching((seen, response) => {
    if (!isWatch(seen))
      return json(response, 200, { metadata: { resourceVersion: "1" }, items: [pod("a", "n1"), pod("b", "n1")] });
    response.flushHeaders();
    send = (line) => response.write(line);
  });
  const cache = await all.watches.synced("pods");
  expect(cache.on("n1").map(({ name }) => name)).toEqual(["a", "b"]);
  await until("the watch", () => all.client.requests["WATCH"] === 1);
  await until("the stream", () => all.server.seen.some(isWatch));
  send(event("MODIFIED", pod("a", "n2", "2")) + event("DELETED", pod("b", "n1", "3")));
  await until("the move", () => cache.on("n2").length === 1 && cache.size === 1);
  expect(cache.on("n1")).toEqual([]);
  expect(all.watches.link().state).toBe("live");
});

test("one list and one watch serve everybody", async () => {
  await using all = await watching((seen, response) => {
    if (isWatch(seen)) return response.flushHeaders();
    return json(response, 200, { metadata: { resourceVersion: "1" }, items: [] });
  });
  await Promise.all([all.watches.synced("nodes"), all.watches.synced("nodes"), all.watches.synced("nodes")]);
  await until("the watch", () => all.server.seen.some(isWatch));
  expect(all.server.seen.length).toBe(2);
});

test("a refusal is FORBIDDEN at once, not a list that never comes", async () => {
  await using all = await watching((_seen, response) =>
    status(response, 403, "Forbidden", { message: "pods is forbidden" }),
  );
  await expect(inWords(all.watches.synced("pods"))).rejects.toMatchObject({
    code: "FORBIDDEN",
    message: expect.stringContaining("pods is forbidden"),
  });
  await expect(all.watches.synced("pods")).rejects.toMatchObject({ code: "FORBIDDEN" });
  expect(all.watches.link()).toMatchObject({ state: "stale" });
});

test("what a write of ours answered is read back before the watch tells it", async () => {
  await using all = await watching((seen, response) => {
    if (isWatch(seen)) return response.flushHeaders();
    return json(response, 200, { metadata: { resourceVersion: "1" }, items: [{ metadata: { name: "n1" } }] });
  });
  const cache = await all.watches.synced("nodes");
  cache.remember(null, "n1", nodeFacts({ metadata: { name: "n1" }, spec: { unschedulable: true } }));
  expect(cache.get(null, "n1")?.cordoned).toBe(true);
});

test("what a write of ours did whose answer was lost is known once it is looked at, before the watch tells it", async () => {
  const cordoned = { metadata: { name: "n1", resourceVersion: "7" }, spec: { unschedulable: true } };
  await using all = await watching((seen, response) => {
    if (isWatch(seen)) return response.flushHeaders();
    if (seen.path.endsWith("/n1")) return json(response, 200, { metadata: { name: "n1", resourceVersion: "9" } });
    return json(response, 200, { metadata: { resourceVersion: "8" }, items: [cordoned] });
  });
  const nodes = kubeNodes(all.client, all.watches);
  expect((await nodes.get("n1"))?.cordoned).toBe(true);
  await nodes.uncordon("n1");
  expect((await nodes.get("n1"))?.cordoned).toBe(false);
  expect(all.client.requests.PATCH).toBeUndefined();
});

test("many changes between two looks are one wake, and none is missed", async () => {
  let send: (line: string) => void = () => undefined;
  await using all = await watching((seen, response) => {
    if (!isWatch(seen)) return json(response, 200, { metadata: { resourceVersion: "1" }, items: [] });
    response.flushHeaders();
    send = (line) => response.write(line);
  });
  const changes = kubeChanges(all.watches);
  const cache = await all.watches.synced("pods");
  await until("the stream", () => all.server.seen.some(isWatch));
  await changes.next(10_000, signal);
  send(event("ADDED", pod("a", "n1", "2")));
  await until("the pod", () => cache.size === 1);
  // Comes at once: nobody would wait for an hour.
  await changes.next(3_600_000, signal);
  await changes.next(20, signal);
  const leaving = new AbortController();
  const waiting = changes.next(10_000, leaving.signal);
  leaving.abort(new Error("we leave"));
  await expect(waiting).rejects.toThrow("we leave");
});

test("credentials that a plugin hands out reach the worker, and a 401 brings new ones", async () => {
  const server = await FakeServer.start((seen, response) => {
    if (seen.headers.authorization !== "Bearer 2") return status(response, 401, "Unauthorized");
    if (isWatch(seen)) return response.flushHeaders();
    return json(response, 200, { metadata: { resourceVersion: "1" }, items: [{ metadata: { name: "n1" } }] });
  });
  let token = 1;
  const client = clientOf(server.url, {
    current: () =>
      Promise.resolve({ server: server.url, tls: {}, proxy: null, headers: { Authorization: `Bearer ${token}` } }),
    refresh: () => {
      token += 1;
      return Promise.resolve(true);
    },
  });
  const watches = new Watches(client.transport);
  expect((await watches.synced("nodes")).size).toBe(1);
  await watches.close();
  await client.close();
  await server[Symbol.asyncDispose]();
});

test("who waits for a first list when the connection is closed hears of it at once, and so does who comes later", async () => {
  await using all = await watching(() => undefined);
  const waiting = all.watches.synced("nodes");
  await until("the list", () => all.server.seen.length > 0);
  const refused = expect(waiting).rejects.toThrow("was closed");
  await all.watches.close();
  await refused;
  await expect(all.watches.synced("nodes")).rejects.toThrow("was closed");
});

test("nothing is decided on what no watch has kept up for ten seconds, and the link says which it is", async () => {
  let down = false;
  await using server = await FakeServer.start((seen, response) => {
    if (down && seen.path.includes("nodes")) return status(response, 500, "InternalError", { message: "etcd is away" });
    if (isWatch(seen)) return response.flushHeaders();
    return json(response, 200, { metadata: { resourceVersion: "1" }, items: [{ metadata: { name: "n1" } }] });
  });
  const settings = { server: server.url, tls: {}, proxy: null, headers: {} };
  const credentials = { current: () => Promise.resolve(settings), refresh: () => Promise.resolve(false) };
  const transport = new Transport(credentials, steadyTimer(100));
  const watches = new Watches(transport);
  await watches.synced("nodes");
  await watches.synced("pods");
  down = true;
  watches.renew("nodes", "for the test");
  await until("a stale link", () => watches.link().state === "stale");
  expect(watches.link().detail).toBe("nodes: etcd is away");
  let why: unknown = null;
  await until("the refusal", () => {
    void watches.synced("nodes").catch((thrown: unknown) => {
      why = thrown;
    });
    return why !== null;
  });
  expect(why).toBeInstanceOf(Unavailable);
  expect((why as Unavailable).message).toBe("what is known of nodes is not up to date: etcd is away");
  expect((await watches.synced("pods")).size).toBe(1);
  down = false;
  await until("a live link", () => watches.link().state === "live");
  expect((await watches.synced("nodes")).size).toBe(1);
  await watches.close();
});
