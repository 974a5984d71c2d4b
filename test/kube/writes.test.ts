import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Unavailable } from "../../src/engine/model/errors.ts";
import type { HttpKubeClient } from "../../src/kube/client/http.ts";
import { Evictions } from "../../src/kube/ports/evict.ts";
import { ensureNamespace } from "../../src/kube/records/own-namespace.ts";
import { clientOf } from "./support/client-of.ts";
import { FakeServer, json, status } from "./support/fake-server.ts";

/** What a write does when we cannot know whether it was carried out. */
type Lost =
  /** It is sent again at once: twice is as good as once. */
  | "sent again"
  /** The caller is told that we could not ask, looks at the cluster, and decides anew. */
  | "looked at";

interface Write {
  readonly file: string;
  /** As it stands in the file: with the file it names the place. */
  readonly call: string;
  readonly lost: Lost;
  readonly why: string;
}

/** Every write of the program but for helm's and those by exec, which are never sent again by themselves. */
const writes: readonly Write[] = [
  {
    file: "records/own-namespace.ts",
    call: 'create("/api/v1/namespaces"',
    lost: "looked at",
    why: "409 AlreadyExists is done",
  },
  {
    file: "records/records.ts",
    call: "create<KubeObject>(mapsPath",
    lost: "looked at",
    why: "what was sent and not answered is known again when it is read",
  },
  {
    file: "records/records.ts",
    call: "replace<KubeObject>(recordPath",
    lost: "looked at",
    why: "its resourceVersion would answer 409 to its own repetition",
  },
  {
    file: "records/records.ts",
    call: "patch<KubeObject>(",
    lost: "sent again",
    why: "one annotation, set to one value",
  },
  { file: "records/observers.ts", call: "create(mapsPath", lost: "looked at", why: "found when it is opened again" },
  {
    file: "records/observers.ts",
    call: "replace(mapPath",
    lost: "looked at",
    why: "its resourceVersion would answer 409",
  },
  { file: "records/observers.ts", call: "delete(mapPath)", lost: "sent again", why: "404 is done" },
  { file: "records/observers.ts", call: "patch(mapPath", lost: "sent again", why: "keys, each set to one value" },
  {
    file: "lease/lock.ts",
    call: "create<KubeObject>(leasesPath",
    lost: "looked at",
    why: "one that was taken is not taken twice",
  },
  {
    file: "lease/lock.ts",
    call: "replace<KubeObject>(leasePath",
    lost: "looked at",
    why: "409 to our own renewal is told from another's by the instance",
  },
  {
    file: "ports/nodes.ts",
    call: "patch<KubeObject>(pathOf(name)",
    lost: "sent again",
    why: "a label or unschedulable, set to one value; the list of taints is a JSON patch with a test, and is looked at",
  },
  {
    file: "ports/evict.ts",
    call: "create(path, eviction",
    lost: "looked at",
    why: "the pod says whether it leaves; its uid is a precondition",
  },
  { file: "ports/pods.ts", call: "delete(`/api/v1/namespaces/", lost: "sent again", why: "its uid is a precondition" },
  {
    file: "ports/workloads.ts",
    call: "patch<KubeObject>(",
    lost: "sent again",
    why: "the same restart token restarts once",
  },
  {
    file: "ports/workloads.ts",
    call: "delete(path",
    lost: "sent again",
    why: "it shall not exist, whoever makes it again",
  },
  {
    file: "nodes/own-daemon-set.ts",
    call: "patch(daemonSetPath",
    lost: "sent again",
    why: "server-side apply of the whole object",
  },
  { file: "nodes/own-daemon-set.ts", call: "delete(daemonSetPath", lost: "sent again", why: "404 is done" },
  {
    file: "ports/node-configs.ts",
    call: "patch(path",
    lost: "sent again",
    why: "server-side apply of the whole object",
  },
  { file: "ports/node-configs.ts", call: "delete(`/apis/cilium.io/", lost: "sent again", why: "404 is done" },
  {
    file: "ports/objects.ts",
    call: "patch(path, patch",
    lost: "sent again",
    why: "a merge patch sets values, however often",
  },
  {
    file: "ports/objects.ts",
    call: "patch<KubeObject>(path, object",
    lost: "sent again",
    why: "server-side apply of the whole object",
  },
  { file: "ports/objects.ts", call: "delete(path", lost: "sent again", why: "its uid is a precondition" },
  {
    file: "nodes/rebooter.ts",
    call: "create(podsPath",
    lost: "looked at",
    why: "its name is the boot's: 409 AlreadyExists is done",
  },
  { file: "nodes/rebooter.ts", call: "delete(`${podsPath}/", lost: "sent again", why: "its uid is a precondition" },
  {
    file: "inventory/dry-run.ts",
    call: "create(path, object",
    lost: "looked at",
    why: "a dry run, of which nothing is kept: that it is not known is what preflight says",
  },
  {
    file: "inventory/dry-run.ts",
    call: "patch(path, object",
    lost: "looked at",
    why: "likewise",
  },
  {
    file: "ports/permissions.ts",
    call: 'create<KubeObject>("/apis/authorization',
    lost: "sent again",
    why: "a question, though it is asked by POST",
  },
];

