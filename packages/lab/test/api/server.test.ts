import type { IncomingMessage } from "node:http";
import { get as httpsGet } from "node:https";
import { expect, test } from "vitest";
import WebSocket from "ws";
import type { KubeObject } from "../../objects.ts";
import { ApiError } from "../../store/api-error.ts";
import { configMap, startApi } from "./api-under-test.ts";

const maps = "/api/v1/namespaces/d/configmaps";
const pod = (containers = ["main"]): KubeObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "p", namespace: "d" },
  spec: { nodeName: "n1", containers: containers.map((name) => ({ name, image: "x" })) },
});

test("a fault of the lab's own is a 500 Status, is reported, and the server lives on", async () => {
  const broken = new Error("broken");
  await using api = await startApi({
    evict: () => {
      throw broken;
    },
  });
  const [code, status] = await api.ask("/api/v1/namespaces/d/pods/p/eviction", "POST", { metadata: { name: "p" } });
  expect([code, status.reason, status.message]).toEqual([500, "InternalError", "Internal error occurred: broken"]);
  expect(api.faults).toEqual([broken]);
  expect((await api.ask("/healthz"))[0]).toBe(200);
});

test("an injected refusal, delay and reset", async () => {
  const refusal = new ApiError(429, "TooManyRequests", "slow down", { retryAfterSeconds: 3 });
  const arrived = Promise.withResolvers<void>();
  await using api = await startApi({
    faults: ({ path }) => {
      if (path.endsWith("/refused")) return { refusal };
      if (path.endsWith("/late")) {
        arrived.resolve();
        return { delayMs: 5_000 };
      }
      return path.endsWith("/cut") ? { reset: "now" } : null;
    },
  });
  const refused = await api.open(`${maps}/refused`);
  refused.resume();
  expect([refused.statusCode, refused.headers["retry-after"]]).toEqual([429, "3"]);
  await expect(api.ask(`${maps}/cut`)).rejects.toThrow("ECONNRESET");
  let answered = false;
  const late = api.ask(`${maps}/late`).then(([code]) => {
    answered = true;
    return code;
  });
  await arrived.promise;
  await api.ask(`${maps}/other`);
  expect(answered).toBe(false);
  await api.clock.advance(5_000);
  expect(await late).toBe(404);
});

test.each([
  ["a request", {}],
  ["an upgrade", { connection: "Upgrade", upgrade: "websocket" }],
])("over TLS %s is cut too, and the server lives on", async (_, headers) => {
  await using api = await startApi({ faults: ({ path }) => (path.endsWith("/cut") ? { reset: "now" } : null) });
  const asked = new Promise((resolve, reject) => {
    const options = { ca: api.server.certificateAuthority, headers: { authorization: "Bearer t", ...headers } };
    httpsGet(`${api.server.secureUrl}${maps}/cut`, options, resolve).once("error", reject);
  });
  await expect(asked).rejects.toMatchObject({ code: "ECONNRESET" });
  expect(api.faults).toEqual([]);
  expect((await api.ask("/healthz"))[0]).toBe(200);
});

test("a stream may be cut some lab time after it began", async () => {
  await using api = await startApi({ faults: () => ({ reset: { afterMs: 1_000 } }) });
  const answer = await api.open(`${maps}?watch=true`);
  const cut = new Promise((resolve) => answer.once("error", resolve));
  answer.resume();
  await api.clock.advance(1_000);
  expect(await cut).toMatchObject({ code: "ECONNRESET" });
});

test("a continue token of more than five minutes is 410, with a token for an inconsistent rest", async () => {
  await using api = await startApi();
  for (const name of ["a", "b", "c"]) api.store.create("configmaps", configMap(name));
  const [, first] = await api.ask(`${maps}?limit=1`);
  expect(first.metadata.remainingItemCount).toBe(2);
  await api.clock.advance(5 * 60_000 + 1);
  const [code, status] = await api.ask(`${maps}?limit=1&continue=${first.metadata.continue}`);
  expect([code, status.reason]).toEqual([410, "Expired"]);
  api.store.delete("configmaps", "d", "b");
  const [, rest] = await api.ask(`${maps}?continue=${status.metadata.continue}`);
  expect(rest.items.map(({ metadata }: KubeObject) => metadata.name)).toEqual(["c"]);
});

