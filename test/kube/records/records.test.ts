import { expect, test } from "vitest";
import { ClusterRecords } from "../../../src/kube/records/records.ts";
import { readRecord, writeRecord } from "../../../src/kube/records/run-record.ts";
import { Watches } from "../../../src/kube/watch/watch.ts";
import { inWords, said } from "../../support/said.ts";
import { asMap, hashed, aRecord as record } from "../support/a-record.ts";
import { clientOf } from "../support/client-of.ts";
import { FakeServer, json, status } from "../support/fake-server.ts";
import { OneObject } from "../support/one-object.ts";

test("a record is read as it was written", () => {
  expect(readRecord(asMap(writeRecord(record)))).toEqual(record);
});

test("a plan of thousands of nodes is packed far below a ConfigMap's limit", () => {
  const nodes = Array.from({ length: 5_000 }, (_, index) => ({
    name: `worker-${index}.example.internal`,
    turn: "worker" as const,
    podsToMove: index,
    estimateMs: 60_000,
  }));
  const large = { ...record, plan: hashed({ ...record.plan, nodes }) };
  const written = writeRecord(large);
  expect(written.data["plan"]).toBeUndefined();
  expect(JSON.stringify(written).length).toBeLessThan(200_000);
  expect(readRecord(asMap(written))).toEqual(large);
});

/** One ConfigMap behind two of us. */
async function twoOfUs() {
  const stored = new OneObject();
  const server = await FakeServer.start((seen, response) => {
    if (seen.path === "/api/v1/namespaces/crossfade") return json(response, 200, { metadata: { name: "crossfade" } });
    if (seen.query.has("fieldSelector")) return status(response, 404, "NotFound");
    return stored.serve(seen, response);
  });
  const clients = [clientOf(server.url), clientOf(server.url)] as const;
  const watches = clients.map((client) => new Watches(client.transport));
  const [runner, other] = clients.map((client, index) => new ClusterRecords(client, watches[index] as Watches));
  return {
    stored,
    runner: runner as ClusterRecords,
    other: other as ClusterRecords,
    async [Symbol.asyncDispose]() {
      await Promise.all(watches.map((each) => each.close()));
      await Promise.all(clients.map((client) => client.close()));
      await server[Symbol.asyncDispose]();
    },
  };
}

test("two that both write the run itself do not overwrite each other", async () => {
  await using us = await twoOfUs();
  await us.runner.writeRun(record);
  await us.other.run();
  await us.other.writeRun({ ...record, paused: true });
  await expect(inWords(us.runner.writeRun({ ...record, direction: "rollback" }))).rejects.toThrow(
    /changed by another client/,
  );
  expect((await us.runner.run())?.paused).toBe(true);
});

test("what an engine at work finds edited or damaged it writes over with what it knows, and says so", async () => {
  await using us = await twoOfUs();
  await us.runner.writeRun(record);
  us.stored.edit({ state: (state) => state.replace('"paused":false', '"paused":true') });
  expect(said(await us.runner.writeRun({ ...record, whenLeft: "continue" })).because).toBe(
    "The record in ConfigMap crossfade/migration was edited by hand: paused.",
  );
  expect(await us.other.run()).toEqual({ ...record, whenLeft: "continue" });
});

test("a newer program's record is not written over, and a damaged one not by who has not read one", async () => {
  await using us = await twoOfUs();
  await us.runner.writeRun(record);
  us.stored.edit({ version: () => "2" });
  await expect(us.runner.writeRun({ ...record, paused: true })).rejects.toMatchObject({ code: "RECORD_NEWER" });
  us.stored.edit({ version: () => "x" });
  await expect(us.other.writeRun({ ...record, paused: true })).rejects.toMatchObject({ code: "RECORD_DAMAGED" });
  expect(us.stored.value?.data).toMatchObject({ version: "x" });
});

test("keys, labels and annotations of others trip nothing", async () => {
  await using us = await twoOfUs();
  await us.runner.writeRun(record);
  us.stored.edit({ request: () => "of another terminal" });
  us.stored.label("team", "net");
  expect(await us.other.run()).toEqual(record);
  expect(await us.runner.writeRun({ ...record, paused: true })).toBeNull();
});
