import http from "node:http";
import https from "node:https";
import net from "node:net";
import type { Duplex } from "node:stream";
import tls from "node:tls";
import type { LinkSettings, TlsMaterial } from "./link-settings.ts";
import { openTunnel } from "./tunnel.ts";

/** Sockets held at once: more would only queue inside the API server. */
const maxSockets = 32;

/** Speaks TLS with the API server inside a tunnel that a proxy opened. */
class TunnelAgent extends https.Agent {
  readonly #proxy: string;
  readonly #tls: TlsMaterial;
  readonly #secure: boolean;

  constructor(settings: LinkSettings) {
    super({ keepAlive: true, maxSockets });
    this.#proxy = settings.proxy ?? "";
    this.#tls = settings.tls;
    this.#secure = settings.server.startsWith("https:");
    if (!this.#secure) Object.assign(this, { protocol: "http:" });
  }

  override createConnection(
    options: http.ClientRequestArgs,
    callback?: (error: Error | null, socket: Duplex) => void,
  ): Duplex | null | undefined {
    const host = String(options.host ?? options.hostname);
    const port = Number(options.port ?? (this.#secure ? 443 : 80));
    void this.#connect(host, port, callback ?? (() => undefined));
    return undefined;
  }

  async #connect(host: string, port: number, done: (error: Error | null, socket: Duplex) => void): Promise<void> {
    let socket: Duplex;
    try {
      socket = await openTunnel(this.#proxy, host, port);
    } catch (error) {
      // node:http reads no socket where there is an error.
      return done(error instanceof Error ? error : new Error(String(error)), undefined as never);
    }
    if (!this.#secure) return done(null, socket);
    // TLS knows no address as a server's name; without one the certificate is held against `host`.
    const name = this.#tls.servername ?? (net.isIP(host) === 0 ? host : undefined);
    const options = { ...this.#tls, host, socket, ALPNProtocols: ["http/1.1"] };
    done(null, tls.connect(name === undefined ? options : { ...options, servername: name }));
  }
}

/** One keep-alive pool, HTTP/1.1 only: HTTP/2's default windows cap a long list at a few MB/s over a slow link. */
export function socketAgent(settings: LinkSettings): http.Agent {
  if (settings.proxy !== null) return new TunnelAgent(settings);
  if (settings.server.startsWith("http:")) return new http.Agent({ keepAlive: true, maxSockets });
  return new https.Agent({ keepAlive: true, maxSockets, ...settings.tls });
}

/** Equal keys may share an agent; a client certificate that was renewed needs another. */
export function agentKey(settings: LinkSettings): string {
  return JSON.stringify([settings.server, settings.proxy, settings.tls]);
}
