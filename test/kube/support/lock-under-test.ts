import { LeaseLock } from "../../../src/kube/lease/lock.ts";
import { clientOf } from "./client-of.ts";
import { LeaseServer, TestClocks } from "./lease-server.ts";

/** Terms so short that a test sees them end. */
export const fast = { leaseMs: 1_000, deadlineMs: 400, renewMs: 20 };

/** A lock, the server of its lease, and the clocks that it reads. */
export async function lockUnderTest() {
  const api = new LeaseServer();
  await api.start();
  const client = clientOf(api.server.url);
  const clocks = new TestClocks();
  const lock = new LeaseLock(client, { timings: fast, clocks: clocks.read });
  return {
    api,
    client,
    clocks,
    lock,
    close: async () => {
      await lock.release().catch(() => undefined);
      await client.close();
      await api.server[Symbol.asyncDispose]();
    },
  };
}

export type LockUnderTest = Awaited<ReturnType<typeof lockUnderTest>>;
