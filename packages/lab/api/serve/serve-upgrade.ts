import { type IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { WebSocketServer } from "ws";
import { badRequest } from "../../store/api-error.ts";
import { execProtocols, serveExec } from "../pods/exec.ts";
import type { ContainerTarget } from "../pods/pod-access.ts";
import { notInTheLab } from "../pods/pod-subresources.ts";
import { containerTarget } from "../pods/pod-target.ts";
import { parseRoute, type Route } from "../route.ts";
import { negotiate } from "./accept.ts";
import { type Call, noSuchPath } from "./call.ts";
import { admit, fail, resolveResource, type ServerParts, signalOf, suffer } from "./serve-request.ts";

interface UpgradeParts extends ServerParts {
  readonly sockets: WebSocketServer;
}

/** Serves a request that wants to become a WebSocket; refusals are plain HTTP answers, as clients expect. */
export async function serveUpgrade(parts: UpgradeParts, request: IncomingMessage, socket: Duplex, head: Buffer) {
  const response = new ServerResponse(request);
  response.assignSocket(socket as ConstructorParameters<typeof ServerResponse>[0]["socket"]);
  response.shouldKeepAlive = false;
  response.once("finish", () => socket.end());
  socket.on("error", () => socket.destroy());
  try {
    const url = new URL(request.url ?? "/", "http://lab");
    const signal = signalOf(parts, response);
    if (await suffer(parts, { request, url, response, signal })) return;
    const route = parseRoute(url.pathname);
    const identity = admit(parts, route, request, url);
    const target = upgradeTarget(parts, { identity, request, response }, route, url);
    response.detachSocket(request.socket);
    parts.sockets.handleUpgrade(request, socket, head, (webSocket) => {
      void serveExec(webSocket, target, url.searchParams, parts.world.pods);
    });
  } catch (error) {
    fail(parts, error, request, response);
  }
}

/** Only exec upgrades; port-forward and attach would need a real process. */
function upgradeTarget(
  parts: ServerParts,
  who: Pick<Call, "identity" | "request" | "response">,
  route: Route,
  url: URL,
): ContainerTarget {
  if (route.kind !== "resource") throw noSuchPath();
  const resolved = resolveResource(parts.world, route, url);
  const call = { ...resolved, ...who, form: negotiate(undefined), signal: parts.closing };
  const { subresource } = route;
  if (resolved.resource.name !== "pods" || subresource === null) throw noSuchPath();
  if (subresource === "attach" || subresource === "portforward") return notInTheLab(call);
  if (subresource !== "exec") throw noSuchPath();
  const offered = (who.request.headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
  if (!execProtocols.some((protocol) => offered.includes(protocol))) {
    throw badRequest(`unable to upgrade: exec needs a WebSocket with one of ${execProtocols.join(", ")}`);
  }
  return containerTarget(call);
}
