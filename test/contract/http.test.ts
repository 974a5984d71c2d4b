import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { configMap } from "./manifests.ts";
import { RawClient } from "./raw-client.ts";
import type { Subject } from "./subject.ts";
import { candidates } from "./subjects.ts";

// The API of the whole lab is the same one.
const askable = candidates().filter(({ name }) => name !== "the whole lab");

describe.for(askable.map((candidate) => [candidate.name, candidate] as const))("HTTP of %s", ([, candidate]) => {
  let subject: Subject;
  let client: RawClient;
  const namespace = `http-${Date.now().toString(36)}`;
  const maps = `/api/v1/namespaces/${namespace}/configmaps`;
  const create = (name: string, data: Record<string, string> = {}, labels?: Record<string, string>) => {
    const object = configMap(name, namespace, data);
    return client.ask(maps, {
      method: "POST",
      body: { ...object, metadata: { ...object.metadata, ...(labels && { labels }) } },
    });
  };

  beforeAll(async () => {
    subject = await candidate.start();
    client = await RawClient.of(subject.kubeconfig);
    const made = await client.ask("/api/v1/namespaces", { method: "POST", body: { metadata: { name: namespace } } });
    expect(made.code).toBe(201);
  });
  afterAll(async () => {
    await client.ask(`/api/v1/namespaces/${namespace}`, { method: "DELETE" });
    client.close();
    const faults = subject.faults();
    await subject.close();
    expect(faults).toEqual([]);
  });

  test("asks for a token", async () => {
    const refused = await client.ask("/api/v1/pods", { token: "wrong" });
    expect([refused.code, refused.body.reason]).toEqual([401, "Unauthorized"]);
  });

  test("lists pods/eviction as policy/v1 Eviction, without which kubectl would delete instead", async () => {
    const { body } = await client.ask("/api/v1");
    const eviction = body.resources.find(({ name }: { name: string }) => name === "pods/eviction");
    expect(eviction).toMatchObject({ group: "policy", version: "v1", kind: "Eviction", namespaced: true });
  });

  test("answers aggregated discovery with its content type", async () => {
    const accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";
    const { headers, body } = await client.ask("/apis", { headers: { accept } });
    expect(headers["content-type"]).toContain("as=APIGroupDiscoveryList");
    expect(body.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name)).toContain("apps");
  });

  test("refuses with a Status: unknown kinds, methods, media types, selectors, stale writes", async () => {
    await create("contested");
    const put = {
      method: "PUT",
      body: { ...configMap("contested", namespace, {}), metadata: { name: "contested", resourceVersion: "1" } },
    };
    const answers = [
      await client.ask(`${maps}/nobody`),
      await create("contested"),
      await client.ask(`${maps}/contested`, put),
      await client.ask(maps, { method: "PUT", body: {} }),
      await client.ask(maps, { method: "POST", body: {}, headers: { "content-type": "text/plain" } }),
      await client.ask(`${maps}?fieldSelector=data.x=1`),
      await client.ask(`${maps}?labelSelector=a%20in`),
      await client.ask(`${maps}?resourceVersionMatch=Exact`),
      await client.ask(maps, { headers: { accept: "text/plain" } }),
      await client.ask(`${maps}?resourceVersion=999999999`),
    ];
    expect(answers.map(({ code, body }) => `${code} ${body.reason}`)).toEqual([
      "404 NotFound",
      "409 AlreadyExists",
      "409 Conflict",
      "405 MethodNotAllowed",
      "415 UnsupportedMediaType",
      "400 BadRequest",
      "400 BadRequest",
      "422 Invalid",
      "406 NotAcceptable",
      "504 Timeout",
    ]);
    for (const { body } of answers) expect(body).toMatchObject({ kind: "Status", status: "Failure" });
  });

  test("pages a list at one moment, however the rest changes", async () => {
    for (const name of ["p1", "p2", "p3"]) await create(name, {}, { paged: "yes" });
    const first = await client.ask(`${maps}?limit=2&labelSelector=paged=yes`);
    expect(first.body.items).toHaveLength(2);
    await client.ask(`${maps}/p3`, { method: "DELETE" });
    const rest = await client.ask(`${maps}?limit=2&labelSelector=paged=yes&continue=${first.body.metadata.continue}`);
    expect(rest.body.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name)).toEqual(["p3"]);
    expect(rest.body.metadata.resourceVersion).toBe(first.body.metadata.resourceVersion);
  });

  test("tells a selecting watcher ADDED and DELETED when an object enters and leaves the selector", async () => {
    const { body } = await client.ask(maps);
    const since = body.metadata.resourceVersion as string;
    await create("moving", { step: "1" });
    const merge = (labels: unknown) =>
      client.ask(`${maps}/moving`, {
        method: "PATCH",
        body: { metadata: { labels } },
        headers: { "content-type": "application/merge-patch+json" },
      });
    await merge({ in: "yes" });
    await merge({ in: "yes", more: "x" });
    await merge({ in: null });
    const watch = `${maps}?watch=true&resourceVersion=${since}&labelSelector=in=yes&timeoutSeconds=1`;
    const events = (await client.ask(watch)).body as { type: string; object: { metadata: { labels: unknown } } }[];
    expect(events.map(({ type }) => type)).toEqual(["ADDED", "MODIFIED", "DELETED"]);
    expect(events[2]?.object.metadata.labels).toEqual({ in: "yes", more: "x" });
  });

  test("opens a watch from a version of the future, and says nothing", async () => {
    const watching = client.ask(
      `${maps}?watch=true&allowWatchBookmarks=true&resourceVersion=999999999&timeoutSeconds=2`,
    );
    await create("unheard");
    const { code, body } = await watching;
    expect([code, body]).toEqual([200, []]);
  });

  test("ends a watch-list's initial events with an annotated bookmark", async () => {
    await create("listed");
    const query = "watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
    const { body } = await client.ask(`${maps}?${query}&fieldSelector=metadata.name=listed&timeoutSeconds=1`);
    const events = [body].flat();
    expect(events[0]).toMatchObject({ type: "ADDED", object: { metadata: { name: "listed" } } });
    expect(events[1]).toMatchObject({
      type: "BOOKMARK",
      object: { metadata: { annotations: { "k8s.io/initial-events-end": "true" } } },
    });
  });

  test("shows metadata alone, and tables, when asked", async () => {
    await create("shaped", { a: "1" });
    const as = (form: string) => ({ headers: { accept: `application/json;as=${form};v=v1;g=meta.k8s.io` } });
    const partial = await client.ask(`${maps}/shaped`, as("PartialObjectMetadata"));
    expect(Object.keys(partial.body).sort()).toEqual(["apiVersion", "kind", "metadata"]);
    const list = await client.ask(maps, as("PartialObjectMetadataList"));
    expect([list.body.kind, list.body.items[0].kind]).toEqual(["PartialObjectMetadataList", "PartialObjectMetadata"]);
    const table = await client.ask(`${maps}/shaped?includeObject=Object`, as("Table"));
    expect(table.body.columnDefinitions.map(({ name }: { name: string }) => name)).toEqual(["Name", "Data", "Age"]);
    expect(table.body.rows[0].cells.slice(0, 2)).toEqual(["shaped", 1]);
    expect(table.body.rows[0].object.data).toEqual({ a: "1" });
  });

  test("stores nothing in a dry run, and nothing new in a write that changes nothing", async () => {
    expect(
      (await client.ask(`${maps}?dryRun=All`, { method: "POST", body: configMap("dry", namespace, {}) })).code,
    ).toBe(201);
    expect((await client.ask(`${maps}/dry`)).code).toBe(404);
    const { body } = await create("still", { a: "1" });
    const same = {
      method: "PATCH",
      body: { data: { a: "1" } },
      headers: { "content-type": "application/merge-patch+json" },
    };
    expect((await client.ask(`${maps}/still`, same)).body.metadata.resourceVersion).toBe(body.metadata.resourceVersion);
  });

  test("lists typed items without kind, and compresses what is long", async () => {
    await create("long", { text: "x".repeat(200_000) });
    const { body } = await client.ask(`${maps}?fieldSelector=metadata.name=long`);
    expect([body.items[0].kind, body.items[0].metadata.name]).toEqual([undefined, "long"]);
    const zipped = await client.open(maps, { headers: { "accept-encoding": "gzip" } });
    zipped.resume();
    expect(zipped.headers["content-encoding"]).toBe("gzip");
  });

  test("deletes a collection by selector", async () => {
    await create("go1", {}, { go: "yes" });
    await create("go2", {}, { go: "yes" });
    await create("stay");
    expect((await client.ask(`${maps}?labelSelector=go=yes`, { method: "DELETE" })).code).toBe(200);
    expect((await client.ask(`${maps}?labelSelector=go=yes`)).body.items).toEqual([]);
    expect((await client.ask(`${maps}/stay`)).code).toBe(200);
  });
});
