import { expect, test } from "vitest";
import type { Ports } from "../../../src/engine/model/ports/ports.ts";
import { ObserverLink } from "../../../src/engine/observers/observer-link.ts";

/** A cluster that counts what is asked of its observers' ConfigMap; its clock strikes at once or never. */
function aLink(late: "at once" | "never" = "never") {
  const told: string[] = [];
  const say = (word: string) => () => {
    told.push(word);
    return Promise.resolve();
  };
  const ports = {
    observers: { open: say("open"), close: say("close") },
    clock: { sleep: () => (late === "at once" ? Promise.resolve() : new Promise(() => undefined)) },
  } as unknown as Ports;
  return { link: new ObserverLink(ports), told };
}

test("it is opened once, and taken away only after a run that is over", async () => {
  const { link, told } = aLink();
  await link.open();
  await link.open();
  expect(link.isOpen).toBe(true);
  await link.close(false);
  expect(told).toEqual(["open"]);
  expect(link.isOpen).toBe(false);
  await link.open();
  await link.close(true);
  expect(told).toEqual(["open", "open", "close"]);
});

test("an answer that is under way is waited for, so that whoever asked for the run has it before the lease is given back", async () => {
  const { link } = aLink();
  const answer = Promise.withResolvers<void>();
  void link.owe(answer.promise);
  let isClosed = false;
  const closing = link.close(false).then(() => (isClosed = true));
  await Promise.resolve();
  expect(isClosed).toBe(false);
  answer.resolve();
  await closing;
  expect(isClosed).toBe(true);
});

test("one that never comes holds the end up for its time at most", async () => {
  const { link } = aLink("at once");
  void link.owe(new Promise(() => undefined));
  await link.close(false);
  expect(link.isOpen).toBe(false);
});
