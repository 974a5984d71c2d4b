import { type IncomingMessage, request, type ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { loopbackCertificate } from "crossfade-lab/api/serve/certificate.ts";

/** Requests by verb and what they ask for: "GET pods/NAME", "POST pods/NAME/eviction", "WATCH pods". */
export type Counts = Map<string, number>;

/** Stands before a lab's API server and counts; both contestants go through it. */
export interface CountingProxy {
  readonly url: string;
  /** PEM of the authority to trust. */
  readonly certificateAuthority: string;
  /** What was asked since the last call. */
  take(): Counts;
  /** Watches asked for since the last `take`. */
  watches(): number;
  close(): Promise<void>;
}

function named(method: string, url: URL): string {
  const path = url.pathname
    .replace(/^\/(api\/[^/]+|apis\/[^/]+\/[^/]+)\/?/, "")
    .replace(/^namespaces\/[^/]+\/(?=.)/, "")
    .split("/");
  const [plural = "", name, ...rest] = path;
  const what = name === undefined ? plural || "discovery" : [plural, "NAME", ...rest].join("/");
  return `${url.searchParams.get("watch") ? "WATCH" : method} ${what}`;
}

export async function countingProxy(labUrl: string): Promise<CountingProxy> {
  let counts: Counts = new Map();
  const { key, cert } = loopbackCertificate();
  const target = new URL(labUrl);
  const forward = (incoming: IncomingMessage, response: ServerResponse) => {
    const url = new URL(incoming.url ?? "/", labUrl);
    const name = named(incoming.method ?? "GET", url);
    counts.set(name, (counts.get(name) ?? 0) + 1);
    const { method, headers } = incoming;
    const onward = request(
      { host: target.hostname, port: target.port, method: method ?? "GET", path: incoming.url ?? "/", headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        response.flushHeaders();
        answer.pipe(response);
      },
    );
    onward.on("error", () => response.destroy());
    response.on("close", () => onward.destroy());
    incoming.pipe(onward);
  };
  const server = createServer({ key, cert }, forward);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    certificateAuthority: cert,
    take() {
      const taken = counts;
      counts = new Map();
      return taken;
    },
    watches: () => [...counts].reduce((sum, [name, count]) => sum + (name.startsWith("WATCH") ? count : 0), 0),
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
