import { beforeEach, expect, test } from "vitest";
import { ApiError } from "../../../src/kube/client/api-error.ts";
import type { LinkTimer } from "../../../src/kube/client/link-timer.ts";
import { type LogLink, listenTo } from "../../../src/kube/prober/listen.ts";

/** Time that passes when the test says so. */
class OwnTimer implements LinkTimer {
  readonly speedup = 1;
  #now = 0;
  #sleeping: { readonly until: number; readonly wake: () => void }[] = [];

  now = () => this.#now;
  deadline = () => new AbortController().signal;

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      this.#sleeping.push({ until: this.#now + ms, wake: resolve });
    });
  }

  /** To the next one who sleeps, and on until the condition holds. */
  async until(isSo: () => boolean): Promise<void> {
    for (let turn = 0; turn < 10_000; turn++) {
      // Everything that is ready runs before time goes on.
      await new Promise((resolve) => setImmediate(resolve));
      if (isSo()) return;
      const [next, ...others] = this.#sleeping.toSorted((one, other) => one.until - other.until);
      if (next === undefined) continue;
      this.#sleeping = others;
      this.#now = Math.max(this.#now, next.until);
      next.wake();
    }
    throw new Error("nobody sleeps, and it is not so");
  }
}

const said = (line: number) =>
  `${JSON.stringify({ crossfade: 1, me: "a", boot: "1", line, at: 1_000 * line, gen: "1", stall: 0, to: [] })}\n`;

async function* chunks(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

/** Says nothing until it is cut. */
async function* silence(signal: AbortSignal): AsyncGenerator<Uint8Array> {
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener("abort", () => resolve(null), { once: true }));
  signal.throwIfAborted();
  yield Buffer.from("");
}

const gone = () => new ApiError(404, "NotFound", 'pods "p" not found');

let timer: OwnTimer;
let heard: string[];
beforeEach(() => {
  timer = new OwnTimer();
  heard = [];
});

type Opening = (signal: AbortSignal) => AsyncIterable<Uint8Array>;

/** Each opening in its turn, then the pod is gone. */
function listen(openings: readonly Opening[], stop = new AbortController()) {
  const paths: string[] = [];
  const link: LogLink = {
    async open(path, signal) {
      const opening = openings[paths.length];
      paths.push(path);
      if (opening === undefined) throw gone();
      return opening(signal);
    },
  };
  const ear = {
    line: ({ number }: { readonly number: number }) => heard.push(`line ${number}`),
    malformed: () => heard.push("malformed"),
    lost: (why: string) => heard.push(`lost: ${why}`),
  };
  let isOver = false;
  void listenTo(link, timer, { pod: "p", ear, signal: stop.signal }).then(() => {
    isOver = true;
  });
  return { paths, over: () => timer.until(() => isOver) };
}

const refuses =
  (error: Error): Opening =>
  () => {
    throw error;
  };

test("lines are heard as they come, whatever else is in the log", async () => {
  const { over } = listen([
    () => chunks("ports tcp 8080 udp 8080\n", said(1).slice(0, 9), said(1).slice(9) + said(2), '{"crossfade":1\n'),
  ]);
  await over();
  expect(heard).toEqual(["line 1", "line 2", "malformed", "lost: the log has ended"]);
});

test("it is opened again, and asks for the lines of the gap", async () => {
  const { paths, over } = listen([
    () => chunks(said(1)),
    refuses(new Error("no route to host")),
    () => chunks(said(1), said(2)),
  ]);
  await over();
  expect(heard).toEqual([
    "line 1",
    "lost: the log has ended",
    "lost: no route to host",
    "line 1",
    "line 2",
    "lost: the log has ended",
  ]);
  expect(paths[0]).toBe("/api/v1/namespaces/crossfade/pods/p/log?container=prober&follow=true&sinceSeconds=5");
  const [, since] = /sinceSeconds=(\d+)$/.exec(paths[2] ?? "") ?? [];
  expect(Number(since)).toBeGreaterThan(5);
});

test("a connection that swallows everything is cut", async () => {
  const { over } = listen([silence, () => chunks(said(1))]);
  await over();
  expect(heard).toEqual(["lost: no line for 10 s", "line 1", "lost: the log has ended"]);
});

test("a server that refuses is asked again, the longer it lasts the more seldom", async () => {
  const refused = refuses(new ApiError(503, "ServiceUnavailable", "etcd has no leader"));
  const { over } = listen(Array.from({ length: 12 }, () => refused));
  await over();
  expect(heard).toHaveLength(12);
  // Eleven waits that doubled from a quarter of a second up to ten seconds, each at least the half of it.
  expect(timer.now()).toBeGreaterThan(30_000);
});

test("a pod that is gone is not asked for again", async () => {
  const { paths, over } = listen([]);
  await over();
  expect([paths.length, heard]).toEqual([1, []]);
});

test("the signal ends it, and what it cut is no loss", async () => {
  const stop = new AbortController();
  const { over } = listen([silence], stop);
  stop.abort(new Error("stopped"));
  await over();
  expect(heard).toEqual([]);
});
