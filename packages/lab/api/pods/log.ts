import type { Answer } from "../serve/answer.ts";
import { type Call, flag, wholeNumber } from "../serve/call.ts";
import type { LogOptions } from "./pod-access.ts";
import { containerTarget } from "./pod-target.ts";

/** A reader that is this far behind is cut off. */
const behindLimitBytes = 64 * 1024 * 1024;

/** GET pods/NAME/log: lines as they come, for as long as the kubelet has any or, with follow, until somebody leaves. */
export async function logAnswer(call: Call): Promise<Answer> {
  const { response, signal, query } = call;
  const target = containerTarget(call);
  const options = logOptions(query);
  let left = options.limitBytes ?? Number.POSITIVE_INFINITY;
  const open = () => {
    if (!response.headersSent) response.writeHead(200, { "content-type": "text/plain" }).flushHeaders();
  };
  const onLine = (line: string) => {
    if (left <= 0 || response.destroyed) return;
    open();
    const bytes = Buffer.from(`${line}\n`).subarray(0, left);
    left -= bytes.length;
    response.write(bytes);
    if (response.writableLength > behindLimitBytes) response.destroy();
  };
  const done = call.world.pods.logs(target, options, onLine, signal);
  // A refusal comes in the same turn; after that a follower gets its headers even where no line has been written yet.
  const opening = setTimeout(open, 20);
  try {
    await done;
    open();
    response.end();
  } finally {
    clearTimeout(opening);
  }
  return { kind: "streamed" };
}

function logOptions(query: URLSearchParams): LogOptions {
  const numbers = ["tailLines", "sinceSeconds", "limitBytes"].map((name) => [name, wholeNumber(query, name)] as const);
  const flags = ["previous", "timestamps", "follow"].map((name) => [name, flag(query, name)] as const);
  const sinceTime = query.get("sinceTime");
  return {
    ...Object.fromEntries(numbers.filter(([, value]) => value !== undefined)),
    ...Object.fromEntries(flags.filter(([, value]) => value)),
    ...(sinceTime ? { sinceTime } : {}),
  };
}
