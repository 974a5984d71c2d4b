import { describe, expect, test } from "vitest";
import { Unavailable } from "../../../src/engine/model/errors.ts";
import { ApiError } from "../../../src/kube/client/api-error.ts";
import { contactServer } from "../../../src/kube/client/contact-server.ts";
import type { LinkTimer } from "../../../src/kube/client/link-timer.ts";
import { Readiness, ServerStarting, signOfStarting } from "../../../src/kube/client/readiness.ts";
import { inWords } from "../../support/said.ts";
import { clientOf } from "../support/client-of.ts";
import { type Answer, FakeServer, json, type Seen, status } from "../support/fake-server.ts";
import { FakeTimer } from "../support/fake-timer.ts";

const who = 'User "system:serviceaccount:crossfade:crossfade-operate"';
const refusal = `nodes is forbidden: ${who} cannot list resource "nodes" in API group "" at the cluster scope`;
const unreadable = `forbidden: ${who} cannot get path "/readyz"`;
const notSynced = [
  "[+]ping ok",
  "[+]etcd ok",
  `[+]${"x".repeat(400)} ok`,
  "[-]poststarthook/rbac/bootstrap-roles failed: reason withheld",
  "readyz check failed",
].join("\n");

const failed = new ApiError(500, "", "[-]informer-sync failed");
const forbidden = (message: string) => new ApiError(403, "Forbidden", message);

test.each<[string, unknown, RegExp | null]>([
  ["500", failed, /answers GET \/readyz with 500: \[-\]informer-sync failed/],
  ["503", new ApiError(503, "", "apiserver not ready"), /503/],
  ["429", new ApiError(429, "", "not ready"), /429/],
  ["403, by the authorizer", forbidden(unreadable), /refuses even GET \/readyz/],
  ["nothing", new Unavailable("no answer from https://api"), /does not answer GET \/readyz: no answer from/],
  ["403, in a proxy's words", forbidden("access denied"), null],
  ["401", new ApiError(401, "Unauthorized", "Unauthorized"), null],
  ["404", new ApiError(404, "NotFound", "no such path"), null],
])("/readyz answers with %s", (_what, answer, sign) => {
  if (sign === null) expect(signOfStarting(answer)).toBeNull();
  else expect(signOfStarting(answer)).toMatch(sign);
});

describe("a 403 of what was never allowed", () => {
  const asks = (answers: (() => Promise<unknown>)[]) => {
    const timer = new FakeTimer();
    let asked = 0;
    const readiness = new Readiness(timer, () => {
      asked += 1;
      return (answers.length > 1 ? answers.shift() : answers[0])?.() ?? Promise.resolve();
    });
    return {
      timer,
      asked: () => asked,
      readiness,
      refused: () => readiness.mustAskAgain(forbidden(refusal), timer.now()),
    };
  };
  const ready = () => Promise.resolve("ok");
  const coming = () => Promise.reject(failed);

  test("of a server that is ready is asked again once, and then an answer", async () => {
    const { refused, asked } = asks([ready]);
    expect([await refused(), await refused(), await refused()]).toEqual([true, false, false]);
    expect(asked()).toBe(1);
  });

  test("that left before the server said that it is ready is asked again", async () => {
    const { readiness, timer, refused } = asks([ready]);
    const early = timer.now();
    await timer.pass(2_000);
    await refused();
    expect(await readiness.mustAskAgain(forbidden(refusal), early)).toBe(true);
  });

  test("long after the server was asked: it may have been restarted, and is asked anew", async () => {
    const { timer, refused, asked } = asks([ready]);
    await refused();
    await timer.pass(10_000);
    expect(await refused()).toBe(true);
    expect(asked()).toBe(2);
  });

  test("of a server that is coming up is no answer, for a minute at most", async () => {
    const { timer, refused } = asks([coming]);
    const starting = await refused().catch((thrown: unknown) => thrown);
    expect(starting).toBeInstanceOf(ServerStarting);
    expect(starting).toMatchObject({ leftMs: 60_000, message: expect.stringContaining("informer-sync failed") });
    expect(String(starting)).toContain(refusal);
    await timer.pass(59_000);
    await expect(refused()).rejects.toMatchObject({ leftMs: 1_000 });
    await timer.pass(1_000);
    expect(await refused()).toBe(false);
  });

  test("that comes up, and then once more, is waited for each time", async () => {
    const { timer, refused } = asks([coming, ready, coming]);
    await expect(refused()).rejects.toBeInstanceOf(ServerStarting);
    await timer.pass(50_000);
    expect(await refused()).toBe(true);
    await timer.pass(50_000);
    await expect(refused()).rejects.toMatchObject({ leftMs: 60_000 });
  });

  test("of many requests at once is one question", async () => {
    const { refused, asked } = asks([coming]);
    await Promise.allSettled(Array.from({ length: 20 }, () => refused()));
    expect(asked()).toBe(1);
  });
});

