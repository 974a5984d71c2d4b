import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { type Certificate, loopbackCertificate } from "crossfade-lab/api/serve/certificate.ts";
import { describe, expect, test, vi } from "vitest";
import { Unavailable } from "../../../src/engine/model/errors.ts";
import { saidOf } from "../../support/said.ts";
import { FakeServer, json } from "../support/fake-server.ts";
import { basic, Login } from "../support/login.ts";

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");

/** An issuer of id-tokens that lets each refresh-token be used once. */
class Issuer implements AsyncDisposable {
  readonly server: FakeServer;
  readonly posts: { readonly body: string; readonly authorization: string }[] = [];
  refreshToken = "CANARYrefresh-1";
  refuses = false;
  #count = 1;
  /** In seconds, once for all: two tokens of the same number are one, also where a second ends between them. */
  readonly #now = Math.floor(Date.now() / 1000);

  private constructor(server: FakeServer) {
    this.server = server;
  }

  /** Over TLS where it is given a certificate. */
  static async open(tls: Certificate | null = null): Promise<Issuer> {
    const issuer = new Issuer(await FakeServer.start(() => undefined, tls));
    issuer.server.answer = ({ path: asked, body, headers }, response) => {
      if (asked === "/.well-known/openid-configuration")
        return json(response, 200, { issuer: issuer.server.url, token_endpoint: `${issuer.server.url}/token` });
      issuer.posts.push({ body, authorization: String(headers.authorization ?? "") });
      const given = new URLSearchParams(body).get("refresh_token");
      if (issuer.refuses || given !== issuer.refreshToken)
        return json(response, 400, { error: "invalid_grant", error_description: "Token is not active" });
      issuer.#count += 1;
      issuer.refreshToken = `CANARYrefresh-${issuer.#count}`;
      const token = issuer.token(3_600, issuer.#count);
      const answer = { access_token: "a", token_type: "Bearer", id_token: token, refresh_token: issuer.refreshToken };
      return json(response, 200, answer);
    };
    return issuer;
  }

  /** Ends in so many seconds. */
  token(seconds: number, number = 1): string {
    const claims = {
      iss: this.server.url,
      sub: "me",
      aud: "kube",
      iat: this.#now - 60,
      exp: this.#now + seconds,
      number,
    };
    return `${encoded({ alg: "RS256" })}.${encoded(claims)}.c2ln`;
  }

  user(seconds: number, more: object = {}): object {
    const config = {
      "idp-issuer-url": this.server.url,
      "client-id": "kube",
      "client-secret": "CANARYclientSecret",
      "id-token": this.token(seconds),
      "refresh-token": "CANARYrefresh-1",
      ...more,
    };
    return { "auth-provider": { name: "oidc", config } };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
  }
}

describe("auth-provider: oidc", () => {
  test("valid: the issuer is not asked", async () => {
    await using issuer = await Issuer.open();
    const user = issuer.user(3_600);
    await using login = await Login.open(`Bearer ${issuer.token(3_600)}`);
    expect(await login.as(user).ask()).toBe("asked");
    expect(issuer.server.seen).toEqual([]);
  });

  test.each([
    ["at the start", false],
    ["at work", true],
  ])("ended %s: renewed as a confidential client, and kept in the kubeconfig", async (_when, atWork) => {
    await using issuer = await Issuer.open();
    await using login = await Login.open();
    login.as(issuer.user(5));
    if (atWork) login.atWork();
    const renewed = issuer.token(3_600, 2);
    login.taken.add(`Bearer ${renewed}`);
    expect(await login.ask()).toBe("asked");
    expect(await login.ask()).toBe("asked");
    expect(issuer.posts).toEqual([
      {
        body: expect.stringContaining("refresh_token=CANARYrefresh-1"),
        authorization: basic("kube:CANARYclientSecret"),
      },
    ]);
    const kept = readFileSync(login.kubeconfig, "utf8");
    expect(kept).toContain(renewed);
    expect(kept).toContain("CANARYrefresh-2");
    expect(statSync(login.kubeconfig).mode & 0o777).toBe(0o600);
    expect(existsSync(`${login.kubeconfig}.lock`)).toBe(false);
  });

  test("eight requests at once renew it once, and again when that has ended too", async () => {
    await using issuer = await Issuer.open();
    await using login = await Login.open();
    login.as(issuer.user(5)).atWork();
    login.taken.add(`Bearer ${issuer.token(3_600, 2)}`);
    expect(new Set(await Promise.all(Array.from({ length: 8 }, () => login.ask())))).toEqual(new Set(["asked"]));
    expect(issuer.posts.length).toBe(1);
    // The server refuses it: renewed by the refresh-token that came last.
    login.taken.clear();
    login.taken.add(`Bearer ${issuer.token(3_600, 3)}`);
    expect(await login.ask()).toBe("asked");
    expect(issuer.posts.length).toBe(2);
  });

  test("renewed by kubectl or helm meanwhile: that token is taken, and the issuer not asked", async () => {
    await using issuer = await Issuer.open();
    await using login = await Login.open();
    login.as(issuer.user(5)).atWork();
    const theirs = issuer.token(3_600, 7);
    login.taken.add(`Bearer ${theirs}`);
    login.writes(issuer.user(5, { "id-token": theirs, "refresh-token": "CANARYrefresh-7" }));
    expect(await login.ask()).toBe("asked");
    expect(issuer.posts).toEqual([]);
  });

  test("the issuer refuses: a sentence at the start, at work a reason to wait; neither holds a token", async () => {
    await using issuer = await Issuer.open();
    await using login = await Login.open();
    issuer.refuses = true;
    const early = await login.as(issuer.user(-5)).ask();
    expect(saidOf(early)).toMatchObject({
      code: "KUBECONFIG",
      message: expect.stringContaining("invalid_grant: Token is not active"),
    });
    const late = await login.atWork().ask();
    expect(late).toBeInstanceOf(Unavailable);
    expect(`${String(early)} ${String(late)} ${saidOf(late).message}`).not.toMatch(/CANARY|eyJ/);
  });

  test("the issuer is down: at work a reason to wait", async () => {
    await using login = await Login.open();
    const issuer = await Issuer.open();
    login.as(issuer.user(-5)).atWork();
    await issuer[Symbol.asyncDispose]();
    const thrown = await login.ask();
    expect(thrown).toBeInstanceOf(Unavailable);
    expect(saidOf(thrown).message).toMatch(/issuer .* cannot be asked for a new id-token/);
  });

  test.each([
    ["no refresh-token", { "refresh-token": "" }, /no refresh-token/],
    ["an issuer without https", { "idp-issuer-url": "http://issuer.example" }, /no https address/],
  ])("with %s it says so", async (_what, more, why) => {
    await using issuer = await Issuer.open();
    await using login = await Login.open();
    expect(saidOf(await login.as(issuer.user(-5, more)).ask()).message).toMatch(why);
  });
});

describe("an issuer that speaks TLS with an authority of its own", () => {
  const authority = loopbackCertificate();
  const trusted = { "idp-certificate-authority-data": Buffer.from(authority.cert).toString("base64") };

  test("valid: it is not asked", async () => {
    await using issuer = await Issuer.open(authority);
    await using login = await Login.open(`Bearer ${issuer.token(3_600)}`);
    expect(await login.as(issuer.user(3_600, trusted)).ask()).toBe("asked");
    expect(issuer.server.seen).toEqual([]);
  });

  test.each<[string, (login: Login) => object]>([
    ["as data", () => trusted],
    [
      "as a file",
      (login) => {
        writeFileSync(login.at("issuer.crt"), authority.cert);
        return { "idp-certificate-authority": login.at("issuer.crt") };
      },
    ],
  ])(
    "expired, its authority %s: renewed by the refresh-token, in mid-run and again after that",
    async (_how, config) => {
      await using issuer = await Issuer.open(authority);
      await using login = await Login.open();
      login.as(issuer.user(5, config(login))).atWork();
      login.taken.add(`Bearer ${issuer.token(3_600, 2)}`);
      expect(await login.ask()).toBe("asked");
      expect(issuer.server.url).toMatch(/^https:/);
      expect(issuer.posts.length).toBe(1);
      login.taken.clear();
      login.taken.add(`Bearer ${issuer.token(3_600, 3)}`);
      expect(await login.ask()).toBe("asked");
      expect(issuer.posts.at(-1)?.body).toContain("refresh_token=CANARYrefresh-2");
    },
  );

  test("refused: the login is over, at the start a sentence and at work a reason to wait", async () => {
    await using issuer = await Issuer.open(authority);
    await using login = await Login.open();
    issuer.refuses = true;
    const early = await login.as(issuer.user(-5, trusted)).ask();
    expect(saidOf(early)).toMatchObject({
      code: "KUBECONFIG",
      message: expect.stringMatching(
        /^The issuer https:\S+ no longer renews the login of the kubeconfig: invalid_grant/,
      ),
      remedy: expect.stringContaining("log in again"),
    });
    expect(await login.atWork().ask()).toBeInstanceOf(Unavailable);
  });

  test("unreachable: a reason to wait at work, which is over once it answers", async () => {
    await using login = await Login.open();
    await using issuer = await Issuer.open(authority);
    login.as(issuer.user(-5, trusted)).atWork();
    const { answer } = issuer.server;
    issuer.server.answer = (_seen, response) => void response.socket?.destroy();
    const thrown = await login.ask();
    expect(thrown).toBeInstanceOf(Unavailable);
    expect(thrown).toMatchObject({
      retryAfterMs: 5_000,
      clearedBy: "credentials for the cluster",
    });
    expect(saidOf(thrown).message).toMatch(/issuer https:\S+ of the kubeconfig cannot be asked for a new id-token/);
    issuer.server.answer = answer;
    login.taken.add(`Bearer ${issuer.token(3_600, 2)}`);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 5_000 });
    expect(await login.ask()).toBe("asked");
    vi.useRealTimers();
  });