const folder = new URL("../../src/kube/", import.meta.url);
const callSite = /lient\.(?:create|replace|patch|delete)(?:<\w+>)?\(/g;

test("every place that writes is in the table, once", () => {
  const found = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && name !== "client/http.ts")
    .map((name) => [name, (readFileSync(new URL(name, folder), "utf8").match(callSite) ?? []).length] as const)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name} ${count}`);
  const told = [...new Set(writes.map(({ file }) => file))].map(
    (file) => `${file} ${writes.filter((write) => write.file === file).length}`,
  );
  expect(found.toSorted()).toEqual(told.toSorted());
  for (const { file, call } of writes) {
    expect([file, call, readFileSync(new URL(file, folder), "utf8").includes(`lient.${call}`)]).toEqual([
      file,
      call,
      true,
    ]);
  }
});

/** The kinds of the table, as they leave. */
type Kind =
  | "creation"
  | "replacement"
  | "merge patch"
  | "JSON patch"
  | "apply"
  | "deletion"
  | "review"
  | "guarded patch";

const object = { metadata: { name: "x", resourceVersion: "7" } };
const sendIt: Readonly<Record<Kind, (client: HttpKubeClient) => Promise<unknown>>> = {
  creation: (client) => client.create("/x", object),
  replacement: (client) => client.replace("/x", object),
  "merge patch": (client) => client.patch("/x", { data: { a: "b" } }, { kind: "merge" }),
  "guarded patch": (client) => client.patch("/x", object, { kind: "merge" }),
  "JSON patch": (client) => client.patch("/x", [], { kind: "json" }),
  apply: (client) => client.patch("/x", { data: {} }, { kind: "apply", force: true }),
  deletion: (client) => client.delete("/x"),
  review: (client) => client.create("/x", {}, { repeatable: true }),
};
const again: ReadonlySet<Kind> = new Set(["merge patch", "apply", "deletion", "review"]);
const kinds = Object.keys(sendIt) as Kind[];

/** Carried out each time, and answered the first time as the test says. */
async function met(kind: Kind, first: "cut" | number): Promise<{ readonly sent: number; readonly outcome: unknown }> {
  await using server = await FakeServer.start((_seen, response) => {
    if (server.seen.length > 1) return json(response, 200, object);
    if (first === "cut") return void response.socket?.destroy();
    return status(response, first, "Trouble", { retryAfter: 0 });
  });
  const client = clientOf(server.url);
  const outcome = await sendIt[kind](client).then(
    () => "done",
    (error: unknown) => (error instanceof Unavailable ? "could not ask" : (error as { status?: number }).status),
  );
  await client.close();
  return { sent: server.seen.length, outcome };
}

test.each(kinds)("a %s whose answer was lost goes out again only where that does no harm", async (kind) => {
  const isAgain = again.has(kind);
  expect(await met(kind, "cut")).toEqual({ sent: isAgain ? 2 : 1, outcome: isAgain ? "done" : "could not ask" });
});

test.each([500, 502, 503, 504])("%i may come of a write that was carried out: the same rule", async (code) => {
  for (const kind of kinds) {
    const isAgain = again.has(kind);
    expect([kind, await met(kind, code)]).toEqual([kind, { sent: isAgain ? 2 : 1, outcome: isAgain ? "done" : code }]);
  }
});

test("429 was refused before anything was done: every kind goes out again, 409 and 403 none", async () => {
  for (const kind of kinds) {
    expect([kind, await met(kind, 429)]).toEqual([kind, { sent: 2, outcome: "done" }]);
    expect([kind, await met(kind, 409)]).toEqual([kind, { sent: 1, outcome: 409 }]);
    expect([kind, await met(kind, 403)]).toEqual([kind, { sent: 1, outcome: 403 }]);
  }
});

test("an eviction is judged by its caller: no answer of the server sends it again", async () => {
  for (const code of [429, 500, 503, 504]) {
    await using server = await FakeServer.start((_seen, response) =>
      status(response, code, "Trouble", { retryAfter: 0 }),
    );
    const client = clientOf(server.url);
    await new Evictions(client).evict({ namespace: "default", name: "db-0", uid: "u1" }).catch(() => null);
    expect([code, server.seen.length]).toEqual([code, 1]);
    await client.close();
  }
});

test("a namespace whose creation was lost is found, and one that somebody else made is done", async () => {
  let made = false;
  await using server = await FakeServer.start((seen, response) => {
    if (seen.method === "GET") return made ? json(response, 200, object) : status(response, 404, "NotFound");
    made = true;
    return void response.socket?.destroy();
  });
  const client = clientOf(server.url);
  await expect(ensureNamespace(client)).rejects.toBeInstanceOf(Unavailable);
  await ensureNamespace(client);
  expect(server.seen.filter(({ method }) => method === "POST").length).toBe(1);
  let raced = false;
  let stays = true;
  server.answer = (seen, response) => {
    if (seen.method === "GET") return raced && stays ? json(response, 200, object) : status(response, 404, "NotFound");
    raced = true;
    return status(response, 409, "AlreadyExists");
  };
  expect(await ensureNamespace(client)).toMatchObject(object);
  stays = false;
  await expect(ensureNamespace(client)).rejects.toBeInstanceOf(Unavailable);
  await client.close();
});
