import { expect, test } from "vitest";
import { note } from "../../../src/engine/model/notes/note.ts";
import type { RunnerNews } from "../../../src/engine/model/ports/observers.ts";
import { reason } from "../../../src/engine/model/reason.ts";
import { ClusterObservers } from "../../../src/kube/records/observers.ts";
import { Watches } from "../../../src/kube/watch/watch.ts";
import { clientOf } from "../support/client-of.ts";
import { FakeServer, json, status } from "../support/fake-server.ts";

interface Stored {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly resourceVersion: string };
  readonly data?: Readonly<Record<string, string>>;
}

/** The ConfigMap of observers behind an API server's rules; its watch ends at once, so that a list tells all. */
class Api {
  value: Stored | null = null;
  #version = 0;

  serve: (
    seen: { method: string; path: string; query: URLSearchParams; body: string },
    to: Parameters<typeof json>[0],
  ) => void = (seen, to) => {
    if (seen.path === "/api/v1/namespaces/crossfade") return json(to, 200, { metadata: { name: "crossfade" } });
    if (seen.query.has("watch")) return to.end();
    if (seen.query.has("fieldSelector"))
      return json(to, 200, { metadata: { resourceVersion: "1" }, items: this.value ? [this.value] : [] });
    const missing = this.value === null && seen.method !== "POST";
    if (missing) return status(to, 404, "NotFound");
    if (seen.method === "GET") return json(to, 200, this.value);
    if (seen.method === "DELETE") this.value = null;
    else this.#put(seen.method, JSON.parse(seen.body) as { data?: Record<string, string | null> });
    return json(to, 200, this.value ?? {});
  };

