import { describe, expect, test } from "vitest";
import { KnownSecrets } from "../../../src/engine/model/known-secrets.ts";

const token = "eyJCANARYtokenOfAService0123456789";

function knowing(...secrets: readonly string[]): KnownSecrets {
  const known = new KnownSecrets();
  known.add(secrets);
  return known;
}

describe("a credential that was used once is taken out", () => {
  test.each([
    ["a sentence", "the gateway rejected kubernetes, sorry", "the gateway rejected (hidden), sorry"],
    ["a name is left alone", "kubernetes", "kubernetes"],
    ["a long one wherever it stands", `pre-${token}-post`, "pre-(hidden)-post"],
  ])("%s", (_what, said, shown) => expect(knowing("kubernetes", token).hideIn({ said })).toEqual({ said: shown }));

  test("as JSON, and as JSON in JSON, spells it", () => {
    const secret = 'p"ss\\word-of-the-proxy';
    const twice = JSON.stringify({ data: JSON.stringify({ text: `sent ${secret} to it` }) });
    expect(knowing(secret).hideInDocument(twice)).toBe('{"data":"{\\"text\\":\\"sent (hidden) to it\\"}"}');
  });

  test("also after it was renewed", () => {
    const known = knowing(token);
    known.add(["CANARYtheNextTokenOfThisRun"]);
    expect(known.hideInDocument(`${token} CANARYtheNextTokenOfThisRun`)).toBe("(hidden) (hidden)");
  });

  test("deep in lists and objects, and what holds none stays the very same", () => {
    const known = knowing(token);
    const clean = { a: [{ b: "c d" }] };
    expect(known.hideIn(clean)).toBe(clean);
    expect(known.hideIn({ a: [{ b: `x ${token}` }], clean })).toEqual({ a: [{ b: "x (hidden)" }], clean });
  });

  test("of a plan nothing: its hash stands for every word of it", () => {
    const said = { plan: { note: `x ${token}` } };
    expect(knowing(token).hideIn(said)).toBe(said);
  });

  test("however many were used, the eldest are forgotten", () => {
    const known = new KnownSecrets();
    for (let number = 0; number < 500; number++) known.add([`CANARY-of-a-long-run-${number}.`]);
    expect(known.hideInDocument("CANARY-of-a-long-run-0.")).toContain("CANARY");
    expect(known.hideInDocument("CANARY-of-a-long-run-499.")).toBe("(hidden)");
  });
});

describe("a short one", () => {
  // A password of six characters that no name could be, the pair that is sent for it, and a password that is a word.
  const known = knowing("Zq3xV9", "bWU6WnEzeFY5", "me:Zq3xV9", "dXNlcjpwYXNz", "p$ss;w", "worker", "abc123");

  test.each([
    ["rejected Zq3xV9", "rejected (hidden)"],
    ["password=Zq3xV9;", "password=(hidden);"],
    ["Basic bWU6WnEzeFY5, of me:Zq3xV9", "Basic (hidden), of (hidden)"],
    ["line\\nZq3xV9\\nline", "line\\n(hidden)\\nline"],
    ["\u001b[31mZq3xV9\u001b[39m", "\u001b[31m(hidden)\u001b[39m"],
    ["sent dXNlcjpwYXNz", "sent (hidden)"],
    ["xp$ss;w-p$ss;w", "xp$ss;w-(hidden)"],
  ])("that no name could be is taken out of sentences and documents: %j", (text, shown) => {
    expect(known.hideInSentence(text)).toBe(shown);
    expect(known.hideInDocument(JSON.stringify({ text }))).toBe(JSON.stringify({ text: shown }));
    expect(known.hideIn({ text })).toEqual({ text: shown });
  });

  test.each([
    ["the password worker is wrong", "the password (hidden) is wrong"],
    ['sent "abc123", refused', 'sent "(hidden)", refused'],
    ["user:worker was refused", "user:(hidden) was refused"],
  ])("that may be a word is taken out of sentences alone: %j", (text, shown) => {
    expect(known.hideIn({ text })).toEqual({ text: shown });
    expect(known.hideInDocument(text)).toBe(text);
  });

  test.each([
    "worker-1 drains, worker-2 waits",
    "shop/worker and worker.local and my-worker",
    "workers work; coworker; worker_id",
    "registry.example/abc123 and pod-abc123",
    "xZq3xV9 and Zq3xV9x are other words",
  ])("never in the middle of an ordinary text: %j", (text) => {
    expect(known.hideIn({ text })).toEqual({ text });
    expect(known.hideInSentence(text)).toBe(text);
  });

  test("a name by itself stays a name", () => {
    expect(known.hideIn({ node: "worker", nodes: ["abc123"] })).toEqual({ node: "worker", nodes: ["abc123"] });
  });

  test("of five letters is none", () => expect(knowing("Zq3xV").hideInSentence("Zq3xV")).toBe("Zq3xV"));
});
