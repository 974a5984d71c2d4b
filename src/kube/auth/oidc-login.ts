import http from "node:http";
import https from "node:https";
import type { Configuration, ServerMetadata } from "openid-client";
import { CrossfadeError } from "../../engine/model/errors.ts";
import { knownSecrets } from "../../engine/model/known-secrets.ts";
import { type Reason, reason } from "../../engine/model/reason.ts";
import { isLoopback } from "../client/link-settings.ts";
import { chooseProxy } from "../client/proxy-choice.ts";
import { redact } from "../client/redact.ts";
import { socketAgent } from "../client/socket-agent.ts";
import { at, type Fields, number, text } from "../objects/read.ts";
import type { Environment } from "./kubeconfig.ts";

/** What the issuer handed out, as kubeconfig keeps it. */
export interface OidcTokens {
  readonly idToken: string;
  readonly refreshToken: string;
}

type Client = typeof import("openid-client");

const answerWithinSeconds = 20;
const mostBytes = 1024 * 1024;

const refuse = (why: Reason, cause?: unknown): CrossfadeError => new CrossfadeError("KUBECONFIG", why, { cause });

/** Epoch milliseconds at which a token ends; 0 for what is no token, and so is over. */
export function endOfToken(token: string): number {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
    return number(at(claims, "exp")) * 1000;
  } catch {
    return 0;
  }
}

function request(url: string, init: RequestInit, agent: http.Agent): Promise<Response> {
  const send = url.startsWith("https:") ? https.request : http.request;
  return new Promise((resolve, reject) => {
    const headers = Object.fromEntries(new Headers(init.headers));
    const options = { method: init.method ?? "GET", headers, agent, ...(init.signal ? { signal: init.signal } : {}) };
    const call = send(url, options, (answer) => {
      const chunks: Buffer[] = [];
      let size = 0;
      answer.on("error", reject);
      answer.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > mostBytes) answer.destroy(new Error("its answer is longer than 1 MiB"));
        else chunks.push(chunk);
      });
      answer.on("end", () => {
        const { statusCode = 500, headers: given } = answer;
        const type = { "content-type": given["content-type"] ?? "" };
        resolve(new Response(Buffer.concat(chunks), { status: statusCode, headers: type }));
      });
    });
    call.on("error", reject);
    call.end(init.body instanceof URLSearchParams ? init.body.toString() : (init.body as string | undefined));
  });
}

/** As the issuer says how it wants to know us; the standard's default where it says nothing. */
function authOf(client: Client, server: ServerMetadata, secret: string) {
  if (secret === "") return client.None();
  const methods = server.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
  return methods.includes("client_secret_basic") ? client.ClientSecretBasic(secret) : client.ClientSecretPost(secret);
}

/** The issuer's own words, where it answered. */
function wordsOf(error: unknown): string {
  const said = [text(at(error, "error")), text(at(error, "error_description"))].filter((word) => word !== "");
  if (said.length > 0) return redact(said.join(": ")).slice(0, 500);
  let deepest = error;
  while (deepest instanceof Error && deepest.cause instanceof Error) deepest = deepest.cause;
  return redact(deepest instanceof Error ? deepest.message : String(deepest)).slice(0, 500);
}

/** The `config` of a kubeconfig user's auth-provider. */
function wanted(config: Fields) {
  const issuer = text(config["idp-issuer-url"]);
  const clientId = text(config["client-id"]);
  const refreshToken = text(config["refresh-token"]);
  const missing = Object.entries({ "idp-issuer-url": issuer, "client-id": clientId, "refresh-token": refreshToken })
    .filter(([, value]) => value === "")
    .map(([name]) => name);
  if (missing.length > 0) {
    throw refuse(reason("oidc-login-incomplete", { missing }));
  }
  if (!URL.canParse(issuer) || !(issuer.startsWith("https:") || isLoopback(issuer)))
    throw refuse(reason("oidc-issuer-invalid", { issuer: redact(issuer) }));
  return { issuer, clientId, refreshToken, secret: text(config["client-secret"]) };
}

/**
 * Asks the issuer for a new id-token, as kubectl does. Done here and not by @kubernetes/client-node, whose own way hands
 * openid-client a string where it wants a URL (https://github.com/kubernetes-client/javascript/issues/2202), leaves the
 * client's secret out, and takes the seconds that a token lasts for the moment at which it ends.
 */
export async function renewOidc(config: Fields, ca: string | undefined, env: Environment): Promise<OidcTokens> {
  const { issuer, clientId, refreshToken, secret } = wanted(config);
  knownSecrets.add([refreshToken, secret, text(config["id-token"])]);
  const client = await import("openid-client");
  const proxy = chooseProxy(issuer, "", env);
  const agent = socketAgent({ server: issuer, tls: ca === undefined ? {} : { ca }, proxy, headers: {} });
  const fetching = (url: string, init: unknown) => request(url, init as RequestInit, agent);
  const ready = (configuration: Configuration) => {
    configuration[client.customFetch] = fetching;
    configuration.timeout = answerWithinSeconds;
    if (isLoopback(issuer)) client.allowInsecureRequests(configuration);
    return configuration;
  };
  try {
    const found = await discovered(client, { issuer, clientId, fetching });
    const server = found.serverMetadata();
    const configuration = ready(new client.Configuration(server, clientId, undefined, authOf(client, server, secret)));
    return await granted(client, configuration, refreshToken, issuer);
  } finally {
    agent.destroy();
  }
}

interface Finding {
  readonly issuer: string;
  readonly clientId: string;
  readonly fetching: (url: string, init: unknown) => Promise<Response>;
}

function discovered(client: Client, { issuer, clientId, fetching }: Finding): Promise<Configuration> {
  const insecure = isLoopback(issuer) ? { execute: [client.allowInsecureRequests] } : {};
  const options = { [client.customFetch]: fetching, timeout: answerWithinSeconds, ...insecure };
  return client.discovery(new URL(issuer), clientId, undefined, client.None(), options).catch((error: unknown) => {
    throw refuse(reason("oidc-issuer-unreachable", { issuer, said: wordsOf(error) }), error);
  });
}

async function granted(
  client: Client,
  configuration: Configuration,
  refreshToken: string,
  issuer: string,
): Promise<OidcTokens> {
  const answer = await client.refreshTokenGrant(configuration, refreshToken).catch((error: unknown) => {
    const refused = text(at(error, "error")) !== "";
    const facts = { issuer, said: wordsOf(error) };
    throw refuse(reason(refused ? "oidc-login-over" : "oidc-not-renewed", facts), error);
  });
  const tokens = { idToken: answer.id_token ?? "", refreshToken: answer.refresh_token ?? refreshToken };
  if (tokens.idToken === "") throw refuse(reason("oidc-without-id-token", { issuer }));
  knownSecrets.add([tokens.idToken, tokens.refreshToken]);
  return tokens;
}
