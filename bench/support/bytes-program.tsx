import { EventEmitter } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { render } from "ink";
import { App } from "../../src/components/app.tsx";
import { FrameWriter } from "../../src/screen/frame-writer.ts";
import { InkStdin, InkStdout } from "../../src/screen/ink-streams.ts";
import { wallClock } from "../../src/store/panel-clock.ts";
import { createPanelStore } from "../../src/store/panel-store.ts";
import { unicodeGlyphs } from "../../src/store/text/glyphs.ts";
import { now as fixtureNow, type StateName, states } from "../../test/support/panel/states.ts";

/** Draws one state by one renderer into a terminal that only counts: `node bytes-program.mjs STATE COLUMNS ROWS`. */
const [name = "paused", columns = 80, rows = 24] = process.argv.slice(2);
const size = { columns: Number(columns), rows: Number(rows) };
const look = { colour: true, ascii: false };
const idleMs = 6_000;
const keys = "jjjkkkjjjkkkjjjkkkjjjkkk".split("");

interface Drawn {
  readonly bytes: () => number;
  readonly stdin: InkStdin;
  readonly end: () => void;
}

/** The fixture's time goes on from where it stands. */
const began = Date.now();
const clock = { ...wallClock, now: () => fixtureNow + (Date.now() - began) };

function aStore() {
  const nothing = () => undefined;
  const controls = {
    ask: () => Promise.resolve(null),
    takeOver: () => Promise.resolve(null),
    restart: () => Promise.resolve(null),
    copy: nothing,
    saveScreen: () => Promise.resolve(""),
    repaint: nothing,
    suspend: nothing,
    leave: nothing,
  };
  const state = states[name as StateName]();
  return createPanelStore({
    state,
    controls,
    clock,
    cluster: "prod-eu",
    user: "ada@bastion",
    size,
    glyphs: unicodeGlyphs,
    zone: "UTC",
  });
}

const ended = (ink: { unmount(): void }, store: { end(): void }) => () => {
  ink.unmount();
  store.end();
};

const common = { interactive: true, exitOnCtrlC: false, patchConsole: false };

function byWriter(): Drawn {
  let sent = 0;
  const output = {
    send(text: string) {
      sent += Buffer.byteLength(text);
      return Promise.resolve();
    },
    sendSync: () => undefined,
    close: () => undefined,
  };
  const writer = new FrameWriter({ output, ...size, onGone: () => undefined });
  const store = aStore();
  const stdin = new InkStdin();
  const stdout = new InkStdout(size.columns, size.rows, (frame) => writer.show(frame)) as unknown as NodeJS.WriteStream;
  const ink = render(<App store={store} look={look} />, {
    ...common,
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout,
    debug: true,
  });
  return { bytes: () => sent, stdin, end: ended(ink, store) };
}

class CountingTerminal extends EventEmitter {
  readonly isTTY = true;
  readonly writable = true;
  readonly columns = size.columns;
  readonly rows = size.rows;
  sent = 0;

  write(text: string, ...rest: readonly unknown[]): boolean {
    this.sent += Buffer.byteLength(text);
    const written = rest.at(-1);
    if (typeof written === "function") setImmediate(() => written());
    return true;
  }
}

function byInk(incrementalRendering: boolean): Drawn {
  const terminal = new CountingTerminal();
  const store = aStore();
  const stdin = new InkStdin();
  const ink = render(<App store={store} look={look} />, {
    ...common,
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: terminal as unknown as NodeJS.WriteStream,
    alternateScreen: true,
    incrementalRendering,
    maxFps: 60,
  });
  return { bytes: () => terminal.sent, stdin, end: ended(ink, store) };
}

const drawn = { writer: byWriter(), incremental: byInk(true), plain: byInk(false) };
const all = Object.values(drawn);
await sleep(1_500);
const first = all.map(({ bytes }) => bytes());
await sleep(idleMs);
const idle = all.map(({ bytes }, index) => ((bytes() - (first[index] ?? 0)) * 1000) / idleMs);
const perKey: number[][] = all.map(() => []);
for (const key of keys) {
  const before = all.map(({ bytes }) => bytes());
  for (const { stdin } of all) stdin.feed(key);
  await sleep(160);
  for (const [index, { bytes }] of all.entries()) perKey[index]?.push(bytes() - (before[index] ?? 0));
}
process.stdout.write(
  `${JSON.stringify(Object.keys(drawn).map((renderer, index) => ({ renderer, firstBytes: first[index], idlePerS: idle[index], perKey: perKey[index] })))}\n`,
);
for (const { end } of all) end();
process.exit(0);
