import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { sayingWhile, sayOnStderr, sayOnTerminal, untilTime } from "../../../src/commands/headless/while-waiting.ts";
import { toldPorts } from "../../../src/commands/status/told-ports.ts";
import type { Ports } from "../../../src/engine/model/ports/ports.ts";

const stderr = (isTTY: boolean) => {
  const said: string[] = [];
  return {
    said,
    world: { stderr: { isTTY, write: (text: string) => said.push(text) } as unknown as NodeJS.WriteStream },
  };
};

beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-01-01T10:59:30Z") }));
afterEach(() => void vi.useRealTimers());

test("what takes over a second says once what it waits for", async () => {
  const { said, world } = stderr(true);
  const { promise, resolve } = Promise.withResolvers<number>();
  const waiting = sayingWhile(sayOnTerminal(world), "waits for \x1b[31mada", () => promise);
  await vi.advanceTimersByTimeAsync(999);
  expect(said).toEqual([]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(said).toEqual(["crossfade: waits for \\u001b[31mada\n"]);
  resolve(7);
  expect(await waiting).toBe(7);
});

test.each([
  ["what is quick", true, 500],
  ["a look that nobody watches", false, 5_000],
])("%s says nothing", async (_what, isTTY, tookMs) => {
  const { said, world } = stderr(isTTY);
  const waiting = sayingWhile(
    sayOnTerminal(world),
    "waits",
    () => new Promise((resolve) => setTimeout(resolve, tookMs)),
  );
  await vi.advanceTimersByTimeAsync(10_000);
  await waiting;
  expect(said).toEqual([]);
});

test("what fails says nothing afterwards", async () => {
  const { said, world } = stderr(true);
  await expect(sayingWhile(sayOnTerminal(world), "waits", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  await vi.advanceTimersByTimeAsync(10_000);
  expect(said).toEqual([]);
});

test("until when is a time of day", () => {
  expect(untilTime(60_000, Date.parse("2026-01-01T10:59:30Z"))).toBe("11:00:30 UTC");
});

const late = <T>(tookMs: number, value: T) => new Promise<T>((resolve) => setTimeout(() => resolve(value), tookMs));

/** Ports that answer after so long. */
function slowPorts(tookMs: number) {
  const ask = () => late(tookMs, null);
  const ports = {
    inventory: { read: ask, clusterUid: ask },
    charts: { read: ask },
    records: { run: ask, nodeRecords: ask, examine: ask },
    lock: { state: ask },
  };
  return ports as unknown as Pick<Ports, "inventory" | "charts" | "records" | "lock">;
}

const { signal } = new AbortController();
type Slow = ReturnType<typeof slowPorts>;

test.each<[string, (ports: Slow) => Promise<unknown>, RegExp]>([
  [
    "the sweep",
    ({ inventory }) => inventory.read(signal),
    /^crossfade: asks the cluster for its nodes, pods, .*30 s\n$/,
  ],
  [
    "the chart",
    ({ charts }) => charts.read({ chart: { kind: "repository", url: "x" }, version: "1" } as never, signal),
    /^crossfade: fetches the chart, until 11:00:30 UTC at the latest\n$/,
  ],
  ["the record", ({ records }) => records.run(), /^crossfade: reads what the cluster records of the run; .*30 s\n$/],
  ["the nodes' records", ({ records }) => records.nodeRecords(), /of each node, until 11:00:30 UTC at the latest\n$/],
  ["the lease", ({ lock }) => lock.state(), /^crossfade: asks who has the run; .*30 s\n$/],
])("a command that acts tells of %s, also where no terminal is", async (_what, ask, sentence) => {
  const { said, world } = stderr(false);
  const asked = ask(toldPorts(slowPorts(12_000), sayOnStderr(world)));
  await vi.advanceTimersByTimeAsync(12_000);
  await asked;
  expect(said).toEqual([expect.stringMatching(sentence)]);
});

test("what is read again and again is told of once, a second sweep is told of again", async () => {
  const { said, world } = stderr(false);
  const { records, inventory } = toldPorts(slowPorts(2_000), sayOnStderr(world));
  for (const ask of [
    () => records.run(),
    () => records.run(),
    () => inventory.read(signal),
    () => inventory.read(signal),
  ]) {
    const asked = ask();
    await vi.advanceTimersByTimeAsync(2_000);
    await asked;
  }
  expect(said.map((line) => line.slice(0, 21))).toEqual([
    "crossfade: reads what",
    "crossfade: asks the c",
    "crossfade: asks the c",
  ]);
});

test("quick answers are told of by nobody, and pass as they are", async () => {
  const { said, world } = stderr(true);
  const asked = toldPorts(slowPorts(900), sayOnTerminal(world)).records.run();
  await vi.advanceTimersByTimeAsync(900);
  expect(await asked).toBeNull();
  expect(said).toEqual([]);
});
