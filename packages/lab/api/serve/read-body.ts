import type { IncomingMessage } from "node:http";
import { parse as parseYaml } from "yaml";
import { ApiError, badRequest } from "../../store/api-error.ts";
import type { Patch } from "../../store/api-store.ts";
import { decodeProtobuf } from "../wire/decode-protobuf.ts";

/** As the API server's default; a body above it is answered with 413. */
const limitBytes = 3 * 1024 * 1024;

const readable = "application/json, application/yaml, application/vnd.kubernetes.protobuf";

/** Collects the whole body. */
export async function collect(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limitBytes) {
      throw new ApiError(413, "RequestEntityTooLarge", `Request entity too large: limit is ${limitBytes}`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const mediaType = (header: string | undefined) => (header ?? "").split(";")[0]?.trim().toLowerCase() ?? "";

/** The object in a POST, PUT or DELETE body; undefined when there is none. */
export function decodeBody(bytes: Buffer, contentType: string | undefined): unknown {
  if (bytes.length === 0) return undefined;
  const type = mediaType(contentType);
  if (type === "" || type === "application/json") return parseJson(bytes);
  if (type === "application/yaml") return readYaml(bytes);
  if (type === "application/vnd.kubernetes.protobuf") return decodeWire(bytes);
  const message = `the body of the request was in an unknown format - accepted media types include: ${readable}`;
  throw new ApiError(415, "UnsupportedMediaType", message);
}

function decodeWire(bytes: Buffer): unknown {
  let decoded: ReturnType<typeof decodeProtobuf>;
  try {
    decoded = decodeProtobuf(bytes);
  } catch (error) {
    throw badRequest(`the protobuf body could not be read: ${(error as Error).message}`);
  }
  if ("object" in decoded) return decoded.object;
  const message = `the embedded cluster does not read ${decoded.unknown} as protobuf: send application/json`;
  throw new ApiError(415, "UnsupportedMediaType", message);
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    throw badRequest(`couldn't get version/kind; json parse error: ${(error as Error).message}`);
  }
}

/** Go's YAML reader is a 1.1 dialect, hence the version. JSON is tried first: it is most of what comes. */
function readYaml(bytes: Buffer): unknown {
  const text = bytes.toString("utf8");
  try {
    return text.trimStart().startsWith("{") ? JSON.parse(text) : parseYaml(text, { version: "1.1" });
  } catch (error) {
    throw badRequest(`error decoding YAML: ${(error as Error).message}`);
  }
}

const patchTypes: Readonly<Record<string, Patch["type"]>> = {
  "application/json-patch+json": "json",
  "application/merge-patch+json": "merge",
  "application/strategic-merge-patch+json": "strategic",
  "application/apply-patch+yaml": "apply",
};

/** The patch by its media type; 415 for another, as the API server lists those that it takes. */
export function decodePatch(bytes: Buffer, contentType: string | undefined): Patch {
  const type = patchTypes[mediaType(contentType)];
  if (type === undefined) {
    const offered = Object.keys(patchTypes).join(", ");
    const message = `the body of the request was in an unknown format - accepted media types include: ${offered}`;
    throw new ApiError(415, "UnsupportedMediaType", message);
  }
  return { type, body: type === "apply" ? readYaml(bytes) : parseJson(bytes) };
}
