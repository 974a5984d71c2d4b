import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/**
 * Takes the token from the first part of the path: /TOKEN/api/v1/… becomes /api/v1/… with the token as its header.
 * kubectl and helm send no credentials at all to a server that is plain HTTP, but they keep the server's path.
 */
export function takeTokenFromPath(token: string, request: IncomingMessage): void {
  const path = request.url ?? "/";
  const given = Buffer.from(path.slice(1, token.length + 1));
  const rest = path.slice(token.length + 1);
  if (rest !== "" && !/^[/?]/.test(rest)) return;
  const wanted = Buffer.from(token);
  if (token === "" || given.length !== wanted.length || !timingSafeEqual(given, wanted)) return;
  request.url = rest.startsWith("/") ? rest : `/${rest}`;
  request.headers.authorization = `Bearer ${token}`;
}
