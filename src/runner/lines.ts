import type { Socket } from "node:net";
import { knownSecrets } from "../engine/model/known-secrets.ts";

/** A line longer than this is not ours: a hello of 5,000 nodes is about 20 MB. */
const longestLine = 64 * 1024 * 1024;

/** Calls back for every JSON line; anything else ends the socket. */
export function readLines<T>(socket: Socket, onLine: (line: T) => void): void {
  let parts: string[] = [];
  let length = 0;
  socket.setEncoding("utf8");
  socket.on("data", (chunk: string) => {
    const pieces = chunk.split("\n");
    const last = pieces.pop() ?? "";
    for (const piece of pieces) {
      const text = parts.length > 0 ? parts.join("") + piece : piece;
      parts = [];
      length = 0;
      if (!deliver(text, onLine)) socket.destroy(new Error("a line that is not JSON"));
    }
    if (last !== "") {
      parts.push(last);
      length += last.length;
    }
    if (length > longestLine) socket.destroy(new Error("a line without end"));
  });
}

function deliver<T>(text: string, onLine: (line: T) => void): boolean {
  let line: T;
  try {
    line = JSON.parse(text) as T;
  } catch {
    return false;
  }
  onLine(line);
  return true;
}

export function writeLine(socket: Socket, line: unknown): void {
  if (socket.writable) socket.write(`${knownSecrets.hideInDocument(JSON.stringify(line))}\n`);
}
