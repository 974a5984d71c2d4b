import http from "node:http";
import https from "node:https";
import type { Readable } from "node:stream";
import { TLSSocket } from "node:tls";
import { createGunzip } from "node:zlib";
import type { V1Status } from "@kubernetes/client-node";
import { Unavailable } from "../../engine/model/errors.ts";
import type { AsJson } from "../objects/kube-object.ts";
import { text } from "../objects/read.ts";
import { ApiError } from "./api-error.ts";
import { isLoopback, type LinkSettings } from "./link-settings.ts";
import { isCertificateRefused, linkTrouble } from "./link-trouble.ts";
import { withoutCredentials } from "./redact.ts";

export interface Outgoing {
  readonly method: string;
  /** Path and query below the server's address. */
  readonly path: string;
  readonly contentType?: string;
  readonly body?: string;
  readonly signal: AbortSignal;
  /** False for watches: events must not wait in a compressor. */
  readonly compress: boolean;
  /** Called once there is a connection, as the first byte is about to leave; what it throws is what the caller gets. */
  readonly onLeaving?: () => void;
}

export interface Incoming {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Readable;
  /** Takes our own credentials out of what the other side says. */
  readonly hide: (text: string) => string;
}

/** The connection failed: `sent` says whether the server may have seen the request. */
export class LinkError extends Error {
  readonly sent: boolean;

  constructor(message: string, sent: boolean, options?: ErrorOptions) {
    super(message, options);
    this.name = "LinkError";
    this.sent = sent;
  }
}

/** No answer came within the request's time. */
export class LateError extends LinkError {
  constructor(server: string, timeoutMs: number) {
    super(`${server} did not answer within ${Math.round(timeoutMs / 1000)} s`, true);
  }
}

const neverSent = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "ECONNABORTED"]);

/** Nobody answered in HTTP, and yet it was said that we are nobody it knows. */
export const certificateRefused = (error: NodeJS.ErrnoException, server: string): ApiError =>
  new ApiError(401, "Unauthorized", `${server}: ${linkTrouble(error)?.why ?? error.message}`);

function linkError(error: NodeJS.ErrnoException, server: string): LinkError {
  const inner = error instanceof AggregateError ? (error.errors[0] as NodeJS.ErrnoException | undefined) : undefined;
  const code = error.code ?? inner?.code ?? "";
  const plain = error.message === "" ? (inner?.message ?? code) : error.message;
  const why = linkTrouble(error)?.why ?? plain;
  return new LinkError(`no answer from ${server}: ${why}`, !neverSent.has(code), { cause: error });
}

const failureOf = (error: NodeJS.ErrnoException, server: string): LinkError | ApiError =>
  isCertificateRefused(error) ? certificateRefused(error, server) : linkError(error, server);

/** One request; resolves with the head of the answer. Throws LinkError, ApiError where TLS refuses us, or the signal's reason. */
export function send(agent: http.Agent, settings: LinkSettings, out: Outgoing): Promise<Incoming> {
  const url = new URL(settings.server + out.path);
  const headers: http.OutgoingHttpHeaders = { accept: "application/json", "user-agent": "crossfade" };
  for (const [name, value] of Object.entries(settings.headers)) {
    headers[name] = typeof value === "string" ? value : [...value];
  }
  if (out.compress && !isLoopback(settings.server)) headers["accept-encoding"] = "gzip";
  if (out.body !== undefined) {
    headers["content-type"] = out.contentType ?? "application/json";
    headers["content-length"] = Buffer.byteLength(out.body);
  }
  const request = url.protocol === "https:" ? https.request : http.request;
  return new Promise((resolve, reject) => {
    const call = request(url, { method: out.method, headers, agent, signal: out.signal });
    call.on("response", (answer) => resolve(incoming(answer, hiding(settings))));
    call.on("error", (error) => reject(out.signal.aborted ? out.signal.reason : failureOf(error, settings.server)));
    const { onLeaving } = out;
    if (onLeaving === undefined) return void call.end(out.body);
    whenConnected(call, () => {
      try {
        onLeaving();
      } catch (thrown) {
        reject(thrown);
        call.destroy();
        return;
      }
      call.end(out.body);
    });
  });
}

