import { setMaxListeners } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { type LabClock, pause } from "../../clock.ts";
import { ApiError } from "../../store/api-error.ts";
import { authenticate, type Identity, masters } from "../access/identity.ts";
import { notAllowed, questionOf } from "../access/request-question.ts";
import { describe } from "../discovery/describe.ts";
import { parseRoute, type ResourceRoute, type Route } from "../route.ts";
import type { Control } from "../server.ts";
import { type Form, negotiate } from "./accept.ts";
import { type Answer, json } from "./answer.ts";
import { type ApiWorld, type Call, noSuchPath } from "./call.ts";
import type { Fault, Faults } from "./faults.ts";
import { collect, decodeBody } from "./read-body.ts";
import { internalError, send, sendError } from "./send.ts";
import { serveResource } from "./serve-resource.ts";

/** What serving one request needs of the server. */
export interface ServerParts {
  readonly world: ApiWorld;
  readonly clock: LabClock;
  readonly control?: Control;
  readonly faults?: Faults;
  readonly onFault?: (error: unknown, request: string) => void;
  /** Aborted when the server closes. */
  readonly closing: AbortSignal;
}

/** Serves one request to its end; never throws. */
export async function serveRequest(parts: ServerParts, request: IncomingMessage, response: ServerResponse) {
  const signal = signalOf(parts, response);
  try {
    const url = new URL(request.url ?? "/", "http://lab");
    if (await suffer(parts, { request, url, response, signal })) return;
    const route = parseRoute(url.pathname);
    const identity = admit(parts, route, request, url);
    const form = negotiate(request.headers.accept);
    const answer = await dispatch({ parts, identity, request, response, url, route, form, signal });
    await send(answer, form, request, response);
  } catch (error) {
    fail(parts, error, request, response);
  }
}

/** Answers with the error's Status; what is no ApiError is our own fault and told to the lab. */
export function fail(parts: ServerParts, error: unknown, request: IncomingMessage, response: ServerResponse): void {
  const refusal = error instanceof URIError ? noSuchPath() : error;
  // A body that ends because its client left is nobody's fault.
  const left = request.destroyed && !request.complete;
  if (refusal instanceof ApiError) sendError(refusal, response);
  else if (left) response.destroy();
  else {
    parts.onFault?.(error, `${request.method} ${request.url}`);
    sendError(internalError(error), response);
  }
}

/** Aborted when the client leaves or the server closes. */
export function signalOf(parts: ServerParts, response: ServerResponse): AbortSignal {
  const leaving = new AbortController();
  const leave = () => {
    parts.closing.removeEventListener("abort", leave);
    leaving.abort();
  };
  setMaxListeners(0, parts.closing);
  parts.closing.addEventListener("abort", leave, { once: true });
  response.once("close", leave);
  return leaving.signal;
}

/** What a fault may act upon. */
interface Victim {
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly response: ServerResponse;
  readonly signal: AbortSignal;
}

function cut(socket: Socket): void {
  // Node resets bare TCP connections only, and throws on others.
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}

/** Lets an injected failure happen; true when the request is over by it. */
export async function suffer(parts: ServerParts, { request, url, response, signal }: Victim): Promise<boolean> {
  const fault: Fault | null =
    parts.faults?.({
      method: request.method ?? "GET",
      path: url.pathname,
      query: url.searchParams,
      userAgent: request.headers["user-agent"] ?? "",
    }) ?? null;
  if (!fault) return false;
  if (fault.delayMs) await pause(parts.clock, fault.delayMs, signal);
  if (fault.refusal) throw fault.refusal;
  if (fault.reset === "now") {
    cut(request.socket);
    return true;
  }
  if (fault.reset) {
    const cancel = parts.clock.after(fault.reset.afterMs, () => cut(request.socket));
    response.once("close", cancel);
  }
  return signal.aborted;
}

/** Whoever may read nothing else may read these, without a credential too (system:public-info-viewer). */
const isPublic = ({ kind }: Route) => kind === "health" || kind === "version";

const nobody: Identity = { username: "system:anonymous", groups: ["system:unauthenticated"] };

/** Roles let everybody in here too: while none is known yet, only system:masters gets through. */
function admitPublic({ world: { rbac, users } }: ServerParts, request: IncomingMessage, url: URL): Identity {
  if (rbac.knowsRolesOf(nobody)) return nobody;
  const identity = request.headers.authorization === undefined ? nobody : authenticate(users, request);
  if (!rbac.knowsRolesOf(identity)) throw notAllowed(identity, { verb: "get", path: url.pathname });
  return identity;
}

/** Finds out who asks, and whether they may: 401 or 403 before anything is looked up. */
export function admit(parts: ServerParts, route: Route, request: IncomingMessage, url: URL): Identity {
  if (isPublic(route)) return admitPublic(parts, request, url);
  const identity = authenticate(parts.world.users, request);
  const question = questionOf(route, request.method ?? "GET", url);
  // The lab's own controls are no part of Kubernetes: no role leads to them.
  const { allowed, reason } =
    route.kind === "control"
      ? { allowed: identity.groups.includes(masters), reason: "" }
      : parts.world.rbac.authorize(identity, question);
  if (!allowed) throw notAllowed(identity, question, reason);
  return identity;
}

interface Dispatch {
  readonly parts: ServerParts;
  readonly identity: Identity;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly route: Route;
  readonly form: Form;
  readonly signal: AbortSignal;
}

function dispatch(args: Dispatch): Answer | Promise<Answer> {
  const { parts, route, url, request } = args;
  if (route.kind === "resource") {
    const { response, form, signal, identity } = args;
    return serveResource({ ...resolveResource(parts.world, route, url), identity, request, response, form, signal });
  }
  if (route.kind === "control") return serveControl(args);
  return describe(parts.world.store, route, {
    form: args.form,
    version: parts.world.version,
    address: request.headers.host ?? "",
  });
}

type Resolved = Pick<Call, "world" | "query" | "resource" | "version" | "namespace" | "name" | "subresource">;

/** Finds the resource of a path; 404 when no such version is served. */
export function resolveResource(world: ApiWorld, route: ResourceRoute, url: URL): Resolved {
  const { group, version, plural, namespace, name, subresource } = route;
  const resource = world.store.resource(group ? `${group}/${plural}` : plural);
  const served = resource?.versions.some((candidate) => candidate.version === version && candidate.served);
  if (!resource || !served) throw noSuchPath();
  return { world, query: url.searchParams, resource, version, namespace, name, subresource };
}

async function serveControl({ parts, request, url }: Dispatch): Promise<Answer> {
  if (!parts.control) throw noSuchPath();
  const body = decodeBody(await collect(request), request.headers["content-type"]);
  const { status, body: answer } = await parts.control(url.pathname, body);
  return json(answer ?? null, status);
}
