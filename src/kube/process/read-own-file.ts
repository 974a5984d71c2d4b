import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from "node:fs";

const mib = 1024 * 1024;

/** A bundle of every public certificate authority has a quarter of it. */
export const credentialFileBytes = mib;

function whatElse(found: Stats): string {
  if (found.isDirectory()) return "a folder";
  if (found.isFIFO()) return "a pipe";
  return found.isSocket() ? "a socket" : "a device";
}

/** What a size says of files that have none (/proc) is nothing: it is counted. Null where there is more. */
function readUpTo(file: number, most: number): string | null {
  const chunks: Buffer[] = [];
  for (let length = 0; length <= most; ) {
    const chunk = Buffer.allocUnsafe(64 * 1024);
    const read = readSync(file, chunk);
    if (read === 0) return Buffer.concat(chunks).toString("utf8");
    length += read;
    chunks.push(chunk.subarray(0, read));
  }
  return null;
}

/**
 * The text of a file that the operator names. What is no regular file is refused and never waited for: it may have no end,
 * or nobody who writes it, and it could not be read a second time. Throws what the system says, or one half of a sentence.
 */
export function readOwnFile(path: string, mostBytes: number): string {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    const found = fstatSync(file);
    if (!found.isFile()) throw new Error(`it is ${whatElse(found)} and not a file`);
    const text = found.size > mostBytes ? null : readUpTo(file, mostBytes);
    if (text === null) throw new Error(`it is longer than the ${Math.ceil(mostBytes / mib)} MiB that are read of it`);
    return text;
  } finally {
    closeSync(file);
  }
}
