/** Seeded randomness: the same seed tells the same story. */
export interface Random {
  /** 0 ≤ x < 1 */
  next(): number;
  /** Whole number, both ends included. */
  between(low: number, high: number): number;
  /** Lower-case letters and digits as Kubernetes uses them in generated names. */
  suffix(length: number): string;
  uuid(): string;
  /** A stream of its own, so that one part's draws do not move another's. */
  fork(label: string): Random;
}

/** The alphabet of apimachinery's rand.String: no vowels, no look-alikes. */
const alphabet = "bcdfghjklmnpqrstvwxz2456789";

/** mulberry32: small, fast and good enough for a simulation. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  const from = (letters: string, length: number) =>
    Array.from({ length }, () => letters[between(0, letters.length - 1)]).join("");
  const hex = (length: number) => from("0123456789abcdef", length);
  return {
    next,
    between,
    suffix: (length) => from(alphabet, length),
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${from("89ab", 1)}${hex(3)}-${hex(12)}`,
    fork: (label) =>
      seededRandom(
        Array.from(label).reduce((hash, c) => Math.imul(hash ^ c.charCodeAt(0), 16777619), seed ^ 0x811c9dc5),
      ),
  };
}
