import http from "node:http";
import https from "node:https";
import net from "node:net";
import type { Duplex } from "node:stream";

/** How long a proxy may take to open the way, in milliseconds. */
const tunnelTimeoutMs = 20_000;

/** A raw connection to host:port through the proxy: CONNECT for http(s)://, RFC 1928 for socks5://. */
export function openTunnel(proxy: string, host: string, port: number): Promise<Duplex> {
  const url = new URL(proxy);
  if (url.protocol === "socks5:" || url.protocol === "socks5h:") return throughSocks(url, host, port);
  return throughConnect(url, host, port);
}

function throughConnect(proxy: URL, host: string, port: number): Promise<Duplex> {
  const authority = `${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}:${port}`;
  const headers: Record<string, string> = { host: authority };
  if (proxy.username !== "") {
    const pair = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
    headers["proxy-authorization"] = `Basic ${Buffer.from(pair).toString("base64")}`;
  }
  const request = proxy.protocol === "https:" ? https.request : http.request;
  return new Promise((resolve, reject) => {
    const call = request(proxy, {
      method: "CONNECT",
      path: authority,
      headers,
      agent: false,
      timeout: tunnelTimeoutMs,
    });
    call.on("connect", (answer, socket) => {
      if (answer.statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(new Error(`the proxy ${proxy.host} refused with status ${answer.statusCode ?? 0}`));
    });
    call.on("timeout", () => call.destroy(new Error(`the proxy ${proxy.host} did not answer`)));
    call.on("error", reject);
    call.end();
  });
}

/** The next `size` bytes of the socket. */
function take(socket: net.Socket, size: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const chunk = socket.read(size) as Buffer | null;
      if (chunk === null) return;
      socket.off("readable", look);
      socket.off("close", gone);
      resolve(chunk);
    };
    const gone = () => reject(new Error("the SOCKS proxy closed the connection"));
    socket.on("readable", look);
    socket.once("close", gone);
    look();
  });
}

async function throughSocks(proxy: URL, host: string, port: number): Promise<Duplex> {
  const socket = net.connect({ host: proxy.hostname, port: Number(proxy.port || 1080) });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  socket.setTimeout(tunnelTimeoutMs, () => socket.destroy(new Error(`the proxy ${proxy.host} did not answer`)));
  const fails = new Promise<never>((_, reject) => socket.once("error", reject));
  await Promise.race([socksHandshake(socket, proxy), fails]);
  const name = Buffer.from(host);
  socket.write(Buffer.concat([Buffer.from([5, 1, 0, 3, name.length]), name, Buffer.from([port >> 8, port & 255])]));
  const head = await Promise.race([take(socket, 4), fails]);
  if (head[1] !== 0) throw new Error(`the proxy ${proxy.host} refused with SOCKS reply ${head[1] ?? 0}`);
  const addressLength = head[3] === 1 ? 4 : head[3] === 4 ? 16 : ((await take(socket, 1))[0] ?? 0);
  await take(socket, addressLength + 2);
  socket.setTimeout(0);
  fails.catch(() => undefined);
  return socket;
}

async function socksHandshake(socket: net.Socket, proxy: URL): Promise<void> {
  const withPassword = proxy.username !== "";
  socket.write(Buffer.from(withPassword ? [5, 2, 0, 2] : [5, 1, 0]));
  const method = (await take(socket, 2))[1];
  if (method === 0) return;
  if (method !== 2 || !withPassword) throw new Error(`the proxy ${proxy.host} wants a way to log in that is not known`);
  const user = Buffer.from(decodeURIComponent(proxy.username));
  const password = Buffer.from(decodeURIComponent(proxy.password));
  socket.write(Buffer.concat([Buffer.from([1, user.length]), user, Buffer.from([password.length]), password]));
  if ((await take(socket, 2))[1] !== 0) throw new Error(`the proxy ${proxy.host} refused the user name or password`);
}
