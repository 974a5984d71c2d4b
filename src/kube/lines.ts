import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

/** The lines of a stream as they come; a rest without a line's end is dropped, for a cut event is none. */
export async function* eachLine(body: Readable, heard: () => void): AsyncGenerator<string> {
  const decoder = new StringDecoder("utf8");
  let pieces: string[] = [];
  for await (const chunk of body) {
    heard();
    const parts = decoder.write(chunk as Buffer).split("\n");
    for (const part of parts.slice(0, -1)) {
      const line = pieces.length === 0 ? part : pieces.join("") + part;
      pieces = [];
      if (line !== "") yield line;
    }
    const rest = parts.at(-1) ?? "";
    if (rest !== "") pieces.push(rest);
  }
}