/** Nothing of a request leaves before it is ended, so that a connection which was slow to come cannot carry stale words. */
export function whenConnected(call: http.ClientRequest, then: () => void): void {
  call.on("socket", (socket) => {
    const secure = socket instanceof TLSSocket;
    const ready = !socket.connecting && (!secure || socket.getCipher() !== undefined);
    if (ready) then();
    else socket.once(secure ? "secureConnect" : "connect", then);
  });
}

/** For errors, whose texts are shown and recorded. */
export const hiding = (settings: LinkSettings) => (text: string) => withoutCredentials(text, settings);

function incoming(answer: http.IncomingMessage, hide: Incoming["hide"]): Incoming {
  const status = answer.statusCode ?? 0;
  const head = { status, headers: answer.headers, hide };
  if (answer.headers["content-encoding"] !== "gzip") return { ...head, body: answer };
  const body = createGunzip();
  answer.on("error", (error) => body.destroy(error));
  answer.on("aborted", () => body.destroy(new Error("the connection was cut")));
  return { ...head, body: answer.pipe(body) };
}

/** An answer without end must not take all memory, nor one that is parsed as a whole; a list comes in smaller pages then. */
const mostMiB = 32;

/** The server answered, and with more than we read. */
export class TooLongError extends Unavailable {
  constructor(path = "") {
    super(`the answer${path === "" ? "" : ` to ${path}`} is longer than ${mostMiB} MiB`);
    this.name = "TooLongError";
  }
}

/** All of the body; a cut connection is a LinkError, more than we read a TooLongError. */
export async function readText(answer: Pick<Incoming, "body">, signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    let size = 0;
    for await (const chunk of answer.body) {
      size += (chunk as Buffer).length;
      if (size > mostMiB * 1024 * 1024) throw new TooLongError();
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof TooLongError) throw error;
    throw new LinkError(`the answer broke off: ${error instanceof Error ? error.message : String(error)}`, true);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** A refusal is a sentence; whoever sends a book only wants to be in the way. */
const longestMessage = 2_000;

/** Somebody else's words, fit for an error: a credential is taken out before they are cut, for the half of one is one too. */
export function shortWords(said: string, hide: Incoming["hide"], most = longestMessage): string {
  return hide(said.slice(0, 4 * longestMessage)).slice(0, most);
}

function parseStatus(text: string): AsJson<V1Status> {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null ? (parsed as AsJson<V1Status>) : {};
  } catch {
    return {};
  }
}

/** The server's Retry-After, in either of its forms; null where it sent none. */
export function retryAfterMs(headers: http.IncomingHttpHeaders): number | null {
  const value = headers["retry-after"];
  if (value === undefined) return null;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const until = Date.parse(value);
  return Number.isNaN(until) ? null : Math.max(0, until - Date.now());
}

/** A health check that fails lists all that it looked at; what is not well is marked. */
function plainWords(body: string): string {
  const failed = body.split("\n").filter((line) => line.startsWith("[-]"));
  return failed.length > 0 ? failed.map((line) => line.slice(3).trim()).join("; ") : body.trim();
}

/** The server's refusal as an error, from its Status object where it sent one. */
export function apiError(answer: Omit<Incoming, "body">, body: string): ApiError {
  const status = parseStatus(body);
  const causes = (status.details?.causes ?? []).map((cause) => ({
    reason: cause.reason ?? "",
    message: shortWords(text(cause.message), answer.hide),
    field: cause.field ?? "",
  }));
  const { message: told } = status;
  const said =
    typeof told === "string" ? shortWords(told, answer.hide) : shortWords(plainWords(body), answer.hide, 300);
  const message = said || `status ${answer.status}`;
  return new ApiError(answer.status, status.reason ?? "", message, {
    causes,
    retryAfterMs: retryAfterMs(answer.headers),
  });
}
