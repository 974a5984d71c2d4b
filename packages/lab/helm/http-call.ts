import { type IncomingMessage, request as plain, type RequestOptions } from "node:http";
import { request as secure } from "node:https";

export interface Call {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
  /** PEM of the authority that the kubeconfig names; null with insecure-skip-tls-verify. */
  readonly authority?: string | null;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** One HTTP call: the built-in fetch cannot be told a certificate authority. */
export function httpCall({ method, url, headers, body, signal, authority }: Call): Promise<Answer> {
  const options: RequestOptions & { ca?: string; rejectUnauthorized?: boolean } = {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) }) },
    ...(signal ? { signal } : {}),
    ...(authority === null ? { rejectUnauthorized: false } : {}),
    ...(authority ? { ca: authority } : {}),
  };
  const send = url.startsWith("https:") ? secure : plain;
  return new Promise((resolve, reject) => {
    const sent = send(url, options, (response: IncomingMessage) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") }),
      );
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
