import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import net, { type AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { type Certificate, clientCertificate, loopbackCertificate } from "crossfade-lab/api/serve/certificate.ts";
import { describe, expect, test, vi } from "vitest";
import { Unavailable } from "../../../src/engine/model/errors.ts";
import { ApiError } from "../../../src/kube/client/api-error.ts";
import { inEngineWords } from "../../../src/kube/client/translate-errors.ts";
import { saidOf } from "../../support/said.ts";
import { FakeServer, json, status } from "../support/fake-server.ts";
import { Login } from "../support/login.ts";

const authority = loopbackCertificate();
const years = (number: number) => number * 365 * 86_400_000;
const ada = { username: "ada", groups: ["ops"] };
const valid = clientCertificate(authority, ada);
const renewed = clientCertificate(authority, ada);
/** A lab's certificate lasts five years. */
const expired = clientCertificate(authority, ada, Date.now() - years(6));
const ofStrangers = loopbackCertificate();
const base64 = (text: string) => Buffer.from(text).toString("base64");

/** As a kube-apiserver: it asks for a certificate, and answers 401 to one that it does not believe. */
async function believing(): Promise<Login> {
  const tls = { ...authority, requestCert: true, ca: [authority.cert], rejectUnauthorized: false };
  const server = await FakeServer.start((_seen, response) => {
    if ((response.req.socket as TLSSocket).authorized) json(response, 200, { metadata: {}, items: [] });
    else status(response, 401, "Unauthorized", { message: "Unauthorized" });
  }, tls);
  return Login.at(server, { "certificate-authority-data": base64(authority.cert) });
}

const ways: readonly [string, (login: Login, pair: Certificate) => object][] = [
  ["data", (_login, { cert, key }) => ({ "client-certificate-data": base64(cert), "client-key-data": base64(key) })],
  [
    "files",
    (login, { cert, key }) => {
      writeFileSync(login.at("tls.crt"), cert);
      writeFileSync(login.at("tls.key"), key);
      return { "client-certificate": login.at("tls.crt"), "client-key": login.at("tls.key") };
    },
  ],
];

describe.each(ways)("a client certificate by %s", (_way, user) => {
  test("valid", async () => {
    await using login = await believing();
    expect(await login.as(user(login, valid)).ask()).toBe("asked");
    expect(login.server.seen.length).toBe(1);
  });

  test("expired: refused, with the reason, and taken again once it was renewed in mid-run", async () => {
    await using login = await believing();
    login.as(user(login, expired)).atWork();
    const thrown = await login.ask();
    expect(thrown).toMatchObject({
      status: 401,
      message: expect.stringMatching(/the client certificate expired at 20/),
    });
    expect(inEngineWords(thrown)).toBeInstanceOf(Unavailable);
    login.writes(user(login, renewed));
    expect(await login.ask()).toBe("asked");
  });

  test("valid, then renewed before it ended: the new one is taken when the old one is not", async () => {
    await using login = await believing();
    login.as(user(login, valid)).atWork();
    expect(await login.ask()).toBe("asked");
    const answer = login.server.answer;
    const { serialNumber } = new X509Certificate(renewed.cert);
    login.server.answer = (seen, response) =>
      (response.req.socket as TLSSocket).getPeerCertificate().serialNumber === serialNumber
        ? answer(seen, response)
        : status(response, 401, "Unauthorized");
    login.writes(user(login, renewed));
    expect(await login.ask()).toBe("asked");
  });

  test("signed by somebody else: refused, and a reason to wait at work", async () => {
    await using login = await believing();
    const thrown = await login.as(user(login, ofStrangers)).atWork().ask();
    expect(thrown).toMatchObject({ status: 401, message: "Unauthorized" });
    expect(inEngineWords(thrown)).toMatchObject({ clearedBy: "credentials that it accepts" });
  });
});

/** Whoever ends TLS before the API server refuses certificates by an alert, as Go's servers do. */
async function alerting(login: Login, alert: number) {
  const port = Number(new URL(login.server.url).port);
  const front = { refuses: true, url: "" };
  const server = net.createServer((socket) => {
    socket.on("error", () => socket.destroy());
    if (front.refuses) return void socket.once("data", () => socket.end(Buffer.of(21, 3, 3, 0, 2, 2, alert)));
    const inner = net.connect(port, "127.0.0.1");
    inner.on("error", () => socket.destroy());
    socket.on("close", () => inner.destroy());
    socket.pipe(inner).pipe(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  front.url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { front, close: () => void server.close() };
}

test.each([
  ["bad certificate", 42],
  ["certificate revoked", 44],
  ["certificate expired", 45],
  ["certificate unknown", 46],
  ["unknown CA", 48],
])(
  "refused by a TLS alert (%s): a refusal and no outage, and files that were renewed are taken",
  async (_what, alert) => {
    await using login = await believing();
    const { front, close } = await alerting(login, alert);
    const [, user] = ways[1] ?? [];
    login.as(user?.(login, valid) ?? {}, front.url).atWork();
    const thrown = await login.ask();
    expect(thrown).toBeInstanceOf(ApiError);
    expect(thrown).toMatchObject({
      status: 401,
      message: expect.stringContaining("does not accept our client certificate"),
    });
    expect(inEngineWords(thrown)).toMatchObject({ clearedBy: "credentials that it accepts" });
    front.refuses = false;
    user?.(login, renewed);
    expect(await login.ask()).toBe("asked");
    close();
  },
);

test("a server that lets nobody in without a certificate says so", async () => {
  const tls = { ...authority, requestCert: true, ca: [authority.cert], rejectUnauthorized: true };
  const server = await FakeServer.start((_seen, response) => json(response, 200, { metadata: {}, items: [] }), tls);
  await using login = Login.at(server, { "certificate-authority-data": base64(authority.cert) });
  expect(await login.as({}).ask()).toMatchObject({ status: 401, message: expect.stringContaining("or misses one") });
  const [, user] = ways[1] ?? [];
  expect(await login.as(user?.(login, valid) ?? {}).ask()).toBe("asked");
});

describe("files that are renewed one after the other", () => {
  const user = (login: Login) => ways[1]?.[1](login, valid) ?? {};

  test("at the start: a certificate with another's key is one sentence", async () => {
    await using login = await believing();
    const as = user(login);
    writeFileSync(login.at("tls.key"), renewed.key);
    expect(saidOf(await login.as(as).ask())).toMatchObject({
      code: "KUBECONFIG",
      message: expect.stringContaining("key values mismatch"),
    });
  });

  test.each<[string, (login: Login) => void]>([
    ["the key is not there yet", (login) => writeFileSync(login.at("tls.crt"), renewed.cert)],
    ["the certificate is half written", (login) => writeFileSync(login.at("tls.crt"), renewed.cert.slice(0, 200))],
    ["the certificate is away", (login) => rmSync(login.at("tls.crt"))],
  ])("at work, while %s: no answer, and gone on with once both are there", async (_what, spoil) => {
    await using login = await believing();
    login.as(user(login)).atWork();
    spoil(login);
    const thrown = await login.ask();
    expect(thrown).toBeInstanceOf(Unavailable);
    expect(thrown).toMatchObject({ retryAfterMs: 5_000, clearedBy: "credentials for the cluster" });
    writeFileSync(login.at("tls.crt"), renewed.cert);
    writeFileSync(login.at("tls.key"), renewed.key);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 5_000 });
    expect(await login.ask()).toBe("asked");
    vi.useRealTimers();
  });
});
