/** Milliseconds to wait before try number `attempt` (from 0), with jitter so that many clients do not return as one. */
export function backoffMs(attempt: number, firstMs: number, mostMs: number): number {
  const full = Math.min(mostMs, firstMs * 2 ** Math.min(attempt, 20));
  return full / 2 + Math.random() * (full / 2);
}
