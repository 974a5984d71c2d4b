import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { NodeWatch, type Onlooker } from "../../../src/engine/run/snapshot.ts";
import { states } from "../../support/panel/states.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** What is read of nodes' files within a minute. */
async function readings(): Promise<ReadonlyMap<string, number>> {
  const read = new Map<string, number>();
  const ends = new AbortController();
  const state = states["draining-held"]();
  const ports = {
    clock: { sleep: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)) },
    changes: { link: () => ({ state: "live", since: 0, detail: "" }) },
    nodes: { list: () => Promise.resolve(state.order.map((name) => ({ name, internalIps: [], podCidrs: [] }))) },
    cilium: { nodes: () => Promise.resolve([]), agents: () => Promise.resolve([]) },
    pods: { on: () => Promise.resolve([]) },
    hosts: {
      cniFiles: (node: string) => {
        read.set(node, (read.get(node) ?? 0) + 1);
        return Promise.resolve([]);
      },
    },
  };
  const session = { ports, state, now: () => Date.now(), tell: () => undefined } as unknown as Onlooker;
  const watching = new NodeWatch(session).watch(ends.signal);
  await vi.advanceTimersByTimeAsync(60_000);
  ends.abort();
  await vi.advanceTimersByTimeAsync(1_000);
  await watching;
  return read;
}

test("the files of the node in hand are read each second, those of others at most every 15 s: each reading is a command on the node", async () => {
  const read = await readings();
  const state = states["draining-held"]();
  const inHand = state.order.filter((name) => state.nodes[name]?.state.phase === "migrating");
  const others = state.order.filter((name) => !inHand.includes(name));
  expect(inHand).toHaveLength(1);
  expect(others.length).toBeGreaterThan(1);
  for (const name of inHand) expect(read.get(name)).toBeGreaterThanOrEqual(58);
  for (const name of others) {
    expect(read.get(name)).toBeGreaterThanOrEqual(3);
    expect(read.get(name)).toBeLessThanOrEqual(5);
  }
});
