import { expect, test, vi } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { Unavailable } from "../../../src/engine/model/errors.ts";
import { outageReason } from "../../../src/engine/model/hold.ts";
import { said } from "../../support/said.ts";
import { clientOf } from "../support/client-of.ts";
import { FakeServer } from "../support/fake-server.ts";
import { TestFence } from "../support/test-fence.ts";

const target = { namespace: "kube-system", pod: "cilium-x", container: "cilium-agent" };

const frame = (channel: number, body: string) => Buffer.concat([Buffer.from([channel]), Buffer.from(body)]);
const statusFrame = (status: object) => frame(3, JSON.stringify(status));

/** A server whose exec sessions do as the test says. */
async function execServer(
  session: (socket: WebSocket, argv: readonly string[]) => void,
  protocol = "v5.channel.k8s.io",
) {
  const fake = await FakeServer.start(() => undefined);
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => (offered.has(protocol) ? protocol : false),
  });
  fake.onUpgrade = (request, socket, head) => {
    const url = new URL(request.url ?? "", "http://fake");
    sockets.handleUpgrade(request, socket, head, (open) => session(open, url.searchParams.getAll("command")));
  };
  return fake;
}

test.each(["v5.channel.k8s.io", "v4.channel.k8s.io"])(
  "%s: arguments go as they are, both streams and success come back",
  async (protocol) => {
    const asked: (readonly string[])[] = [];
    await using server = await execServer((socket, argv) => {
      asked.push(argv);
      socket.send(frame(1, "out"));
      socket.send(frame(2, "err"));
      socket.send(frame(1, "put"));
      socket.send(statusFrame({ status: "Success" }));
    }, protocol);
    const client = clientOf(server.url);
    const answer = await client.exec(target, ["cat", "a file & more"]);
    expect(answer).toEqual({ stdout: "output", stderr: "err", exitCode: 0 });
    expect(asked).toEqual([["cat", "a file & more"]]);
    await client.close();
  },
);

const endings: readonly [what: string, status: object, exitCode: number][] = [
  [
    "the exit code comes from the causes",
    { status: "Failure", reason: "NonZeroExitCode", details: { causes: [{ reason: "ExitCode", message: "7" }] } },
    7,
  ],
  [
    "a program that is not in the image is 127",
    { status: "Failure", reason: "InternalError", message: 'exec: "foo": executable file not found in $PATH: unknown' },
    127,
  ],
];

test.each(endings)("%s", async (_what, status, exitCode) => {
  await using server = await execServer((socket) => socket.send(statusFrame(status)));
  const client = clientOf(server.url);
  expect((await client.exec(target, ["foo"])).exitCode).toBe(exitCode);
  await client.close();
});

test("any other failure is Unavailable, never an answer", async () => {
  await using server = await execServer((socket) =>
    socket.send(statusFrame({ status: "Failure", message: "container not running" })),
  );
  const client = clientOf(server.url);
  const error = await client.exec(target, ["ls"]).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Unavailable);
  expect(error).toMatchObject({ message: "could not run ls in kube-system/cilium-x: container not running" });
  await client.close();
});

test("whoever echoes our credentials in the status of an exec does not bring them into an error", async () => {
  await using server = await execServer((socket) =>
    socket.send(statusFrame({ status: "Failure", message: "gateway rejected credential CANARYtokenOfTheExec" })),
  );
  const settings = {
    server: server.url,
    tls: {},
    proxy: null,
    headers: { Authorization: "Bearer CANARYtokenOfTheExec" },
  };
  const client = clientOf(server.url, { current: () => Promise.resolve(settings) });
  await expect(client.exec(target, ["ls"])).rejects.toThrow(
    "could not run ls in kube-system/cilium-x: gateway rejected credential (hidden)",
  );
  await client.close();
});

test("a socket that drops before the end is Unavailable", async () => {
  await using server = await execServer((socket) => {
    socket.send(frame(1, "half"));
    socket.terminate();
  });
  const client = clientOf(server.url);
  await expect(client.exec(target, ["ls"])).rejects.toThrow(/closed before its end/);
  await client.close();
});

test("a command that does not end is given up after its time", async () => {
  await using server = await execServer(() => undefined);
  const client = clientOf(server.url);
  await expect(client.exec(target, ["sleep"], { timeoutMs: 40 })).rejects.toBeInstanceOf(Unavailable);
  await client.close();
});

test("the caller's signal ends it with its own reason", async () => {
  const leaving = new AbortController();
  await using server = await execServer(() => leaving.abort(new Error("we leave")));
  const client = clientOf(server.url);
  await expect(client.exec(target, ["sleep"], { signal: leaving.signal })).rejects.toThrow("we leave");
  await client.close();
});

test("a pod that was replaced is told as that, in the server's words, and as no outage of the API server", async () => {
  await using server = await FakeServer.start(() => undefined);
  const body = JSON.stringify({ kind: "Status", message: 'pods "cilium-x" not found', reason: "NotFound", code: 404 });
  server.onUpgrade = (_request, socket) =>
    socket.end(
      `HTTP/1.1 404 Not Found\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
  const client = clientOf(server.url);
  const thrown: unknown = await client.exec(target, ["ls"]).catch((error: unknown) => error);
  expect(said(outageReason(thrown as Unavailable))).toMatchObject({
    because: 'Pod kube-system/cilium-x to be replaced: pods "cilium-x" not found',
    clearedBy: "the pod that takes its place",
  });
  await client.close();
});

test("a command that changes something is not sent once the fence has closed; one that reads is", async () => {
  const asked: (readonly string[])[] = [];
  await using server = await execServer((socket, argv) => {
    asked.push(argv);
    socket.send(statusFrame({ status: "Success" }));
  });
  const client = clientOf(server.url);
  for (const closesAtCheck of [1, 2, 3]) {
    const fence = new TestFence();
    fence.onCheck = () => {
      fence.closed = fence.checks >= closesAtCheck;
    };
    client.fence = fence;
    await expect(client.exec(target, ["rm", "x"], { writes: true })).rejects.toThrow("not ours");
    expect(fence.checks).toBe(closesAtCheck);
  }
  await client.exec(target, ["cat", "x"]);
  expect(asked).toEqual([["cat", "x"]]);
  await client.close();
});

test("one that was sent and is not let through is broken off before the lease may be taken; one that reads is not", async () => {
  await using server = await FakeServer.start(() => undefined);
  let gone = 0;
  server.onUpgrade = (_request, socket) => {
    socket.on("error", () => undefined);
    socket.once("close", () => (gone += 1));
    socket.once("end", () => socket.destroy()).resume();
  };
  const client = clientOf(server.url);
  const fence = new TestFence();
  fence.leftMs = () => 60;
  client.fence = fence;
  await expect(client.exec(target, ["rm", "x"], { writes: true })).rejects.toThrow("no answer while the lease lasts");
  await vi.waitFor(() => expect(gone).toBe(1));
  await expect(client.exec(target, ["cat", "x"], { timeoutMs: 300 })).rejects.toMatchObject({
    message: expect.stringContaining("no end within"),
    clearedBy: `Pod ${target.namespace}/${target.pod} answering`,
  });
  await client.close();
});