  const sixYears = 6 * 365 * 86_400_000;
  const over = loopbackCertificate(Date.now() - sixYears);

  test.each<[string, Certificate, object, RegExp]>([
    ["nobody vouches for", authority, {}, /self-signed certificate/],
    [
      "another authority vouches for",
      authority,
      { "idp-certificate-authority-data": Buffer.from(loopbackCertificate().cert).toString("base64") },
      /self-signed certificate|unable to/,
    ],
    ["has expired", over, { "idp-certificate-authority-data": Buffer.from(over.cert).toString("base64") }, /expired/],
  ])("whose certificate %s gets no refresh-token", async (_what, certificate, config, why) => {
    await using issuer = await Issuer.open(certificate);
    await using login = await Login.open();
    const thrown = await login.as(issuer.user(-5, config)).ask();
    expect(saidOf(thrown)).toMatchObject({ code: "KUBECONFIG", message: expect.stringMatching(why) });
    expect(issuer.posts).toEqual([]);
  });

  test("whose authority's file is away is one sentence", async () => {
    await using issuer = await Issuer.open(authority);
    await using login = await Login.open();
    const config = { "idp-certificate-authority": login.at("gone.crt") };
    expect(saidOf(await login.as(issuer.user(-5, config)).ask())).toMatchObject({
      code: "KUBECONFIG",
      message: expect.stringContaining("gone.crt"),
    });
  });
});
