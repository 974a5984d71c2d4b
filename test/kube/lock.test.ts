import { afterEach, beforeEach, expect, test } from "vitest";
import { LeaseLock } from "../../src/kube/lock.ts";
import { clientOf } from "./support/client-of.ts";
import { FakeServer, json, status } from "./support/fake-server.ts";
import { OneObject } from "./support/one-object.ts";
import { until } from "./support/until.ts";

interface Lease {
  metadata: { name: string; resourceVersion: string; annotations?: Record<string, string> };
  spec: { holderIdentity: string; renewTime: string; leaseDurationSeconds: number; leaseTransitions: number };
}

const fast = { leaseMs: 1_000, deadlineMs: 400, renewMs: 20 };
const freshHolder = { name: "engine", resourceVersion: "5" };
const now = () => new Date().toISOString();

/** As much of an API server as a lease needs. */
class LeaseServer extends OneObject<Lease> {
  refuse: number | null = null;
  server!: FakeServer;

  async start(): Promise<void> {
    this.server = await FakeServer.start((seen, response) => {
      if (seen.path.startsWith("/api/v1/namespaces")) return json(response, 200, { metadata: { name: "crossfade" } });
      if (this.refuse !== null) return status(response, this.refuse, "Trouble");
      return this.serve(seen, response);
    });
  }
}

let api: LeaseServer;
let client: ReturnType<typeof clientOf>;
let lock: LeaseLock;

beforeEach(async () => {
  api = new LeaseServer();
  await api.start();
  client = clientOf(api.server.url);
  lock = new LeaseLock(client, fast);
});
afterEach(async () => {
  await lock.release().catch(() => undefined);
  await client.close();
  await api.server[Symbol.asyncDispose]();
});

test("a free lease is taken, renewed, and given back so that the next need not wait", async () => {
  expect(await lock.acquire("me@host/1")).toBe(true);
  expect(api.value?.spec).toMatchObject({ holderIdentity: "me@host/1", leaseTransitions: 0 });
  expect(api.value?.spec.renewTime).toMatch(/\.\d{6}Z$/);
  await until("two renewals", () => api.writes >= 3);
  expect(await lock.state()).toMatchObject({ holder: "me@host/1", mine: true });
  await lock.release();
  expect(api.value?.spec.holderIdentity).toBe("");
  expect(await lock.state()).toBeNull();
});

test("a lease that somebody renewed just now is not taken", async () => {
  api.value = {
    metadata: freshHolder,
    spec: { holderIdentity: "other", renewTime: now(), leaseDurationSeconds: 60, leaseTransitions: 3 },
  };
  expect(await lock.acquire("me")).toBe(false);
  expect(await lock.state()).toMatchObject({ holder: "other", mine: false });
  expect(api.writes).toBe(0);
});

test("one that looks old is taken only after it stood still before our eyes for its whole term", async () => {
  api.value = {
    metadata: freshHolder,
    spec: { holderIdentity: "other", renewTime: "2020-01-01T00:00:00Z", leaseDurationSeconds: 1, leaseTransitions: 3 },
  };
  const startedAt = performance.now();
  expect(await lock.acquire("me")).toBe(true);
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(1_000);
  expect(api.value.spec).toMatchObject({ holderIdentity: "me", leaseTransitions: 4 });
});

test("one whose clock is wrong but that is renewed before our eyes is left alone", async () => {
  const old = {
    holderIdentity: "other",
    renewTime: "2020-01-01T00:00:00Z",
    leaseDurationSeconds: 1,
    leaseTransitions: 3,
  };
  api.value = { metadata: freshHolder, spec: old };
  const renewing = setInterval(() => {
    if (api.value?.spec.holderIdentity !== "other") return;
    api.value = {
      ...api.value,
      metadata: { ...freshHolder, resourceVersion: String(Number(api.value.metadata.resourceVersion) + 1) },
    };
  }, 50);
  let answer: boolean | null = null;
  const acquiring = lock.acquire("me").then((got) => (answer = got));
  await until("renewals for longer than the term", () => Number(api.value?.metadata.resourceVersion) > 5 + 25);
  expect(answer).toBeNull();
  api.value = {
    metadata: { ...freshHolder, resourceVersion: "999" },
    spec: { ...old, renewTime: now(), leaseDurationSeconds: 60 },
  };
  clearInterval(renewing);
  expect(await acquiring).toBe(false);
});

