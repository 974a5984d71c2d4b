import { builtBench } from "./support/built.ts";
import { figure, quantile, ratio, say, table } from "./support/figures.ts";
import { PtyProgram, type PtySize } from "./support/pty-program.ts";

/**
 * Key to terminal with 5,000 nodes, in a pty: the real panel on a played run, paused so that nothing else draws, against
 * itself with 6 nodes and against the list that Ink's documentation leads to (every node a row, the rest clipped). The
 * time runs from the key's write to the first byte that comes back; processor time is the panel process's own, per
 * key. Then the same panel untouched while 50 events a second come in.
 */
/** Down and up again: the list of six has no more room. */
const keys = "kkkjjj".repeat(7).split("");
const pace = 120;
const [panel = "", naive = ""] = await builtBench("test/support/panel-program.tsx", "bench/support/naive-list.tsx");
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

interface Pressed {
  readonly ms: readonly number[];
  readonly cpuPerKeyMs: number;
  readonly bytesPerKey: number;
  readonly rssMb: number;
}

async function pressed(argv: readonly string[], size: PtySize, ready: RegExp, before = ""): Promise<Pressed> {
  const program = new PtyProgram(argv, size, { NODE_ENV: "production" });
  await program.shows(ready);
  await sleep(1_000);
  if (before !== "") await program.press(before);
  await sleep(1_500);
  for (let key = 0; key < 5; key++) await program.press("j");
  await sleep(500);
  const [cpu, bytes] = [program.cpuMs(), program.bytes];
  const ms: number[] = [];
  for (const key of keys) {
    const took = await program.press(key);
    if (took !== null) ms.push(took);
    await sleep(pace);
  }
  const used: Pressed = {
    ms,
    cpuPerKeyMs: (program.cpuMs() - cpu) / keys.length,
    bytesPerKey: (program.bytes - bytes) / keys.length,
    rssMb: program.rssMb(),
  };
  await program.hangUp();
  return used;
}

async function untouched(state: string, size: PtySize): Promise<{ readonly cpu: number; readonly bytesPerS: number }> {
  const program = new PtyProgram([panel, "--state", state, "--storm"], size, { NODE_ENV: "production" });
  await program.shows(/prod-eu/);
  await sleep(1_500);
  const [cpu, bytes, from] = [program.cpuMs(), program.bytes, performance.now()];
  await sleep(5_000);
  const ms = performance.now() - from;
  const used = { cpu: ((program.cpuMs() - cpu) / ms) * 100, bytesPerS: ((program.bytes - bytes) / ms) * 1000 };
  await program.hangUp();
  return used;
}

for (const size of [
  { columns: 80, rows: 24 },
  { columns: 200, rows: 50 },
]) {
  const runs = {
    "crossfade, 5,000 nodes": await pressed([panel, "--state", "5000-nodes"], size, /prod-eu/, "p"),
    "crossfade, 6 nodes": await pressed([panel, "--state", "paused"], size, /prod-eu/),
    "plain Ink list, 5,000 rows": await pressed([naive], size, /ip-10-0-0/),
  };
  say(`${size.columns}×${size.rows}:`);
  say(
    table([
      ["", "key to terminal", "95th", "CPU per key", "bytes per key", "RSS"],
      ...Object.entries(runs).map(([name, { ms, cpuPerKeyMs, bytesPerKey, rssMb }]) => [
        name,
        figure(ms, "ms"),
        `${quantile(ms, 0.95).toFixed(1)} ms`,
        `${cpuPerKeyMs.toFixed(1)} ms`,
        `${bytesPerKey.toFixed(0)} B`,
        `${rssMb} MB`,
      ]),
    ]),
  );
  const [big, small, plain] = Object.values(runs);
  say(ratio("key to terminal, 5,000 nodes / 6 nodes", big?.ms ?? [], small?.ms ?? []));
  say(ratio("key to terminal, crossfade / plain Ink list of 5,000 rows", big?.ms ?? [], plain?.ms ?? []));
  const storm = await untouched("5000-nodes", size);
  const calm = await untouched("draining-held", size);
  say(
    `untouched, 50 events a second: ${storm.cpu.toFixed(0)} % of a core and ${storm.bytesPerS.toFixed(0)} B/s with 5,000 nodes; ${calm.cpu.toFixed(0)} % and ${calm.bytesPerS.toFixed(0)} B/s with 6`,
  );
  say();
}
