import { describe, expect, test } from "vitest";
import type { LinkSettings } from "../../../src/kube/client/link-settings.ts";
import { redact, withoutCredentials } from "../../../src/kube/client/redact.ts";
import { apiError, hiding } from "../../../src/kube/client/send.ts";
import { cpuMs, growsLinearly } from "../../support/cpu-ms.ts";

const jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzeXN0ZW0ifQ.c2lnbmF0dXJl";

describe("what looks like a secret in another program's words is taken out", () => {
  test.each([
    ["Authorization: Bearer CANARY123", "Authorization: Bearer (hidden)"],
    ['{"authorization":"Basic CANARY123=="}', '{"authorization":"Basic (hidden)"}'],
    [`could not use ${jwt}, sorry`, "could not use (hidden token), sorry"],
    ["sent Bearer abc123 to it", "sent Bearer (hidden) to it"],
    ["Basic bTphYg== was refused", "Basic (hidden) was refused"],
    ['Authorization: "Basic bTph"', 'Authorization: "Basic (hidden)"'],
    ["password: ab1", "password: (hidden)"],
    ["token=x", "token=(hidden)"],
    ["http://me:ab1@proxy:3128", "http://me:(hidden)@proxy:3128"],
    ["proxyconnect http://me:CANARY@proxy:3128 refused", "proxyconnect http://me:(hidden)@proxy:3128 refused"],
    ["AWS_SECRET_ACCESS_KEY=CANARY", "AWS_SECRET_ACCESS_KEY=(hidden)"],
    ["-----BEGIN EC PRIVATE KEY-----\nCANARY\n-----END EC PRIVATE KEY-----", "(hidden key)"],
    ["-----BEGIN PRIVATE KEY-----\nCANARY cut off", "(hidden key)"],
  ])("%s", (text, shown) => expect(redact(text)).toBe(shown));

  test.each([
    'pods is forbidden: User "a" cannot list',
    "the token bucket is empty",
    "basic auth is off",
    "Bearer token is missing",
    "the bearer of 3 tokens",
    "basic 401 is what it answered",
    "Error loading SSO Token: Token for prod does not exist",
  ])("%s stays", (text) => expect(redact(text)).toBe(text));

  test("however long and however built the text, it takes no time", () => {
    const texts = ["-----BEGIN PRIVATE KEY-----", "://a:", "token=", "eyJaaaaaaaa.", "authorization: "];
    for (const text of texts) {
      const tenth = cpuMs(() => redact(text.repeat(20_000)));
      const whole = cpuMs(() => redact(text.repeat(200_000)));
      expect(growsLinearly(tenth, whole), `${text}: ${tenth} ms for a tenth, ${whole} ms for all`).toBe(true);
    }
  });
});

describe("a server that answers with what it was sent", () => {
  const settings: LinkSettings = {
    server: "https://api:6443",
    tls: { key: "-----BEGIN PRIVATE KEY-----\nCANARYKEYLINE\n-----END PRIVATE KEY-----\n" },
    proxy: "http://me:CANARY%40proxy@proxy:3128",
    headers: { Authorization: `Basic ${Buffer.from("me:CANARYpassword").toString("base64")}` },
  };
  const sent = Buffer.from("me:CANARYpassword").toString("base64");

  test.each([sent, "me:CANARYpassword", "CANARYpassword", "CANARY@proxy", "CANARY%40proxy", "CANARYKEYLINE"])(
    "does not bring %s into an error",
    (secret) => {
      const answer = { status: 500, headers: {}, hide: hiding(settings) };
      const plain = apiError(answer, `<h1>debug</h1> you sent ${secret} !`);
      const status = JSON.stringify({
        kind: "Status",
        message: `you sent ${secret}`,
        details: { causes: [{ message: `because of ${secret}` }] },
      });
      const known = apiError(answer, status);
      expect(JSON.stringify([plain.message, known.message, known.causes])).not.toContain(secret);
      expect(known.message).toBe("you sent (hidden)");
    },
  );

  test("half of a credential, where a long message is cut, is one too", () => {
    const answer = { status: 500, headers: {}, hide: hiding(settings) };
    for (const length of [290, 1_990]) {
      const said = `${"x".repeat(length)} ${sent} and so on`;
      const texts = [apiError(answer, said).message, apiError(answer, JSON.stringify({ message: said })).message];
      expect(texts.join(" ")).not.toContain(sent.slice(0, 8));
    }
  });

  test("a message that is no text is not taken for one", () => {
    const answer = { status: 500, headers: {}, hide: hiding(settings) };
    expect(apiError(answer, '{"message":{"a":1}}').message).toBe('{"message":{"a":1}}');
  });

  test("a short password does not black out sentences", () => {
    const short = { ...settings, headers: { Authorization: `Basic ${Buffer.from("a:is").toString("base64")}` } };
    expect(withoutCredentials("this is forbidden", short)).toBe("this is forbidden");
  });
});
