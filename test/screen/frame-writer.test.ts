import { expect, test } from "vitest";
import { FrameWriter } from "../../src/screen/frame-writer.ts";
import type { TtyOutput } from "../../src/screen/tty-output.ts";

/** A terminal that takes a write only when it is told to. */
function slowTerminal() {
  const sent: string[] = [];
  const waiting: (() => void)[] = [];
  const output: TtyOutput = {
    send(text) {
      sent.push(text);
      return new Promise((taken) => waiting.push(taken));
    },
    sendSync: (text) => void sent.push(text),
    close: () => {},
  };
  const takeAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      waiting.shift()?.();
      await Promise.resolve();
      await Promise.resolve();
      await Promise.resolve();
    }
  };
  return { output, sent, takeAll };
}

const writerOn = (output: TtyOutput, onGone: (error: unknown) => void = () => {}) =>
  new FrameWriter({ output, columns: 20, rows: 4, onGone });

test("while one write is on its way, only the newest frame is kept", async () => {
  const terminal = slowTerminal();
  const writer = writerOn(terminal.output);
  for (const word of ["one", "two", "three", "four"]) writer.show(word);
  expect(terminal.sent).toHaveLength(1);
  await terminal.takeAll();
  await writer.settled();
  expect(terminal.sent).toHaveLength(2);
  expect(terminal.sent[1]).toContain("four");
  expect(writer.counters()).toMatchObject({ frames: 4, sent: 2, overtaken: 2 });
});

test("a frame that changes nothing sends nothing", async () => {
  const terminal = slowTerminal();
  const writer = writerOn(terminal.output);
  writer.show("same");
  await terminal.takeAll();
  const { bytes } = writer.counters();
  writer.show("same");
  await terminal.takeAll();
  await writer.settled();
  expect(writer.counters()).toMatchObject({ sent: 1, bytes });
});

test("after a resize everything is sent again", async () => {
  const terminal = slowTerminal();
  const writer = writerOn(terminal.output);
  writer.show("text");
  await terminal.takeAll();
  writer.resize(10, 4);
  writer.show("text");
  await terminal.takeAll();
  expect(terminal.sent[1]).toContain("\x1b[2J");
  expect(terminal.sent[1]).toContain("text");
});

test("a terminal that is gone is written to no more", async () => {
  const errors: unknown[] = [];
  let writes = 0;
  const output: TtyOutput = {
    send() {
      writes += 1;
      return Promise.reject(Object.assign(new Error("write EIO"), { code: "EIO" }));
    },
    sendSync: () => {},
    close: () => {},
  };
  const writer = writerOn(output, (error) => errors.push(error));
  writer.show("one");
  await writer.settled();
  writer.show("two");
  await writer.settled();
  expect(errors).toHaveLength(1);
  expect(writes).toBe(1);
});

test("while held nothing is sent; afterwards all of it", async () => {
  const terminal = slowTerminal();
  const writer = writerOn(terminal.output);
  writer.hold();
  writer.show("hidden");
  expect(terminal.sent).toEqual([]);
  writer.resume();
  await terminal.takeAll();
  expect(terminal.sent[0]).toContain("hidden");
});

test("the clipboard's sequence goes between frames", async () => {
  const terminal = slowTerminal();
  const writer = writerOn(terminal.output);
  writer.show("frame");
  writer.sendBetween("\x1b]52;c;bm9kZQ==\x07");
  await terminal.takeAll();
  await writer.settled();
  expect(terminal.sent.join("")).toContain("\x1b]52;c;bm9kZQ==\x07");
});
