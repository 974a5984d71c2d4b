import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type LockUnderTest, lockUnderTest } from "../support/lock-under-test.ts";

const freshHolder = { name: "engine", resourceVersion: "5" };
const now = () => new Date().toISOString();

let api: LockUnderTest["api"];
let lock: LockUnderTest["lock"];
let clocks: LockUnderTest["clocks"];
let close: LockUnderTest["close"];

beforeEach(async () => {
  ({ api, lock, clocks, close } = await lockUnderTest());
});
afterEach(() => close());

test.each([
  ["years behind", "2020-01-01T00:00:00Z"],
  ["years ahead", "2099-01-01T00:00:00Z"],
])(
  "one whose clock is %s but that is renewed before our eyes is left alone, and not waited for",
  async (_what, renewTime) => {
    api.value = {
      metadata: freshHolder,
      spec: { holderIdentity: "other", renewTime, leaseDurationSeconds: 60, leaseTransitions: 3 },
    };
    const waits = vi.fn(() => {
      if (api.value !== null) api.value = { ...api.value, metadata: { name: "engine", resourceVersion: "6" } };
    });
    expect(await lock.acquire("me", { onWait: waits })).toBe(false);
    expect(waits).toHaveBeenCalledOnce();
    expect(await lock.state()).toMatchObject({ holder: "other", expired: true, stoodStill: false });
    expect(api.writes).toBe(0);
  },
);

test.each([
  ["63 years", 1_987_000_000],
  ["no time", 0],
  ["less than none", -5],
  ["a word", "forever" as unknown as number],
])(
  "a stranger's lease with a term of %s counts for our own minute, whenever it says that it was renewed",
  async (_what, term) => {
    const spec = { holderIdentity: "stranger", renewTime: now(), leaseDurationSeconds: term, leaseTransitions: 3 };
    api.value = { metadata: freshHolder, spec };
    expect(await lock.acquire("me")).toBe(false);
    api.value = { metadata: freshHolder, spec: { ...spec, renewTime: "2099-01-01T00:00:00Z" } };
    const waits = vi.fn(() => {
      clocks.steadyAheadMs += 59_000;
      setImmediate(() => (clocks.steadyAheadMs += 1_100));
    });
    expect(await lock.acquire("me", { onWait: waits })).toBe(true);
    const odd = typeof term === "number" ? term : null;
    expect(waits.mock.calls).toEqual([[60_000, odd]]);
  },
);
