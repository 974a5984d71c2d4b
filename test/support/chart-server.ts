import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer as plainServer } from "node:http";
import { createServer as secureServer } from "node:https";
import { type AddressInfo, createServer } from "node:net";
import { loopbackCertificate } from "crossfade-lab/api/serve/certificate.ts";

const sha = (bytes: Uint8Array | string) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
const empty = Buffer.from("{}");

export interface ChartServer {
  /** PEM of the authority that nobody but the test knows. */
  readonly ca: string;
  readonly repository: string;
  /** Of the chart itself: oci://HOST/charts/cilium. */
  readonly oci: string;
  readonly host: string;
  /** What the server hands out from here on. */
  serve(archive: Buffer): void;
  /** From here on only who says this is served. */
  want(user: string, password: string): void;
  close(): Promise<void>;
}

/** A mirror with a private CA: a chart repository and, under the same host, an OCI registry with the same chart. */
export async function chartServer(version: string, first: Buffer): Promise<ChartServer> {
  const { key, cert } = loopbackCertificate();
  let archive = first;
  let wanted: string | null = null;
  const manifest = () =>
    JSON.stringify({
      schemaVersion: 2,
      config: { mediaType: "application/vnd.cncf.helm.config.v1+json", digest: sha(empty), size: empty.length },
      layers: [
        {
          mediaType: "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
          digest: sha(archive),
          size: archive.length,
        },
      ],
    });
  const index = () =>
    JSON.stringify({
      apiVersion: "v1",
      entries: { cilium: [{ apiVersion: "v2", name: "cilium", version, urls: [`cilium-${version}.tgz`] }] },
    });
  const pages = (): Readonly<Record<string, Buffer>> => ({
    "/mirror/index.yaml": Buffer.from(index()),
    [`/mirror/cilium-${version}.tgz`]: archive,
    "/v2/": empty,
    "/v2/charts/cilium/tags/list": Buffer.from(JSON.stringify({ name: "charts/cilium", tags: [version] })),
    [`/v2/charts/cilium/manifests/${version}`]: Buffer.from(manifest()),
    [`/v2/charts/cilium/manifests/${sha(manifest())}`]: Buffer.from(manifest()),
    [`/v2/charts/cilium/blobs/${sha(empty)}`]: empty,
    [`/v2/charts/cilium/blobs/${sha(archive)}`]: archive,
  });
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const { pathname } = new URL(request.url ?? "/", "https://mirror");
    if (wanted !== null && request.headers.authorization !== wanted) {
      response.writeHead(401, { "www-authenticate": 'Basic realm="mirror"' }).end();
      return;
    }
    const body = pages()[pathname];
    if (body === undefined) {
      response.writeHead(404).end();
      return;
    }
    const type = pathname.includes("/manifests/")
      ? "application/vnd.oci.image.manifest.v1+json"
      : "application/octet-stream";
    const headers = { "content-type": type, "content-length": body.length, "docker-content-digest": sha(body) };
    response.writeHead(200, headers).end(request.method === "HEAD" ? undefined : body);
  };
  const secure = secureServer({ key, cert }, answer);
  const plain = plainServer(answer);
  // helm 3 speaks plain HTTP with a registry on a loopback address, whatever it is told: the first byte says which it is.
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", (first) => {
      socket.pause();
      socket.unshift(first);
      (first[0] === 0x16 ? secure : plain).emit("connection", socket);
      process.nextTick(() => socket.resume());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ca: cert,
    host,
    repository: `https://${host}/mirror`,
    oci: `oci://${host}/charts/cilium`,
    serve(next) {
      archive = next;
    },
    want(user, password) {
      wanted = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const one of [secure, plain]) one.closeAllConnections();
      }),
  };
}
