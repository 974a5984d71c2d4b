import { expect, test } from "vitest";
import { send } from "../../../src/kube/client/send.ts";
import { socketAgent } from "../../../src/kube/client/socket-agent.ts";
import { WatchLoop } from "../../../src/kube/watch/watch-loop.ts";
import type { WatchReport } from "../../../src/kube/watch/watch-protocol.ts";
import { FakeServer, json } from "../support/fake-server.ts";
import { until } from "../support/until.ts";

const token = "CANARYtokenOfTheWatch";
const timings = {
  idleMs: 10_000,
  firstRetryMs: 5,
  longestRetryMs: 20,
  absentMs: 5_000,
  answerMs: 5_000,
  spreadMs: 10,
};
const event = { type: "ERROR", object: { code: 500, message: `proxy: rejected token ${token}` } };

test.each([
  ["an ERROR event", `${JSON.stringify(event)}\n`, /rejected token \(hidden\)/],
  ["a line that is no event", `${token} is not JSON\n`, /is not JSON/],
])("%s that echoes our token does not bring it into what is told", async (_what, line, told) => {
  await using server = await FakeServer.start((seen, response) => {
    if (seen.query.has("watch")) return void response.end(line);
    json(response, 200, { metadata: { resourceVersion: "7" }, items: [] });
  });
  const settings = { server: server.url, tls: {}, proxy: null, headers: { Authorization: `Bearer ${token}` } };
  const agent = socketAgent(settings);
  const reports: WatchReport[] = [];
  const sink = {
    put: () => undefined,
    drop: () => undefined,
    flush: () => undefined,
    report: (report: WatchReport) => void reports.push(report),
  };
  const link = {
    open: (path: string, options: { signal: AbortSignal; compress: boolean }) =>
      send(agent, settings, { method: "GET", path, ...options }),
  };
  const loop = new WatchLoop("/api/v1/nodes", link, sink, { timings });
  const done = loop.run();
  await until("the trouble", () => reports.at(-1)?.state === "stale");
  loop.stop();
  agent.destroy();
  await done;
  expect(reports.at(-1)?.detail).toMatch(told);
  expect(JSON.stringify(reports)).not.toContain("CANARY");
});
