import type { Journey } from "../panel/journey.ts";
import { patienceMs, Rest } from "../patience.ts";

/** Asking its socket would be somebody who watches: whether it lives is asked of the system. */
export async function untilGone(pid: number, journey: Journey): Promise<void> {
  const rest = new Rest();
  const nodeRecords = () => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  while (nodeRecords()) {
    if (rest.spent() > patienceMs)
      throw new Error(`the engine never ended:\n${journey.journal().slice(-9).join("\n")}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
