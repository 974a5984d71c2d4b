import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

/** No object that an API server stores comes near: etcd takes 1.5 MiB unless it is told otherwise. */
const longestMiB = 16;

/** The lines of a stream as they come; a rest without a line's end is dropped, for a cut event is none. Throws for a line without end. */
export async function* eachLine(body: Readable, heard: () => void): AsyncGenerator<string> {
  const decoder = new StringDecoder("utf8");
  let pieces: string[] = [];
  let length = 0;
  for await (const chunk of body) {
    heard();
    const parts = decoder.write(chunk as Buffer).split("\n");
    for (const part of parts.slice(0, -1)) {
      const line = pieces.length === 0 ? part : pieces.join("") + part;
      pieces = [];
      length = 0;
      if (line !== "") yield line;
    }
    const rest = parts.at(-1) ?? "";
    if (rest !== "") pieces.push(rest);
    length += rest.length;
    if (length > longestMiB * 1024 * 1024) throw new Error(`an event of the watch is longer than ${longestMiB} MiB`);
  }
}

/** An event of a watch: what JSON.parse says of a bad one quotes the line, and that may hold anything. */
export function eventIn(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new Error("an event of the watch is not JSON");
  }
}
