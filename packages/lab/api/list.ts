import type { KubeObject } from "../objects.ts";
import { ApiError, badRequest } from "../store/api-error.ts";
import type { Answer } from "./serve/answer.ts";
import { type Call, groupVersion, wholeNumber } from "./serve/call.ts";
import { continuePosition, readContinue, writeContinue } from "./serve/continue-token.ts";
import { itemJsonOf, partialJsonOf } from "./serve/encode.ts";
import { checkNotAhead, checkVersionOptions, type Matches, selectorOf } from "./serve/list-options.ts";
import { tablePieces } from "./tables/table-text.ts";

/** metadata of a list. */
export interface ListMeta {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

interface Page {
  readonly items: readonly KubeObject[];
  readonly meta: ListMeta;
}

/** GET of a collection. */
export function listAnswer(call: Call): Answer {
  checkVersionOptions(call.query);
  return { kind: "pieces", pieces: listPieces(call, pageOf(call)) };
}

/** Pieces of a list in the form that was asked for. */
export function listPieces(call: Call, { items, meta }: Page): Iterable<string> {
  const { form, resource, version } = call;
  if (form.as === "Table") return tablePieces(call, items, meta);
  const partial = form.as === "PartialObjectMetadataList" || form.as === "PartialObjectMetadata";
  const kind = partial ? "PartialObjectMetadataList" : resource.listKind;
  const apiVersion = partial ? "meta.k8s.io/v1" : groupVersion(resource.group, version);
  const text = partial ? partialJsonOf : (object: KubeObject) => itemJsonOf(object, resource.custom);
  return enclose(
    `{"kind":"${kind}","apiVersion":"${apiVersion}","metadata":${JSON.stringify(meta)},"items":[`,
    items,
    text,
  );
}

function* enclose(head: string, items: readonly KubeObject[], text: (object: KubeObject) => string): Generator<string> {
  yield head;
  for (let index = 0; index < items.length; index++) {
    if (index > 0) yield ",";
    yield text(items[index] as KubeObject);
  }
  yield "]}";
}

interface Start {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
  readonly from: number;
}

function pageOf(call: Call): Page {
  const { query, resource } = call;
  const matches = selectorOf(query, resource);
  const limit = wholeNumber(query, "limit") ?? 0;
  const { items, resourceVersion, from } = query.get("continue") ? resume(call) : begin(call);
  const rest = from > 0 ? items.slice(from) : items;
  const [page, taken] = take(rest, limit, matches);
  const next = from + taken;
  const more = matches ? items.slice(next).some(matches) : next < items.length;
  if (!more) return { items: page, meta: { resourceVersion } };
  call.world.held.hold(heldKey(call, resourceVersion), items);
  const token = writeContinue(resourceVersion, items[next - 1] as KubeObject);
  // Upstream counts what is left only where no selector has to be asked.
  const remaining = matches ? {} : { remainingItemCount: items.length - next };
  return { items: page, meta: { resourceVersion, continue: token, ...remaining } };
}

/** The first `limit` that match, and how many objects were looked at; all of them where there is no limit. */
function take(items: readonly KubeObject[], limit: number, matches: Matches): [readonly KubeObject[], number] {
  if (limit <= 0) return [matches ? items.filter(matches) : items, items.length];
  if (!matches) return [items.slice(0, limit), Math.min(limit, items.length)];
  const page: KubeObject[] = [];
  let next = 0;
  for (; next < items.length && page.length < limit; next++) {
    const item = items[next] as KubeObject;
    if (matches(item)) page.push(item);
  }
  return [page, next];
}

const heldKey = ({ resource, namespace, version }: Call, at: string) =>
  `${resource.name} ${version} ${namespace ?? "*"} ${at}`;

/** The newest state is never older than what was asked for; only "Exact" may have to look for an older one. */
function begin(call: Call): Start {
  const { world, query, resource, namespace, version } = call;
  const wanted = query.get("resourceVersion") ?? "";
  checkNotAhead(wanted, world.store.resourceVersion());
  const { items, resourceVersion } = world.store.listAt(resource.name, namespace, version);
  if (query.get("resourceVersionMatch") !== "Exact" || wanted === resourceVersion)
    return { items, resourceVersion, from: 0 };
  const held = world.held.find(heldKey(call, wanted));
  if (held) return { items: held, resourceVersion: wanted, from: 0 };
  throw new ApiError(410, "Expired", "The resourceVersion for the provided list is too old.");
}

function resume(call: Call): Start {
  const { world, query, resource, namespace, version } = call;
  const token = readContinue(query.get("continue") ?? "");
  if ((query.get("resourceVersion") ?? "0") !== "0") {
    throw badRequest("specifying resource version is not allowed when using continue");
  }
  if (token.inconsistent) {
    const { items, resourceVersion } = world.store.listAt(resource.name, namespace, version);
    return { items, resourceVersion, from: continuePosition(items, token) };
  }
  const items = world.held.find(heldKey(call, token.resourceVersion));
  if (!items) throw staleContinue(token.start);
  return { items, resourceVersion: token.resourceVersion, from: continuePosition(items, token) };
}

/** 410 that carries, in metadata.continue, a token for an inconsistent rest, as the real one does. */
function staleContinue(start: string): ApiError {
  const message =
    "The provided continue parameter is too old to display a consistent list result. You can start a new list without " +
    "the continue parameter, or use the continue token in this response to retrieve the remainder of the results, " +
    "which may then have missed changes made in between.";
  return new StaleContinue(
    message,
    Buffer.from(JSON.stringify({ v: "meta.k8s.io/v1", rv: -1, start })).toString("base64url"),
  );
}

/** A 410 whose Status has metadata. */
class StaleContinue extends ApiError {
  override readonly status: ApiError["status"];

  constructor(message: string, token: string) {
    super(410, "Expired", message);
    const status = { ...new ApiError(410, "Expired", message).status, metadata: { continue: token } };
    this.status = status as unknown as ApiError["status"];
  }
}
