import { connect, createServer, type Server, type Socket } from "node:net";

/** A wire in front of a server, which can be cut and joined again; the port stays. */
export interface TcpProxy {
  readonly port: number;
  /** Ends all connections; new ones are refused until `join`. */
  cut(): Promise<void>;
  join(): Promise<void>;
}

function listening(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve((server.address() as { readonly port: number }).port));
  });
}

export async function tcpProxy(target: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const hold = (socket: Socket, other: () => Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => {
      sockets.delete(socket);
      other().destroy();
    });
  };
  const serve = () =>
    createServer((client) => {
      const server = connect(target, "127.0.0.1");
      hold(client, () => server);
      hold(server, () => client);
      client.pipe(server).pipe(client);
    });
  let server = serve();
  const port = await listening(server, 0);
  return {
    port,
    async cut() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    async join() {
      server = serve();
      await listening(server, port);
    },
  };
}
