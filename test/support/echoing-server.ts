import http, { type IncomingMessage } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";

/** Stands before an API server and tells whoever asks what they sent, where nobody looks: in watch events and exec statuses. */
export interface EchoingServer {
  readonly url: string;
  /** How often it has echoed so far. */
  readonly echoed: { watches: number; execs: number };
  close(): void;
}

/** A credential in every form in which somebody could name it. */
function sentBy(request: IncomingMessage): string {
  const [scheme = "", sent = ""] = String(request.headers.authorization ?? "").split(" ");
  if (scheme !== "Basic") return sent;
  const pair = Buffer.from(sent, "base64").toString("utf8");
  return `${sent} (${pair}, with ${pair.slice(pair.indexOf(":") + 1)})`;
}

/** The credential by which it asks the API server itself. */
const asBearer = (token: string) => `Bearer ${token}`;

interface Onward {
  readonly upstream: URL;
  readonly token: string;
}

function passOn(request: IncomingMessage, client: Duplex, head: Buffer, { upstream, token }: Onward): void {
  const server = connect(Number(upstream.port), upstream.hostname, () => {
    const lines = [`${request.method} ${request.url} HTTP/1.1`];
    for (let at = 0; at < request.rawHeaders.length; at += 2)
      lines.push(
        request.rawHeaders[at]?.toLowerCase() === "authorization"
          ? `Authorization: ${asBearer(token)}`
          : `${request.rawHeaders[at]}: ${request.rawHeaders[at + 1]}`,
      );
    server.write(`${lines.join("\r\n")}\r\n\r\n`);
    server.write(head);
    server.pipe(client).pipe(server);
  });
  server.on("error", () => client.destroy());
  client.on("error", () => server.destroy());
  client.on("close", () => server.destroy());
}

/**
 * The first `times` watches of nodes and the first `times` execs are answered with the caller's own credential; whatever that
 * is, all else is asked in the name of `token`.
 */
export async function echoingServer(upstreamUrl: string, times: number, token: string): Promise<EchoingServer> {
  const upstream = new URL(upstreamUrl);
  const echoed = { watches: 0, execs: 0 };
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => "v5.channel.k8s.io" });
  const server = http.createServer((request, response) => {
    if (/\/nodes\?.*watch=true/.test(request.url ?? "") && echoed.watches < times) {
      echoed.watches += 1;
      const object = { kind: "Status", code: 500, message: `proxy: rejected token ${sentBy(request)} of the watch` };
      return void response.end(`${JSON.stringify({ type: "ERROR", object })}\n`);
    }
    const { method = "GET", url = "/" } = request;
    const headers = { ...request.headers, authorization: asBearer(token) };
    const up = http.request({ host: upstream.hostname, port: upstream.port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    up.on("error", () => response.destroy());
    response.on("close", () => up.destroy());
    request.pipe(up);
  });
  server.on("upgrade", (request, client, head) => {
    if (echoed.execs >= times) return passOn(request, client, head, { upstream, token });
    echoed.execs += 1;
    sockets.handleUpgrade(request, client, head, (socket) => {
      const message = `gateway rejected credential ${sentBy(request)} of the exec`;
      socket.send(Buffer.concat([Buffer.from([3]), Buffer.from(JSON.stringify({ status: "Failure", message }))]));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    echoed,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
