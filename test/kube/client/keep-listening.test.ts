import { expect, test } from "vitest";
import { keepListening } from "../../../src/kube/client/keep-listening.ts";
import { steadyTimer } from "../../../src/kube/client/link-timer.ts";
import { RequestGate } from "../../../src/kube/client/request-gate.ts";
import { Transport } from "../../../src/kube/client/transport.ts";
import { FakeServer, json } from "../support/fake-server.ts";
import { FakeTimer } from "../support/fake-timer.ts";
import { until } from "../support/until.ts";

function transportTo(url: string): Transport {
  const settings = { server: url, tls: {}, proxy: null, headers: {} };
  return new Transport(
    { current: () => Promise.resolve(settings), refresh: () => Promise.resolve(false) },
    steadyTimer(100),
  );
}

test("where nobody wants anything the server's version is asked for, so that silence is told from quiet", async () => {
  let swallows = false;
  await using server = await FakeServer.start((_seen, response) => {
    if (!swallows) json(response, 200, { gitVersion: "v1.33.4" });
  });
  const transport = transportTo(server.url);
  const over = new AbortController();
  const listening = keepListening(transport, over.signal);
  await until("two questions", () => server.seen.length >= 2);
  expect([transport.gate.trouble, server.seen[0]?.path]).toEqual([null, "/version"]);

  swallows = true;
  await until("the silence to be told", () => transport.gate.trouble !== null);
  expect(transport.gate.trouble).toBe("the API server does not answer");
  swallows = false;
  await until("an answer", () => transport.gate.trouble === null);
  over.abort(new Error("over"));
  await listening;
  transport.close();
});

test("where others are answered nothing is asked", async () => {
  const timer = new FakeTimer();
  const gate = new RequestGate(timer);
  const began = timer.now();
  const asked: number[] = [];
  const call = () => {
    asked.push(timer.now() - began);
    gate.answered(20);
    return Promise.resolve("{}");
  };
  const over = new AbortController();
  const listening = keepListening({ timer, gate, call }, over.signal);
  for (let answers = 0; answers < 12; answers += 1) {
    await timer.pass(4_000);
    gate.answered(20);
  }
  expect(asked).toEqual([]);
  await timer.pass(12_000);
  expect(asked).toEqual([53_000, 58_000]);
  over.abort(new Error("over"));
  await listening;
});

test("an exec that a dead kubelet keeps waiting is no silence of the API server", async () => {
  const timer = new FakeTimer();
  const gate = new RequestGate(timer);
  const call = () => {
    gate.answered(20);
    return Promise.resolve("{}");
  };
  const over = new AbortController();
  const listening = keepListening({ timer, gate, call }, over.signal);
  gate.sent();
  for (let seconds = 0; seconds < 60; seconds += 1) {
    await timer.pass(1_000);
    expect(gate.trouble).toBe(null);
  }
  over.abort(new Error("over"));
  await listening;
});