test("the lab's own paths lead to its control", async () => {
  await using api = await startApi({ control: (path, body) => Promise.resolve({ status: 202, body: { path, body } }) });
  expect(await api.ask("/lab/faults?x=1", "POST", { a: 1 })).toEqual([202, { path: "/lab/faults", body: { a: 1 } }]);
});

test("a container must be named where there are several, and must be there", async () => {
  await using api = await startApi();
  api.store.create("pods", pod(["a", "b"]));
  const message = async (query: string) => (await api.ask(`/api/v1/namespaces/d/pods/p/log${query}`))[1].message;
  expect(await message("")).toBe("a container name must be specified for pod p, choose one of: [a b]");
  expect(await message("?container=c")).toBe("container c is not valid for pod p");
});

test("a log is cut at limitBytes, and its options reach the kubelet", async () => {
  const asked: unknown[] = [];
  const pods = {
    exec: () => Promise.reject(new Error("not asked")),
    logs: async (target: unknown, options: unknown, onLine: (line: string) => void) => {
      asked.push(target, options);
      for (const line of ["one", "two"]) onLine(line);
    },
  };
  await using api = await startApi({ pods });
  api.store.create("pods", pod());
  const [code, log] = await api.ask(
    "/api/v1/namespaces/d/pods/p/log?limitBytes=6&tailLines=9&previous=true&timestamps=false",
  );
  expect([code, log]).toEqual([200, "one\ntw"]);
  expect(asked).toEqual([
    { namespace: "d", pod: "p", container: "main" },
    { limitBytes: 6, tailLines: 9, previous: true },
  ]);
});

test.for(["v4.channel.k8s.io", "v5.channel.k8s.io"])(
  "exec speaks %s: streams on 1 and 2, the Status on 3",
  async (protocol) => {
    const pods = {
      exec: async () => ({ stdout: "out", stderr: "err", exitCode: 3 }),
      logs: () => Promise.resolve(),
    };
    await using api = await startApi({ pods });
    api.store.create("pods", pod());
    const url = `${api.server.url.replace("http", "ws")}/api/v1/namespaces/d/pods/p/exec?command=x&stdout=true&stderr=true`;
    const socket = new WebSocket(url, [protocol], { headers: { authorization: "Bearer t" } });
    const frames: Buffer[] = [];
    socket.on("message", (frame: Buffer) => frames.push(frame));
    await new Promise((resolve) => socket.once("close", resolve));
    expect(socket.protocol).toBe(protocol);
    expect(frames.slice(0, 2).map(String)).toEqual(["\u0001out", "\u0002err"]);
    expect(frames[2]?.[0]).toBe(3);
    expect(JSON.parse(String(frames[2]?.subarray(1)))).toMatchObject({
      reason: "NonZeroExitCode",
      details: { causes: [{ message: "3" }] },
    });
  },
);

test.for([
  ["exec", "v1.channel.k8s.io", 400, "t"],
  ["exec", "v5.channel.k8s.io", 401, "wrong"],
  ["portforward", "SPDY/3.1+portforward.k8s.io", 501, "t"],
  ["attach", "v5.channel.k8s.io", 501, "t"],
] as const)("an upgrade of %s with %s is refused with %i", async ([subresource, protocol, code, token]) => {
  await using api = await startApi();
  api.store.create("pods", pod());
  const url = `${api.server.url.replace("http", "ws")}/api/v1/namespaces/d/pods/p/${subresource}?command=x`;
  const headers = { authorization: `Bearer ${token}`, "sec-websocket-protocol": protocol };
  const socket = new WebSocket(url, { headers });
  const answer = await new Promise<IncomingMessage>((resolve) => {
    socket.once("unexpected-response", (_request, response) => resolve(response));
  });
  expect(answer.statusCode).toBe(code);
  socket.on("error", () => undefined).terminate();
});
