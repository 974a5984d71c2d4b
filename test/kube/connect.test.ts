import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import net, { type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TLSSocket } from "node:tls";
import { loopbackCertificate } from "crossfade-lab/api/serve/certificate.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sourceDirectory } from "../../src/engine/sources/registry.ts";
import { connect } from "../../src/kube/connect.ts";
import { inWords } from "../support/said.ts";
import { type Answer, FakeServer, json, status } from "./support/fake-server.ts";

const { signal } = new AbortController();
const folder = mkdtempSync(path.join(tmpdir(), "connect-"));
const { key, cert } = loopbackCertificate();
const base64 = (pem: string) => Buffer.from(pem).toString("base64");

/** What a server needs to answer so that connect() is content. */
const well: Answer = (seen, response) =>
  json(response, 200, seen.path === "/version" ? { gitVersion: "v1.33.4" } : { metadata: {}, items: [] });

function kubeconfig(cluster: object, user: object = {}): string {
  const file = path.join(folder, `config-${Math.random()}`);
  writeFileSync(
    file,
    JSON.stringify({
      "current-context": "here",
      contexts: [{ name: "here", context: { cluster: "c", user: "u" } }],
      clusters: [{ name: "c", cluster }],
      users: [{ name: "u", user }],
    }),
  );
  return file;
}

async function tryTo(cluster: object, user: object = {}, env: Record<string, string> = {}) {
  const found = await connect({ kubeconfig: kubeconfig(cluster, user), env, sources: sourceDirectory, signal });
  await found.close();
}

/** An API server that speaks TLS with the certificate of loopback and asks for one of the client's. */
let secure: https.Server;
let peers: string[] = [];
const secureUrl = () => `https://127.0.0.1:${(secure.address() as AddressInfo).port}`;

beforeAll(async () => {
  secure = https.createServer(
    { key, cert, requestCert: true, ca: [cert], rejectUnauthorized: false },
    (request, response) => {
      peers.push(
        Object.keys((request.socket as TLSSocket).getPeerCertificate()).length > 0 ? "client certificate" : "anonymous",
      );
      json(response, 200, request.url === "/version" ? { gitVersion: "v1" } : { metadata: {}, items: [] });
    },
  );
  secure.listen(0, "127.0.0.1");
  await once(secure, "listening");
});
afterAll(async () => {
  secure.closeAllConnections();
  secure.close();
  await once(secure, "close");
  rmSync(folder, { recursive: true });
});

const refusals: readonly [what: string, answer: Answer, code: string, message: RegExp][] = [
  [
    "401",
    (_seen, response) => status(response, 401, "Unauthorized"),
    "FORBIDDEN",
    /does not accept the credentials of context here/,
  ],
  [
    "403",
    (_seen, response) => status(response, 403, "Forbidden", { message: 'User "jane" cannot list nodes' }),
    "FORBIDDEN",
    /does not let context here read the cluster: User "jane"/,
  ],
  ["500", (_seen, response) => status(response, 500, "InternalError"), "UNREACHABLE", /answered 500/],
  ["404", (_seen, response) => status(response, 404, "NotFound"), "UNREACHABLE", /not as a Kubernetes API server/],
  ["a web page", (_seen, response) => response.end("<html>"), "UNREACHABLE", /not as a Kubernetes API server/],
  [
    "the way to a login page",
    (_seen, response) => response.writeHead(302, { location: "https://login.example" }).end(),
    "UNREACHABLE",
    /not as a Kubernetes API server/,
  ],
  [
    "a version to every question",
    (_seen, response) => json(response, 200, { gitVersion: "v1.33.4" }),
    "UNREACHABLE",
    /not as a Kubernetes API server/,
  ],
  ["another API", (_seen, response) => json(response, 200, {}), "UNREACHABLE", /not as a Kubernetes API server/],
];

test.each(refusals)("a server that answers with %s is told in one sentence", async (_what, answer, code, message) => {
  await using server = await FakeServer.start(answer);
  await expect(inWords(tryTo({ server: server.url }))).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
    remedy: expect.stringMatching(/\w/),
  });
});

test("a server that is not there is told with its address and why", async () => {
  const gone = await FakeServer.start(well);
  const { url } = gone;
  await gone[Symbol.asyncDispose]();
  await expect(inWords(tryTo({ server: url }))).rejects.toMatchObject({
    code: "UNREACHABLE",
    message: expect.stringContaining("ECONNREFUSED"),
  });
});

test("a server that speaks no TLS is told so in our own words", async () => {
  await using server = await FakeServer.start(well);
  await expect(inWords(tryTo({ server: server.url.replace("http:", "https:") }))).rejects.toMatchObject({
    message: expect.stringMatching(/it does not speak TLS\.$/),
    remedy: expect.stringContaining("http instead of https"),
  });
});

test("an address that carries a password is refused, without the password", async () => {
  const refused = tryTo({ server: "https://jane:hunter2@cluster.example" });
  await expect(inWords(refused)).rejects.toMatchObject({
    code: "KUBECONFIG",
    message: expect.not.stringContaining("hunter2"),
  });
});