/** How a kube-apiserver comes up: it refuses everything, then calls itself not ready, then lets us in. */
function comingUp(): { readonly answer: Answer; stage: "refuses" | "not ready" | "well" } {
  const server: ReturnType<typeof comingUp> = {
    stage: "refuses",
    answer({ path }: Seen, response) {
      if (server.stage === "well")
        return json(response, 200, path === "/version" ? { gitVersion: "v1.34.4" } : { metadata: {}, items: [] });
      if (path !== "/readyz") return status(response, 403, "Forbidden", { message: refusal });
      if (server.stage === "refuses") return status(response, 403, "Forbidden", { message: unreadable });
      response.writeHead(500).end(notSynced);
      server.stage = "well";
    },
  };
  return server;
}

/** Time that passes while somebody sleeps, and only then. */
function sleepersTime(): LinkTimer {
  let now = 0;
  return {
    speedup: 1,
    now: () => now,
    sleep(ms) {
      now += ms;
      return Promise.resolve();
    },
    deadline: () => new AbortController().signal,
  };
}

test("a process that starts beside the server waits, says for what and until when, and goes on", async () => {
  const up = comingUp();
  await using server = await FakeServer.start(up.answer);
  const client = clientOf(server.url, {}, sleepersTime());
  const told: [string, number][] = [];
  await contactServer(client, new AbortController().signal, (sign, leftMs) => {
    told.push([sign, leftMs]);
    if (up.stage === "refuses") up.stage = "not ready";
  });
  await client.close();
  expect(told).toEqual([
    [expect.stringMatching(/is starting .* refuses even GET \/readyz.* nodes is forbidden/), 60_000],
    [
      expect.stringMatching(/GET \/readyz with 500: poststarthook\/rbac\/bootstrap-roles failed: reason withheld;/),
      58_000,
    ],
  ]);
});

test("a right that is missing is told at once by a server that is ready, and after its time by one that never is", async () => {
  let readyz = 200;
  await using server = await FakeServer.start(({ path }, response) => {
    if (path === "/version") return json(response, 200, { gitVersion: "v1.34.4" });
    if (path !== "/readyz") return status(response, 403, "Forbidden", { message: refusal });
    response.writeHead(readyz).end("[-]etcd failed: reason withheld");
  });
  const contacted = async () => {
    const client = clientOf(server.url, {}, sleepersTime());
    try {
      await contactServer(client, new AbortController().signal);
    } finally {
      await client.close();
    }
  };
  const asked = (path: string) => server.seen.filter((one) => one.path === path).length;
  await expect(inWords(contacted())).rejects.toMatchObject({
    code: "FORBIDDEN",
    message: expect.stringMatching(/scope\.$/),
  });
  expect([asked("/api/v1/nodes"), asked("/readyz")]).toEqual([2, 1]);
  readyz = 500;
  await expect(inWords(contacted())).rejects.toMatchObject({
    code: "FORBIDDEN",
    message: expect.stringMatching(/scope \(so for 60 s, in which it answers GET \/readyz with 500: etcd failed/),
  });
});

test("what may be missing is not taken for missing while the server comes up", async () => {
  const up = comingUp();
  await using server = await FakeServer.start(up.answer);
  const client = clientOf(server.url);
  await expect(client.find("/api/v1/namespaces/kube-system/configmaps/kubeadm-config")).rejects.toBeInstanceOf(
    Unavailable,
  );
  await client.close();
});
