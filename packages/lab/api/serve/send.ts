import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Writable } from "node:stream";
import { constants, createGzip } from "node:zlib";
import { stringify } from "yaml";
import { ApiError } from "../../store/api-error.ts";
import type { Form } from "./accept.ts";
import type { Answer } from "./answer.ts";

/** As the API server: smaller answers are not worth compressing. */
const gzipAboveChars = 128 * 1024;
const chunkChars = 256 * 1024;

/** Writes an answer; resolves when all of it was handed to the socket. */
export async function send(
  answer: Answer,
  form: Form,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (response.headersSent || response.destroyed) return;
  switch (answer.kind) {
    case "streamed":
      return;
    case "text":
      return whole(response, answer.code, "text/plain; charset=utf-8", answer.text);
    case "json":
      return sendJson({ ...answer, pieces: [answer.text] }, form, request, response);
    case "pieces":
      return sendJson({ ...answer, code: 200 }, form, request, response);
    default:
      return answer satisfies never;
  }
}

interface JsonPieces {
  readonly code: number;
  readonly pieces: Iterable<string>;
  readonly contentType?: string;
}

async function sendJson(answer: JsonPieces, form: Form, request: IncomingMessage, response: ServerResponse) {
  const { code, contentType = "application/json" } = answer;
  const chunks = inChunks(answer.pieces);
  if (form.media === "yaml") return whole(response, code, "application/yaml", stringify(JSON.parse(chunks.join(""))));
  const zipped = isWorthZipping(chunks) && acceptsGzip(request);
  if (chunks.length === 1 && !zipped) return whole(response, code, contentType, chunks[0] ?? "");
  response.writeHead(code, { "content-type": contentType, ...noCache, ...(zipped ? gzipHeaders : {}) });
  await writeAll(chunks, zipped ? throughGzip(response) : response, response);
}

function whole(response: ServerResponse, code: number, type: string, text: string): void {
  const bytes = Buffer.from(text, "utf8");
  response.writeHead(code, { "content-type": type, "content-length": bytes.length, ...noCache }).end(bytes);
}

function isWorthZipping(chunks: readonly string[]): boolean {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0) > gzipAboveChars;
}

function acceptsGzip({ headers }: IncomingMessage): boolean {
  return String(headers["accept-encoding"] ?? "")
    .split(",")
    .some((coding) => /^\s*(gzip|\*)\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/.test(coding));
}

const noCache = { "cache-control": "no-cache, private" };
const gzipHeaders = { "content-encoding": "gzip", vary: "Accept-Encoding" };

function throughGzip(response: ServerResponse): Writable {
  const gzip = createGzip({ level: constants.Z_BEST_SPEED });
  gzip.pipe(response);
  response.once("close", () => gzip.destroy());
  return gzip;
}

/** Joins many small pieces into few large ones, none of which comes near V8's limit for a string. */
function inChunks(pieces: Iterable<string>): string[] {
  const chunks: string[] = [];
  let small: string[] = [];
  let size = 0;
  for (const piece of pieces) {
    small.push(piece);
    size += piece.length;
    if (size < chunkChars) continue;
    chunks.push(small.join(""));
    small = [];
    size = 0;
  }
  if (small.length > 0 || chunks.length === 0) chunks.push(small.join(""));
  return chunks;
}

async function writeAll(chunks: readonly string[], sink: Writable, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  for (const chunk of chunks) {
    if (sink.destroyed || gone.signal.aborted) return;
    if (sink.write(chunk)) continue;
    await once(sink, "drain", { signal: gone.signal }).catch(() => undefined);
  }
  sink.end();
}

/** A refusal as the Status that goes over the wire; a stream that has begun can only be cut. */
export function sendError(error: ApiError, response: ServerResponse): void {
  if (response.destroyed) return;
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { details } = error.status;
  const retry = details?.retryAfterSeconds;
  // Where nothing was negotiated upstream writes by hand, indented (responsewriters.WriteRawJSON).
  const text = Buffer.from(JSON.stringify(error.status, null, error.code === 406 ? 2 : 0), "utf8");
  response.writeHead(error.code, {
    "content-type": "application/json",
    "content-length": text.length,
    ...noCache,
    ...(retry === undefined ? {} : { "retry-after": String(retry) }),
  });
  response.end(text);
}

/** 500 in the API server's words. */
export function internalError(error: unknown): ApiError {
  const message = error instanceof Error ? error.message : String(error);
  const details = { causes: [{ reason: "UnexpectedServerResponse", message }] };
  return new ApiError(500, "InternalError", `Internal error occurred: ${message}`, details);
}
