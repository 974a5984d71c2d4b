/** Numbers that a seed decides (mulberry32): the same seed plays the same run. */
export interface Random {
  /** 0 ≤ x < 1 */
  next(): number;
  chance(of: number): boolean;
  between(low: number, high: number): number;
  pick<const T>(from: readonly [T, ...T[]]): T;
}

export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    chance: (of) => next() < of,
    between: (low, high) => Math.floor(low + next() * (high - low + 1)),
    pick: <const T>(from: readonly [T, ...T[]]): T => from[Math.floor(next() * from.length)] ?? from[0],
  };
}
