import type { PathSample, Ports } from "../ports.ts";
import type { Crossing } from "./crossings.ts";

/** Sends one sample. Throws CouldNotAsk when it could not be sent. */
export async function ask(ports: Ports, crossing: Crossing, signal: AbortSignal): Promise<PathSample> {
  const answer = await ports.prober.probe(crossing.from, crossing.target, signal);
  return { path: crossing.path, at: ports.clock.now(), between: crossing.between, answer };
}

/** A single success proves nothing on a flapping path. */
const inARow = 2;

/** Asks every crossing `inARow` times; returns, per crossing that failed, what it said. */
export async function failures(
  ports: Ports,
  crossings: readonly Crossing[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const failed = await Promise.all(
    crossings.map(async (crossing) => {
      for (let round = 0; round < inARow; round++) {
        const { answer } = await ask(ports, crossing, signal);
        if (!answer.ok) return [`${crossing.between}: ${answer.error}`];
      }
      return [];
    }),
  );
  return failed.flat();
}