test("a holder that died on this machine is succeeded at once", async () => {
  const mine = await (async () => {
    await lock.acquire("probe");
    const written = api.value?.metadata.annotations?.["crossfade/process"] ?? "";
    await lock.release();
    return written;
  })();
  if (mine === "") return;
  const [boot, namespace] = mine.split(" ");
  const dead = `${boot} ${namespace} 4194303 1`;
  api.value = {
    metadata: { ...freshHolder, annotations: { "crossfade/process": dead } },
    spec: { holderIdentity: "other", renewTime: now(), leaseDurationSeconds: 60, leaseTransitions: 1 },
  };
  expect(await lock.acquire("me")).toBe(true);
  api.value.spec.holderIdentity = "me";
});

test("a lease that another took is lost: the signal aborts and every write is refused", async () => {
  await lock.acquire("me");
  api.value = {
    metadata: { name: "engine", resourceVersion: "99" },
    spec: { holderIdentity: "thief", renewTime: now(), leaseDurationSeconds: 60, leaseTransitions: 9 },
  };
  await until("the loss", () => lock.lost.aborted);
  expect(lock.lost.reason).toMatchObject({ code: "LOCK_LOST", message: expect.stringContaining("thief") });
  await expect(client.create("/api/v1/anything", {})).rejects.toMatchObject({ code: "LOCK_LOST" });
});

test("a server out of reach is borne until the deadline, then nothing is written any more", async () => {
  await lock.acquire("me");
  const startedAt = performance.now();
  api.refuse = 500;
  await until("the loss", () => lock.lost.aborted);
  expect(performance.now() - startedAt).toBeGreaterThan(300);
  await expect(client.create("/api/v1/anything", {})).rejects.toMatchObject({ code: "LOCK_LOST" });
});

test("a short outage loses nothing", async () => {
  await lock.acquire("me");
  api.refuse = 503;
  const asked = api.server.seen.length;
  await until("a failed renewal", () => api.server.seen.length > asked);
  api.refuse = null;
  const before = api.writes;
  await until("a renewal", () => api.writes > before);
  expect(lock.lost.aborted).toBe(false);
});

test("who listened for the loss before the lease was taken is told of it", async () => {
  const { lost } = lock;
  await lock.acquire("me");
  api.value = {
    metadata: { name: "engine", resourceVersion: "99" },
    spec: { holderIdentity: "thief", renewTime: now(), leaseDurationSeconds: 60, leaseTransitions: 9 },
  };
  await until("the loss", () => lost.aborted);
});

test("a lease that was lost keeps its fence through release and a vain try to take it, and opens it when it is ours again", async () => {
  await lock.acquire("me");
  api.value = {
    metadata: { name: "engine", resourceVersion: "99" },
    spec: { holderIdentity: "thief", renewTime: now(), leaseDurationSeconds: 60, leaseTransitions: 9 },
  };
  await until("the loss", () => lock.lost.aborted);
  await lock.release();
  expect(await lock.acquire("me")).toBe(false);
  await expect(client.create("/api/v1/anything", {})).rejects.toMatchObject({ code: "LOCK_LOST" });
  api.value = { ...api.value, spec: { ...api.value.spec, holderIdentity: "" } };
  expect(await lock.acquire("me")).toBe(true);
  expect(lock.lost.aborted).toBe(false);
  expect(client.fence).not.toThrow();
});

test("a lease of a runner that is long gone is shown as nobody's", async () => {
  api.value = {
    metadata: freshHolder,
    spec: { holderIdentity: "other", renewTime: "2020-01-01T00:00:00Z", leaseDurationSeconds: 60, leaseTransitions: 3 },
  };
  expect(await lock.state()).toBeNull();
});
