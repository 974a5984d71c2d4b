import { spawn } from "node:child_process";
import { once } from "node:events";
import { builtBench } from "./support/built.ts";
import { figure, median, say, table } from "./support/figures.ts";

/**
 * Bytes that the panel sends to the terminal: per key (j and k in the node list) and per second while nobody touches
 * it, by the panel's own frame writer (src/screen) and by plain Ink 8 in the alternate screen, with and without
 * incrementalRendering. The same components draw the same states of test/support/states.ts for all three, in one
 * process and at one time: busy (a drain held by a budget: spinner and clocks go), paused (nothing moves), and 5,000
 * nodes. Keys that fall together with a tick of the spinner bear its bytes, for all three alike; hence medians.
 */
interface Counted {
  readonly renderer: "writer" | "incremental" | "plain";
  readonly firstBytes: number;
  readonly idlePerS: number;
  readonly perKey: readonly number[];
}

const [program = ""] = await builtBench("bench/support/bytes-program.tsx");

async function count(state: string, columns: number, rows: number): Promise<readonly Counted[]> {
  const child = spawn(process.execPath, [program, state, String(columns), String(rows)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stderr.on("data", (chunk: Buffer) => {
    err += chunk.toString();
  });
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  const [code] = (await once(child, "close")) as [number];
  if (code !== 0) throw new Error(`the panel ended with ${code}: ${err}`);
  return JSON.parse(out) as readonly Counted[];
}

const named = { writer: "crossfade's writer", incremental: "Ink 8 incremental", plain: "Ink 8 default" };
const ratios: string[] = [];
for (const [columns, rows] of [
  [80, 24],
  [200, 50],
] as const) {
  for (const [state, label] of [
    ["draining-held", "busy"],
    ["paused", "paused"],
    ["5000-nodes", "5,000 nodes"],
  ] as const) {
    const counted = await count(state, columns, rows);
    say(`${columns}×${rows}, ${label}:`);
    say(
      table([
        ["", "per key", "untouched", "first frame"],
        ...counted.map(({ renderer, perKey, idlePerS, firstBytes }) => [
          named[renderer],
          figure(perKey, "B"),
          `${idlePerS.toFixed(0)} B/s`,
          `${firstBytes} B`,
        ]),
      ]),
    );
    say();
    const [writer, ...others] = counted;
    for (const other of others) {
      const key = median(writer?.perKey ?? []) / median(other.perKey);
      const idle = other.idlePerS === 0 ? "both 0" : ((writer?.idlePerS ?? 0) / other.idlePerS).toFixed(3);
      ratios.push(
        `RATIO ${columns}×${rows} ${label}, crossfade's writer / ${named[other.renderer]}: per key ${key.toFixed(3)}, untouched ${idle}`,
      );
    }
  }
}
for (const line of ratios) say(line);
