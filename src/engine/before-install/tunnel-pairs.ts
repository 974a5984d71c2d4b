/** Up to so many nodes every pair is tried. */
const mostPeers = 8;

/**
 * Whom the node at this place of the ring sends to: both neighbours, so that each pair of them is tried both ways, and a few far away,
 * which are behind other switches; never all of thousands.
 */
export function peersOf<T>(ring: readonly T[], at: number): readonly T[] {
  const count = ring.length;
  const steps =
    count - 1 <= mostPeers
      ? Array.from({ length: Math.max(0, count - 1) }, (_, index) => index + 1)
      : [...new Set([1, count - 1, Math.floor(count / 2), Math.floor(count / 4), Math.floor((count * 3) / 4)])];
  return steps.flatMap((step) => ring[(at + step) % count] ?? []);
}
