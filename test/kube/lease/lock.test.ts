import { afterEach, beforeEach, expect, test } from "vitest";
import { LeaseLock } from "../../../src/kube/lease/lock.ts";
import { inWords } from "../../support/said.ts";
import type { Lease } from "../support/lease-server.ts";
import { fast, type LockUnderTest, lockUnderTest } from "../support/lock-under-test.ts";
import { until } from "../support/until.ts";

const longAgo = "2020-01-01T00:00:00Z";
const freshHolder = { name: "engine", resourceVersion: "5" };
const taken = (by: string): Lease => ({
  metadata: { name: "engine", resourceVersion: "99" },
  spec: { holderIdentity: by, renewTime: now(), leaseDurationSeconds: 60, leaseTransitions: 9 },
});

function isOpen({ fence }: LockUnderTest["client"]): boolean {
  try {
    fence?.check();
    return true;
  } catch {
    return false;
  }
}

const now = () => new Date().toISOString();

let api: LockUnderTest["api"];
let client: LockUnderTest["client"];
let lock: LockUnderTest["lock"];
let clocks: LockUnderTest["clocks"];
let close: LockUnderTest["close"];

beforeEach(async () => {
  ({ api, client, lock, clocks, close } = await lockUnderTest());
});
afterEach(() => close());

test("a free lease is taken, renewed, and given back so that the next need not wait", async () => {
  expect(await lock.acquire("me@host/1")).toBe(true);
  expect(api.value?.spec).toMatchObject({ holderIdentity: "me@host/1", leaseTransitions: 0 });
  expect(api.value?.spec.renewTime).toMatch(/\.\d{6}Z$/);
  await until("two renewals", () => api.writes >= 3);
  expect(await lock.state()).toMatchObject({ holder: "me@host/1", mine: true });
  await lock.release();
  expect(api.value?.spec.holderIdentity).toBe("");
  expect(await lock.state()).toBeNull();
  await expect(client.create("/api/v1/anything", {})).rejects.toMatchObject({ code: "LOCK_LOST" });
});

test("a lease that is given back while a renewal is under way is given back all the same", async () => {
  await lock.acquire("me");
  const held = Promise.withResolvers<void>();
  const asked = api.server.seen.length;
  api.before = () => held.promise;
  await until("a renewal under way", () => api.server.seen.length > asked);
  const released = lock.release();
  held.resolve();
  await released;
  expect(api.value?.spec.holderIdentity).toBe("");
});

test("two processes of the same name, as two containers may be, do not both hold the lease", async () => {
  const other = new LeaseLock(client, { timings: fast });
  expect(await lock.acquire("root@crossfade/1")).toBe(true);
  expect(await other.acquire("root@crossfade/1")).toBe(false);
});

test.each([
  ["the wall clock was set forward", { wallAheadMs: 3_600_000, steadyAheadMs: 0 }],
  ["the process was stopped, or the machine slept", { wallAheadMs: 120_000, steadyAheadMs: 120_000 }],
  ["the machine slept and its clock was set back meanwhile", { wallAheadMs: -3_600_000, steadyAheadMs: 120_000 }],
])("after %s nothing is written before the lease is renewed", async (_what, ahead) => {
  await lock.acquire("me");
  await until("a renewal", () => api.writes >= 2);
  Object.assign(clocks, ahead);
  const write = client.create("/api/v1/anything", {});
  await expect(inWords(write)).rejects.toMatchObject({
    name: "Unavailable",
    message: expect.stringContaining("not renewed"),
  });
  expect(api.server.seen.some(({ path }) => path.includes("anything"))).toBe(false);
  await until("a renewal", () => isOpen(client));
  expect(lock.lost.aborted).toBe(false);
});

test("a clock that was set back changes nothing", async () => {
  await lock.acquire("me");
  clocks.wallAheadMs = -3_600_000;
  expect(isOpen(client)).toBe(true);
  const before = api.writes;
  await until("a renewal", () => api.writes > before);
  expect(isOpen(client)).toBe(true);
});

test("a stopped process whose lease was taken meanwhile writes nothing when it wakes up", async () => {
  await lock.acquire("me");
  api.value = taken("thief");
  clocks.steadyAheadMs = 120_000;
  await expect(client.create("/api/v1/anything", {})).rejects.toMatchObject({ name: "Unavailable" });
  await until("the loss", () => lock.lost.aborted);
  await expect(client.create("/api/v1/anything", {})).rejects.toMatchObject({ code: "LOCK_LOST" });
  expect(api.server.seen.some(({ path }) => path.includes("anything"))).toBe(false);
});

test("a lease counts from when its renewal was asked for, not from when the server answered", async () => {
  await lock.acquire("me");
  const answered = Promise.withResolvers<void>();
  const asked = api.server.seen.length;
  api.before = () => answered.promise;
  await until("a renewal under way", () => api.server.seen.length > asked);
  clocks.steadyAheadMs = fast.deadlineMs;
  const before = api.writes;
  api.before = null;
  answered.resolve();
  await until("its answer", () => api.writes > before);
  await until("another one that opens the fence", () => isOpen(client));
  expect(api.writes).toBeGreaterThan(before + 1);
});

test("a version of the lease that our parent saw unchanged for its term is taken at once", async () => {
  api.value = taken("other");
  expect(await lock.acquire("me")).toBe(false);
  const heir = new LeaseLock(client, { timings: fast, knownStale: "99" });
  expect(await heir.acquire("heir")).toBe(true);
  await heir.release();
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
    spec: { holderIdentity: "other", renewTime: longAgo, leaseDurationSeconds: 1, leaseTransitions: 3 },
  };
  const startedAt = performance.now();
  expect(await lock.acquire("me")).toBe(true);
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(1_000);
  expect(api.value.spec).toMatchObject({ holderIdentity: "me", leaseTransitions: 4 });
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

test("while the server cannot be reached nothing is written after the deadline; afterwards the run goes on", async () => {
  await lock.acquire("me");
  const startedAt = performance.now();
  api.refuse = 500;
  await until("the fence to close", () => !isOpen(client));
  expect(performance.now() - startedAt).toBeGreaterThan(300);
  await expect(client.create("/api/v1/anything", {})).rejects.toMatchObject({ name: "Unavailable" });
  api.refuse = null;
  await until("the fence to open", () => isOpen(client));
  expect(lock.lost.aborted).toBe(false);
});

test("an outage in which somebody else took the run ends it", async () => {
  await lock.acquire("me");
  api.refuse = 500;
  await until("the fence to close", () => !isOpen(client));
  api.value = taken("thief");
  api.refuse = null;
  await until("the loss", () => lock.lost.aborted);
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
  expect(isOpen(client)).toBe(true);
});

test("a lease of a runner that is long gone is shown as expired", async () => {
  api.value = {
    metadata: freshHolder,
    spec: { holderIdentity: "other", renewTime: longAgo, leaseDurationSeconds: 60, leaseTransitions: 3 },
  };
  expect(await lock.state()).toMatchObject({ holder: "other", expired: true });
});
