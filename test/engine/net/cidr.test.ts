import { expect, test } from "vitest";
import {
  contains,
  covers,
  firstFree,
  formatAddress,
  formatCidr,
  hostCidr,
  overlaps,
  parseAddress,
  parseCidr,
  pieceOf,
  sizeOf,
} from "../../../src/engine/net/cidr.ts";

const cidr = (text: string) => {
  const parsed = parseCidr(text);
  if (!parsed) throw new Error(`${text} is junk`);
  return parsed;
};

test.each([
  ["0.0.0.0", "0.0.0.0"],
  ["255.255.255.255", "255.255.255.255"],
  ["10.244.3.17", "10.244.3.17"],
  ["::", "::"],
  ["::1", "::1"],
  ["2001:DB8::0:1", "2001:db8::1"],
  ["fd00:0:0:1:0:0:0:9", "fd00:0:0:1::9"],
  ["1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"],
  ["1::", "1::"],
  ["::ffff:10.0.0.1", "::ffff:a00:1"],
])("reads address %s", (text, shown) => {
  const address = parseAddress(text);
  expect(address && formatAddress(address)).toBe(shown);
});

test.each([
  "",
  "10.0.0",
  "10.0.0.256",
  "010.0.0.1",
  "10.0.0.1 ",
  "10.0.0.1/8",
  "a.b.c.d",
  "1.2.3.4.5",
  "-1.0.0.0",
  ":",
  ":::",
  "1::2::3",
  "12345::",
  "1:2:3:4:5:6:7",
  "1:2:3:4:5:6:7:8:9",
  "1:2:3:4:5:6:7:8::",
  "fe80::1%eth0",
  "::10.0.0.999",
])("takes %j for no address", (text) => {
  expect(parseAddress(text)).toBeNull();
});

test.each([
  "10.0.0.0",
  "10.0.0.0/33",
  "10.0.0.0/",
  "10.0.0.0/08",
  "10.0.0.0/-1",
  "fd00::/129",
  "/8",
  "10.0.0.0/8/8",
  "None",
])("takes %j for no range", (text) => {
  expect(parseCidr(text)).toBeNull();
});

test.each([
  ["10.244.3.17/16", "10.244.0.0/16"],
  ["0.0.0.0/0", "0.0.0.0/0"],
  ["10.1.2.3/32", "10.1.2.3/32"],
  ["fd00::1234/104", "fd00::/104"],
])("cuts %s down to %s", (text, shown) => {
  expect(formatCidr(cidr(text))).toBe(shown);
});

test.each([
  ["10.244.0.0/16", "10.244.255.255", true],
  ["10.244.0.0/16", "10.245.0.0", false],
  ["0.0.0.0/0", "192.0.2.1", true],
  ["fd00::/8", "fdff::1", true],
  ["0.0.0.0/0", "fd00::1", false],
  ["::/0", "10.0.0.1", false],
  ["junk", "10.0.0.1", false],
  ["10.0.0.0/8", "junk", false],
])("%s holds %s: %s", (range, address, held) => {
  expect(contains(range, address)).toBe(held);
});

test.each([
  ["10.0.0.0/8", "10.244.0.0/16", true],
  ["10.244.0.0/16", "10.245.0.0/16", false],
  ["10.244.0.0/15", "10.245.0.0/16", true],
  ["::/0", "10.0.0.0/8", false],
])("%s overlaps %s: %s, both ways", (a, b, expected) => {
  expect(overlaps(cidr(a), cidr(b))).toBe(expected);
  expect(overlaps(cidr(b), cidr(a))).toBe(expected);
});

test("a range has as many pieces as fit, and no more", () => {
  const pool = cidr("10.245.0.0/16");
  expect(formatCidr(pieceOf(pool, 24, 255) ?? pool)).toBe("10.245.255.0/24");
  expect(pieceOf(pool, 24, 256)).toBeNull();
  expect(pieceOf(pool, 24, -1)).toBeNull();
  expect(pieceOf(pool, 15, 0)).toBeNull();
  expect(pieceOf(pool, 33, 0)).toBeNull();
  expect(sizeOf(pool)).toBe(65_536n);
});

/** A generator whose seed is in the name of what fails. */
function random(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

test.each(Array.from({ length: 40 }, (_, index) => index * 7919 + 1))(
  "the first free piece touches nothing in use, and every piece before it does (seed %i)",
  (seed) => {
    const next = random(seed);
    const from = cidr("10.0.0.0/8");
    const used = Array.from({ length: next(60) }, () =>
      cidr(`10.${next(40)}.${next(256)}.${next(256)}/${9 + next(24)}`),
    );
    const prefix = 10 + next(11);
    const found = firstFree(from, prefix, used);
    if (!found) {
      for (let index = 0; index < 2 ** (prefix - 8); index += 1) {
        const piece = pieceOf(from, prefix, index);
        expect(used.some((range) => piece !== null && overlaps(range, piece))).toBe(true);
      }
      return;
    }
    expect(found.prefix).toBe(prefix);
    expect(covers(from, found)).toBe(true);
    expect(used.some((range) => overlaps(range, found))).toBe(false);
    const index = Number((found.base - from.base) / sizeOf(found));
    for (let before = 0; before < index; before += 1) {
      const piece = pieceOf(from, prefix, before);
      expect(used.some((range) => piece !== null && overlaps(range, piece))).toBe(true);
    }
  },
);

test("an address that is read and written again is the same, for both families", () => {
  const next = random(4711);
  for (let round = 0; round < 500; round += 1) {
    const v6 = Array.from({ length: 8 }, () => (next(3) === 0 ? next(65_536).toString(16) : "0")).join(":");
    const v4 = Array.from({ length: 4 }, () => next(256)).join(".");
    for (const text of [v4, v6]) {
      const address = parseAddress(text);
      expect(address, text).not.toBeNull();
      if (!address) continue;
      expect(parseAddress(formatAddress(address)), text).toEqual(address);
      expect(covers(hostCidr(address), hostCidr(address))).toBe(true);
    }
  }
});
