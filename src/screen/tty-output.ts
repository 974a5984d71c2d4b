import { closeSync, constants, openSync, write, writeSync } from "node:fs";

/** How long a full terminal is given before it is asked again, in milliseconds. */
const retryMs = 5;
/** A synchronous write at the end gives up after this time: a stalled terminal must not keep the process. */
const syncPatienceMs = 200;

export interface TtyOutput {
  /** Writes all of it without blocking the event loop; one at a time. */
  send(text: string): Promise<void>;
  /** Writes now, for the last words of a dying process. */
  sendSync(text: string): void;
  close(): void;
}

/**
 * The terminal opened anew and non-blocking: a write to a stalled terminal then answers EAGAIN instead of holding a
 * thread, and the shell's own descriptor keeps its mode.
 */
function reopened(fd: number): { readonly fd: number; readonly own: boolean } {
  for (const path of [`/proc/self/fd/${fd}`, `/dev/fd/${fd}`]) {
    try {
      return { fd: openSync(path, constants.O_WRONLY | constants.O_NOCTTY | constants.O_NONBLOCK), own: true };
    } catch {
      // Not on this system, or not for this kind of file: the next way, or the descriptor itself.
    }
  }
  return { fd, own: false };
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? "";

/** Bytes to a terminal's descriptor. */
export function ttyOutput(original: number): TtyOutput {
  const { fd, own } = reopened(original);
  let closed = false;

  const writeSome = (bytes: Buffer): Promise<number> =>
    new Promise((resolve, reject) => {
      write(fd, bytes, (error, written) => {
        if (!error) resolve(written);
        else if (codeOf(error) === "EAGAIN") setTimeout(() => resolve(0), retryMs);
        else reject(error);
      });
    });

  return {
    async send(text) {
      let rest = Buffer.from(text, "utf8");
      while (rest.length > 0 && !closed) rest = rest.subarray(await writeSome(rest));
    },
    sendSync(text) {
      if (closed) return;
      let rest = Buffer.from(text, "utf8");
      const until = performance.now() + syncPatienceMs;
      while (rest.length > 0 && performance.now() < until) {
        try {
          rest = rest.subarray(writeSync(fd, rest));
        } catch (error) {
          if (codeOf(error) !== "EAGAIN") return;
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryMs);
        }
      }
    },
    close() {
      if (closed) return;
      closed = true;
      if (own) closeSync(fd);
    },
  };
}
