import { expect, test } from "vitest";
import { statusLines } from "../../../src/commands/status/status-lines.ts";
import { statusReport, untrusted } from "../../../src/commands/status/status-report.ts";
import type { LockState } from "../../../src/engine/model/ports/lock.ts";
import { newsOf } from "../../../src/engine/observers/news.ts";
import { nodeRecordOf, recordOf } from "../../../src/engine/run/recording.ts";
import { type StateName, states } from "../../support/panel/states.ts";

const since = Date.parse("2026-11-22T14:00:00Z");
const lock: LockState = {
  holder: "ada@bastion.example/4121",
  since,
  renewedAt: since + 600_000,
  mine: false,
  expired: false,
  stoodStill: false,
  version: "7",
};

function reportOf(name: StateName, held: LockState | null = lock) {
  const state = { ...states[name](), runner: lock };
  const nodeRecords = Object.fromEntries(
    Object.values(state.nodes).map((node) => [node.name, nodeRecordOf(node, state)]),
  );
  return statusReport({ record: recordOf(state), nodeRecords, lock: held }, newsOf(state, since));
}

test("who runs it, from where and since when is told apart", () => {
  expect(reportOf("draining-held").runner).toEqual({
    holder: "ada@bastion.example/4121",
    user: "ada",
    host: "bastion.example",
    pid: 4121,
    since: "2026-11-22T14:00:00.000Z",
    renewedAt: "2026-11-22T14:10:00.000Z",
    lease: "held",
  });
});

test.each([
  ["draining-held", lock, "running"],
  ["pausing", lock, "pausing"],
  ["paused", lock, "paused"],
  ["paused", null, "paused"],
  ["draining-held", null, "unattended"],
  ["draining-held", { ...lock, expired: true }, "unattended"],
  ["draining-held", { ...lock, holder: "eve@there/1" }, "running"],
  ["done", null, "finished"],
] as const)("%s, held by %j, is %s", (name, held, state) => {
  expect(reportOf(name, held).run?.state).toBe(state);
});

test("why a node waits is told as its runner published it, and of a runner that is gone not at all", () => {
  const waits = (held: LockState | null) =>
    reportOf("draining-held", held).nodes.find(({ name }) => name === "worker-2")?.waitsFor ?? null;
  expect(waits(lock)).toContain("PodDisruptionBudget db allows 0");
  expect(waits({ ...lock, holder: "eve@there/1" })).toBeNull();
  expect(waits(null)).toBeNull();
});

test.each([
  ["unverified", "https://10.0.0.1:6443", /^TLS UNVERIFIED: .*https:\/\/10\.0\.0\.1:6443.*insecure-skip-tls-verify/],
  ["none", "http://10.0.0.1:8080", /^NO TLS: http:\/\/10\.0\.0\.1:8080 .*can read the credentials/],
] as const)("an API server that is not proven (%s) is told before all else", (tls, server, said) => {
  const connection = { server, tls };
  expect(statusLines({ ...reportOf("draining-held"), connection })[0]).toMatch(said);
  expect(statusLines({ ...statusReport({ record: null, nodeRecords: {}, lock: null }, null), connection })[0]).toMatch(
    said,
  );
  expect(statusLines({ ...untrusted([], null), connection })[0]).toMatch(said);
});

test("of an API server that is proven nothing is said", () => {
  const report = reportOf("draining-held");
  const connection = { server: "https://10.0.0.1:6443", tls: "verified" } as const;
  expect(statusLines({ ...report, connection })).toEqual(statusLines(report));
});

test("the lines say the same", () => {
  const lines = statusLines(reportOf("draining-held")).join("\n");
  expect(lines).toContain("held by ada@bastion.example/4121 since 2026-11-22T14:00:00.000Z");
  expect(lines).toContain("worker-2: migrating at drain, waits for default/db-0");
  expect(statusLines(reportOf("draining-held", { ...lock, expired: true })).join("\n")).toContain(
    "lease expired: ada@bastion.example/4121, who had it since",
  );
});

test("where no run is recorded there is none", () => {
  expect(statusReport({ record: null, nodeRecords: {}, lock: null }, null)).toEqual({
    version: 1,
    run: null,
    runner: null,
    nodes: [],
    traffic: null,
  });
});
