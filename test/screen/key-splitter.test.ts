import { expect, test } from "vitest";
import { keySplitter } from "../../src/screen/key-splitter.ts";

const esc = "\x1b";

const keysOf = (pieces: ReturnType<ReturnType<typeof keySplitter>["push"]>): readonly string[] =>
  pieces.map((piece) => (piece.kind === "key" ? piece.sequence : `paste:${piece.text}`));

const table: readonly (readonly [what: string, chunks: readonly string[], keys: readonly string[]])[] = [
  ["one letter", ["j"], ["j"]],
  ["a burst of letters", ["jjj"], ["j", "j", "j"]],
  ["letters and Enter in one read", ["dd\r"], ["d", "d", "\r"]],
  ["an arrow", [`${esc}[A`], [`${esc}[A`]],
  ["three arrows at once", [`${esc}[A${esc}[B${esc}OC`], [`${esc}[A`, `${esc}[B`, `${esc}OC`]],
  ["an arrow cut after the escape", [esc, "[A"], [`${esc}[A`]],
  ["an arrow cut in its middle", [`j${esc}[`, "Bk"], ["j", `${esc}[B`, "k"]],
  ["page keys with parameters", [`${esc}[5~${esc}[6;5~`], [`${esc}[5~`, `${esc}[6;5~`]],
  ["Shift-Tab", [`${esc}[Z`], [`${esc}[Z`]],
  ["keys of the Linux console", [`${esc}[[A`], [`${esc}[[A`]],
  ["Esc and a letter in one read", [`${esc}j`], [esc, "j"]],
  ["Esc, and a letter before the wait is over", [esc, "j"], [esc, "j"]],
  ["Esc and a character of several units", [`${esc}🙂`], [esc, "🙂"]],
  ["Esc and an arrow", [`${esc}${esc}[A`], [esc, `${esc}[A`]],
  ["control letters among others", ["\x03\x1aq"], ["\x03", "\x1a", "q"]],
  ["characters of several units", ["é漢🙂"], ["é", "漢", "🙂"]],
  ["a paste", [`${esc}[200~rm -rf\r${esc}[201~`], ["paste:rm -rf\r"]],
  ["a paste among keys", [`j${esc}[200~y${esc}[201~k`], ["j", "paste:y", "k"]],
  ["a paste in pieces", [`${esc}[200~pro`, "d-", `eu${esc}[20`, "1~q"], ["paste:prod-eu", "q"]],
  ["a paste of which the start is cut", [`${esc}[20`, `0~y${esc}[201~`], ["paste:y"]],
  ["an escape sequence inside a paste", [`${esc}[200~a${esc}[Ab${esc}[201~`], [`paste:a${esc}[Ab`]],
];

for (const [what, chunks, keys] of table) {
  test(`${what} is split into single keys`, () => {
    const splitter = keySplitter();
    expect(chunks.flatMap((chunk) => keysOf(splitter.push(chunk)))).toEqual(keys);
    expect(splitter.waits).toBe(false);
  });
}

test("a lone escape waits, then is the Esc key", () => {
  const splitter = keySplitter();
  expect(splitter.push(esc)).toEqual([]);
  expect(splitter.waits).toBe(true);
  expect(keysOf(splitter.flush())).toEqual([esc]);
  expect(splitter.waits).toBe(false);
});

test("Esc and the beginning of what might be a sequence are two keys once the wait is over", () => {
  const splitter = keySplitter();
  expect(splitter.push(`${esc}[`)).toEqual([]);
  expect(keysOf(splitter.flush())).toEqual([esc, "["]);
});

test("two Esc are two keys", () => {
  const splitter = keySplitter();
  expect(keysOf(splitter.push(esc + esc))).toEqual([esc]);
  expect(keysOf(splitter.flush())).toEqual([esc]);
});

test("a sequence of which the rest never comes types nothing", () => {
  const splitter = keySplitter();
  splitter.push(`${esc}[1;`);
  expect(splitter.flush()).toEqual([]);
});

test("a paste does not wait as an escape does", () => {
  const splitter = keySplitter();
  splitter.push(`${esc}[200~abc`);
  expect(splitter.waits).toBe(false);
});

test("keys of one read share the chunk, and know how much was typed in it", () => {
  const splitter = keySplitter();
  const [first, second] = splitter.push("ab");
  const [third] = splitter.push("c");
  expect(first).toMatchObject({ chunk: 1, printable: 2 });
  expect(second).toMatchObject({ chunk: 1, printable: 2 });
  expect(third).toMatchObject({ chunk: 2, printable: 1 });
});

test("an endless sequence is dropped, not hoarded", () => {
  const splitter = keySplitter();
  splitter.push(`${esc}[${"1;".repeat(100)}`);
  expect(splitter.waits).toBe(false);
});