  #put(method: string, body: { data?: Record<string, string | null> }): void {
    const merged = { ...(method === "PATCH" ? this.value?.data : {}), ...body.data };
    const data = Object.fromEntries(Object.entries(merged).filter((one): one is [string, string] => one[1] !== null));
    this.#version += 1;
    this.value = {
      metadata: { name: "observers", namespace: "crossfade", resourceVersion: String(this.#version) },
      data,
    };
  }
}

/** Each look has a watch of its own, so that it sees what is there now. */
async function onApi() {
  const api = new Api();
  const server = await FakeServer.start(api.serve);
  const client = clientOf(server.url);
  const open: Watches[] = [];
  return {
    api,
    get fresh(): ClusterObservers {
      const watches = new Watches(client.transport);
      open.push(watches);
      return new ClusterObservers(client, watches);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(open.map((one) => one.close()));
      await client.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

const pause = { id: "a1", ask: "pause", by: "bob@there", at: 5 } as const;
const resume = { id: "b2", ask: "resume", by: "eve@elsewhere", at: 6 } as const;

test("requests of two stand side by side until each is answered", async () => {
  await using on = await onApi();
  await on.fresh.open();
  await on.fresh.post(pause);
  await on.fresh.post(resume);
  expect(await on.fresh.requests(7)).toEqual({ requests: [pause, resume], dropped: 0 });
  const answer = { refused: reason("not-paused", {}), by: "ann@here/1", at: 7 };
  await on.fresh.answer(resume, answer);
  expect(await on.fresh.requests(7)).toEqual({ requests: [pause], dropped: 0 });
  expect(await on.fresh.answerTo("b2")).toEqual(answer);
  expect(await on.fresh.answerTo("a1")).toBeNull();
});

test("an answer that nobody took goes with a later one", async () => {
  await using on = await onApi();
  await on.fresh.open();
  await on.fresh.answer(pause, { refused: null, by: "ann@here/1", at: 1_000 });
  await on.fresh.answer(resume, { refused: null, by: "ann@here/1", at: 62_000 });
  expect(Object.keys(on.api.value?.data ?? {})).toEqual(["answer-b2"]);
});

test("what was asked of an engine before this one is not this one's", async () => {
  await using on = await onApi();
  await on.fresh.open();
  await on.fresh.post(pause);
  await on.fresh.open();
  expect(await on.fresh.requests(7)).toEqual({ requests: [], dropped: expect.any(Number) });
});

test.each([
  ["not JSON", "ask-x", "{"],
  ["another wish", "ask-x", JSON.stringify({ ...pause, id: "x", ask: "remove-source" })],
  ["another's id", "ask-x", JSON.stringify(pause)],
])("a request that is %s is nobody's", async (_what, key, text) => {
  await using on = await onApi();
  await on.fresh.open();
  on.api.value = {
    metadata: { name: "observers", namespace: "crossfade", resourceVersion: "9" },
    data: { [key]: text },
  };
  expect(await on.fresh.requests(7)).toEqual({ requests: [], dropped: expect.any(Number) });
});

test("where no engine listens nobody can be asked", async () => {
  await using on = await onApi();
  await expect(on.fresh.post(pause)).rejects.toMatchObject({ code: "USAGE" });
  await on.fresh.close();
});

test("news are read as they were published, and damaged ones are none", async () => {
  await using on = await onApi();
  const news: RunnerNews = {
    version: 1,
    at: 9,
    holder: "ann@here/1",
    pace: "running",
    takesHoldAt: "",
    asking: null,
    hold: null,
    holds: {
      "worker-1": { step: "drain", hold: { reason: reason("turn-after", { node: "b" }), since: 1 } },
    },
    steps: { nodes: { state: "doing", since: 3 } },
    scores: [],
    broken: [],
    log: [{ at: 1, level: "info", node: null, note: note("plain", { text: "said" }) }],
  };
  await on.fresh.open();
  expect(await on.fresh.news()).toBeNull();
  await on.fresh.publish(news);
  expect(await on.fresh.news()).toEqual(news);
  await on.fresh.publish({ ...news, pace: "flying" as "paused" });
  expect(await on.fresh.news()).toBeNull();
});

const askOf = (id: string, by: string, at: number) => ({ id, ask: "pause", by, at }) as const;

test("of a flood one request a person and five in all are heard; one patch takes the rest away", async () => {
  await using on = await onApi();
  await on.fresh.open();
  const flood = Array.from({ length: 3_000 }, (_, n) => askOf(`f${n}`, `mallory${n % 7}`, 1_000 + n));
  const data = Object.fromEntries(flood.map((one) => [`ask-${one.id}`, JSON.stringify(one)]));
  on.api.value = { ...(on.api.value as Stored), data };
  const asked = await on.fresh.requests(10_000);
  expect(asked.requests.map(({ by }) => by)).toHaveLength(5);
  expect(new Set(asked.requests.map(({ by }) => by)).size).toBe(5);
  expect(asked.dropped).toBe(2_995);
  expect(Object.keys(on.api.value?.data ?? {}).toSorted()).toEqual(
    asked.requests.map(({ id }) => `ask-${id}`).toSorted(),
  );
});

test.each([
  ["with a book for a name", askOf("a1", "b".repeat(3_000), 99_000)],
  ["under another one's key", askOf("z9", "bob", 99_000)],
])("a request %s is taken away unheard", async (_what, ask) => {
  await using on = await onApi();
  await on.fresh.open();
  on.api.value = { ...(on.api.value as Stored), data: { "ask-a1": JSON.stringify(ask) } };
  expect(await on.fresh.requests(100_000)).toEqual({ requests: [], dropped: 1 });
  expect(on.api.value?.data).toEqual({});
});

test.each([
  ["an hour behind", 0],
  ["an hour ahead", 7_200_000],
])(
  "a request from a machine whose clock is %s is heard, and taken away once it has stood for a minute",
  async (_what, at) => {
    await using on = await onApi();
    const runner = on.fresh;
    await runner.open();
    const ask = askOf("a1", "bob", at);
    on.api.value = { ...(on.api.value as Stored), data: { "ask-a1": JSON.stringify(ask) } };
    expect(await runner.requests(3_600_000)).toEqual({ requests: [ask], dropped: 0 });
    expect(await runner.requests(3_660_000)).toEqual({ requests: [ask], dropped: 0 });
    expect(await runner.requests(3_660_001)).toEqual({ requests: [], dropped: 1 });
    expect(on.api.value?.data).toEqual({});
  },
);
