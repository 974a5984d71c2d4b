import { readdirSync } from "node:fs";
import { createConnection } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** The engine looks at the cluster at least this often, and says of each node what it saw. */
export const tickMs = 2_000;

/** What an engine says and when, as another panel hears it. */
export interface Heard {
  longestGapMs: number;
  said: number;
  stop(): void;
}

/** Listens to the engine whose socket lies below this XDG_RUNTIME_DIR. */
export function hearEngine(runtimeDir: string): Heard {
  const folder = join(runtimeDir, "crossfade");
  const connection = createConnection(join(folder, readdirSync(folder)[0] ?? ""));
  const heard = { longestGapMs: 0, said: 0, stop: () => void connection.destroy() };
  let last = performance.now();
  createInterface({ input: connection }).on("line", () => {
    const now = performance.now();
    heard.longestGapMs = Math.max(heard.longestGapMs, now - last);
    heard.said += 1;
    last = now;
  });
  return heard;
}
