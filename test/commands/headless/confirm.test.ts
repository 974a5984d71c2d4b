import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import type { World } from "../../../src/commands/command.ts";
import { confirm } from "../../../src/commands/headless/confirm.ts";

/** A question on a terminal whose person types this, or goes away. */
function ask(typed: string | null, abort = new AbortController()) {
  const stdin = new PassThrough();
  const stderr = new PassThrough();
  const world = { stdin, stderr, signal: abort.signal } as unknown as World;
  const asking = confirm({ lines: ["Everything goes back: 12 nodes\u001b[2J."], answer: "12" }, world);
  if (typed === null) stdin.end();
  else stdin.write(typed);
  return { asking, said: () => (stderr.read() as Buffer | null)?.toString() ?? "" };
}

test.each(["12\n", " 12 \n", "12\r\n"])("%j is yes", async (typed) => {
  const { asking, said } = ask(typed);
  await asking;
  expect(said()).toMatch(/^Everything goes back: 12 nodes.*\nType 12 and press Enter: /);
});

test.each([
  ["y\n", /"y" is not 12/],
  ["13\n", /"13" is not 12/],
  ["\n", /nothing was typed/],
  [null, /nothing was typed/],
])("%j changes nothing, and ends with what to do", async (typed, why) => {
  await expect(ask(typed).asking).rejects.toMatchObject({
    code: "USAGE",
    message: expect.stringMatching(new RegExp(`${why.source}: nothing was changed`)),
    remedy: expect.stringContaining("--yes"),
  });
});

test("Ctrl-C while it is asked ends it", async () => {
  const abort = new AbortController();
  const { asking } = ask("", abort);
  abort.abort(new Error("interrupted"));
  await expect(asking).rejects.toThrow();
});
