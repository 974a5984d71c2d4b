import type { KubeObject } from "../objects.ts";
import { ApiError } from "../store/api-error.ts";
import type { WatchEvent } from "../store/api-store.ts";
import type { Answer } from "./serve/answer.ts";
import { type Call, flag, wholeNumber } from "./serve/call.ts";
import { jsonOf, partialJsonOf } from "./serve/encode.ts";
import { checkNotAhead, checkVersionOptions, type Matches, selectorOf } from "./serve/list-options.ts";
import { tableText } from "./tables/table-text.ts";
import { WatchStream } from "./watch-stream.ts";

/** As the API server's watch cache. */
const bookmarkEveryMs = 60_000;

/** GET of a collection with watch=true: one JSON event a line until time is up or somebody leaves. */
export function watchAnswer(call: Call): Answer {
  const { world, query, resource } = call;
  checkVersionOptions(query);
  const matches = selectorOf(query, resource, call.name);
  const since = query.get("resourceVersion") ?? "";
  const timeoutMs = (wholeNumber(query, "timeoutSeconds") ?? 0) * 1000;

  const stream = new WatchStream(call.response, call.signal);
  const write = eventWriter(call, stream);
  try {
    // Only a watch-list waits for its version; another from the future is open and silent (upstream's cacher.go).
    if (flag(query, "sendInitialEvents")) checkNotAhead(since, world.store.resourceVersion());
    stream.onEnd(world.store.watch(resource.name, startOf(call, since), (event) => pass(event, matches, write)));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    stream.write(`{"type":"ERROR","object":${JSON.stringify(error.status)}}\n`);
    stream.end();
    return { kind: "streamed" };
  }
  if (flag(query, "allowWatchBookmarks")) bookmarks(call, stream, timeoutMs);
  // A real server ends others after 30 to 60 minutes; in a fast lab that would cut off `kubectl get -w` within minutes.
  if (timeoutMs > 0) stream.onEnd(world.clock.after(timeoutMs, () => stream.end()));
  return { kind: "streamed" };
}

function startOf({ world, query, namespace, version }: Call, since: string) {
  const initial = query.get("sendInitialEvents");
  const anyState = since === "" || since === "0";
  const skipped = initial !== null && !flag(query, "sendInitialEvents") && anyState;
  const from = skipped ? world.store.resourceVersion() : flag(query, "sendInitialEvents") ? "" : since;
  return { namespace, version, ...(from === "" || from === "0" ? {} : { sinceResourceVersion: from }) };
}

type Write = (type: "ADDED" | "MODIFIED" | "DELETED", object: KubeObject) => void;

/** Objects that leave the selector are DELETED to this watcher, those that enter it ADDED. */
function pass(event: WatchEvent, matches: Matches, write: Write): void {
  const { type, object, old } = event;
  const was = type !== "ADDED" && holds(matches, old ?? object);
  const is = type !== "DELETED" && holds(matches, object);
  if (is) write(was ? "MODIFIED" : "ADDED", object);
  else if (was) write("DELETED", type === "DELETED" ? object : asItWas(event));
}

const holds = (matches: Matches, object: KubeObject) => matches === null || matches(object);

/** An object that left the selector is shown as it was while it was in it, at the version at which it left. */
function asItWas({ old, object, resourceVersion }: WatchEvent): KubeObject {
  const last = old ?? object;
  return { ...last, metadata: { ...last.metadata, resourceVersion } };
}

function eventWriter(call: Call, stream: WatchStream): Write {
  let first = true;
  const text = (object: KubeObject): string => {
    if (call.form.as === "PartialObjectMetadata" || call.form.as === "PartialObjectMetadataList") {
      return partialJsonOf(object);
    }
    return call.form.as === "Table" ? tableText(call, object, first) : jsonOf(object);
  };
  return (type, object) => {
    stream.write(`{"type":"${type}","object":${text(object)}}\n`);
    first = false;
  };
}

/** One after the initial events, one a minute, and one at the end, so that the next watch starts from now. */
function bookmarks(call: Call, stream: WatchStream, timeoutMs: number): void {
  const { world, query, resource, version } = call;
  const partial = call.form.as?.startsWith("PartialObjectMetadata") ?? false;
  const since = Number(query.get("resourceVersion") ?? 0);
  const write = (initialEventsEnd: boolean) => {
    if (Number(world.store.resourceVersion()) < since) return;
    const object = world.store.bookmark(resource.name, version, initialEventsEnd);
    stream.write(`{"type":"BOOKMARK","object":${partial ? partialJsonOf(object) : jsonOf(object)}}\n`);
  };
  if (flag(query, "sendInitialEvents")) write(true);
  stream.onEnd(world.clock.every(bookmarkEveryMs, () => write(false)));
  if (timeoutMs > 0) stream.onEnd(world.clock.after(timeoutMs, () => write(false)));
}
