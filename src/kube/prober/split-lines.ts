import { StringDecoder } from "node:string_decoder";
import { longestLine } from "./parse-line.ts";

/** Takes a stream's chunks as they come; gives the lines that are whole. A line longer than any prober's is dropped, and never kept. */
export function lineSplitter(): (chunk: Uint8Array) => readonly string[] {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  let isTooLong = false;
  return (chunk) => {
    const [first = "", ...others] = decoder.write(Buffer.from(chunk)).split("\n");
    const whole: string[] = [];
    let open = rest + first;
    for (const next of others) {
      if (!isTooLong && open.length <= longestLine) whole.push(open);
      isTooLong = false;
      open = next;
    }
    if (open.length > longestLine) isTooLong = true;
    rest = isTooLong ? "" : open;
    return whole;
  };
}