test("the token goes out, and each impersonated group as a header line of its own", async () => {
  await using server = await FakeServer.start(well);
  await tryTo({ server: server.url }, { token: "t", as: "jane", "as-groups": ["dev", "ops"] });
  const [seen] = server.seen;
  expect(seen?.headers.authorization).toBe("Bearer t");
  const lines = seen?.rawHeaders.filter((_, index, all) => all[index - 1]?.toLowerCase() === "impersonate-group");
  expect(lines).toEqual(["dev", "ops"]);
});

test("a server whose certificate nobody vouches for is refused", async () => {
  await expect(inWords(tryTo({ server: secureUrl() }))).rejects.toMatchObject({
    code: "UNREACHABLE",
    message: expect.stringMatching(/its certificate is not signed by the authority that the kubeconfig names/),
    remedy: expect.stringContaining("certificate-authority-data"),
  });
});

const trusted: readonly [what: string, cluster: object, user: object, peer: string][] = [
  ["CA data", { "certificate-authority-data": base64(cert) }, {}, "anonymous"],
  ["a CA file", { "certificate-authority": "ca.crt" }, {}, "anonymous"],
  [
    "CA data beside a file that is not there",
    { "certificate-authority-data": base64(cert), "certificate-authority": "gone.crt" },
    {},
    "anonymous",
  ],
  ["insecure-skip-tls-verify", { "insecure-skip-tls-verify": true }, {}, "anonymous"],
  [
    "a client certificate",
    { "certificate-authority-data": base64(cert) },
    { "client-certificate-data": base64(cert), "client-key-data": base64(key) },
    "client certificate",
  ],
];

test.each(trusted)("%s is enough to speak", async (_what, cluster, user, peer) => {
  writeFileSync(path.join(folder, "ca.crt"), cert);
  peers = [];
  await tryTo({ server: secureUrl(), ...cluster }, user);
  expect(new Set(peers)).toEqual(new Set([peer]));
});

test("tls-server-name decides which name the certificate must bear", async () => {
  const cluster = { server: secureUrl(), "certificate-authority-data": base64(cert) };
  await tryTo({ ...cluster, "tls-server-name": "localhost" });
  await expect(inWords(tryTo({ ...cluster, "tls-server-name": "elsewhere" }))).rejects.toThrow(/elsewhere/);
});

test("a certificate file that is not there is named", async () => {
  const missing = tryTo({ server: secureUrl(), "certificate-authority": "gone.crt" });
  await expect(inWords(missing)).rejects.toMatchObject({
    code: "KUBECONFIG",
    message: expect.stringContaining("gone.crt"),
  });
});

test("a CA file that is empty is refused: Node would take it for none, and trust whoever the system trusts", async () => {
  writeFileSync(path.join(folder, "empty.crt"), "\n");
  await expect(inWords(tryTo({ server: secureUrl(), "certificate-authority": "empty.crt" }))).rejects.toMatchObject({
    code: "KUBECONFIG",
    message: expect.stringContaining("one of them is empty"),
  });
});

/** Tunnels and notes where to. */
async function connectProxy() {
  const tunnels: string[] = [];
  const proxy = http.createServer();
  proxy.on("connect", (request, socket) => {
    tunnels.push(request.url ?? "");
    const [host, port] = (request.url ?? "").split(":");
    const inner = net.connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      inner.pipe(socket).pipe(inner);
    });
    inner.on("error", () => socket.destroy());
    socket.on("error", () => inner.destroy());
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  return { proxy, tunnels, url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` };
}

test("proxy-url: TLS is spoken with the API server inside the tunnel", async () => {
  const { proxy, tunnels, url } = await connectProxy();
  await tryTo({ server: secureUrl(), "certificate-authority-data": base64(cert), "proxy-url": url });
  expect(new Set(tunnels)).toEqual(new Set([new URL(secureUrl()).host]));
  proxy.close();
});

test("a SOCKS5 proxy is spoken with", async () => {
  const asked: string[] = [];
  const proxy = net.createServer((socket) => {
    socket.once("data", () => {
      socket.write(Buffer.from([5, 0]));
      socket.once("data", (request) => {
        const length = request[4] ?? 0;
        const port = request.readUInt16BE(5 + length);
        asked.push(request.subarray(5, 5 + length).toString());
        const inner = net.connect(port, "127.0.0.1", () => {
          socket.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]));
          inner.pipe(socket).pipe(inner);
        });
        inner.on("error", () => socket.destroy());
        socket.on("error", () => inner.destroy());
      });
    });
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const proxyUrl = `socks5://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  await tryTo({ server: secureUrl(), "insecure-skip-tls-verify": true, "proxy-url": proxyUrl });
  expect(new Set(asked)).toEqual(new Set(["127.0.0.1"]));
  proxy.close();
});

test("a proxy that refuses is told as such", async () => {
  await using server = await FakeServer.start(() => undefined);
  server.onUpgrade = null;
  await expect(tryTo({ server: "https://api.example:6443", "proxy-url": "http://127.0.0.1:1" })).rejects.toMatchObject({
    code: "UNREACHABLE",
  });
});
