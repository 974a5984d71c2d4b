import { describe, expect, test } from "vitest";
import { KnownSecrets } from "../../src/engine/known-secrets.ts";

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

  test("a short word is no secret", () => expect(knowing("is").hideInSentence("this is it")).toBe("this is it"));
});
