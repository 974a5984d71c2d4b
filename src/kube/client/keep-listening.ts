import type { Transport } from "./transport.ts";

/**
 * So long without an answer to anybody, and one is asked for; in milliseconds. Half of what is called silence: an exec that a dead
 * kubelet keeps waiting is not to pass for it.
 */
const quietMs = 5_000;
const lookEveryMs = 1_000;
const answerMs = 15_000;

/**
 * Asks for the API server's version whenever nothing else was answered for a while, until the signal ends it. Watches may
 * be quiet for minutes, and a way that swallows everything looks the same: only what waits for an answer tells them apart.
 */
export async function keepListening(
  transport: Pick<Transport, "timer" | "gate" | "call">,
  signal: AbortSignal,
): Promise<void> {
  const { timer, gate } = transport;
  const question = { method: "GET", path: "/version", idempotent: true, retry: false, timeoutMs: answerMs } as const;
  while (!signal.aborted) {
    // What it meets, a refusal too, the gate hears: the connection's state is made of that.
    if (gate.quietMs >= quietMs) await transport.call({ ...question, signal }).catch(() => undefined);
    await timer.sleep(lookEveryMs, signal).catch(() => undefined);
  }
}
