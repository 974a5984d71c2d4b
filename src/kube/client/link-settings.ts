/** How to reach one API server as one identity: plain data, so that it can cross to the watch worker by message. */
export interface LinkSettings {
  /** Without a trailing slash; may bear a base path. */
  readonly server: string;
  readonly tls: TlsMaterial;
  /** http://, https://, socks5:// or socks5h:// address of a proxy, or null. */
  readonly proxy: string | null;
  /** A list stands for one header line each (Impersonate-Group). */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
}

/** PEM texts; what is undefined is left to Node's defaults. */
export interface TlsMaterial {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
}

/** Gzip costs more than it saves where bytes cross no wire. */
export function isLoopback(server: string): boolean {
  const { hostname } = new URL(server);
  return hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
}
