import { randomBytes } from "node:crypto";
import { WebSocketServer } from "ws";
import type { LabClock } from "../clock.ts";
import type { ApiStore } from "../store/api-store.ts";
import { AccountTokens, type Identity, labAdmin, type Users } from "./access/identity.ts";
import type { Question } from "./access/policy-rule.ts";
import { Rbac } from "./access/rbac.ts";
import type { Evict } from "./pods/evict.ts";
import { execProtocols } from "./pods/exec.ts";
import type { PodAccess } from "./pods/pod-access.ts";
import { type Certificate, clientCertificate, loopbackCertificate } from "./serve/certificate.ts";
import type { Faults } from "./serve/faults.ts";
import { HeldLists } from "./serve/held-lists.ts";
import { listenOnLoopback } from "./serve/loopback-listener.ts";
import { ApiPresence, type ApiRestart } from "./serve/restart.ts";
import { type ServerParts, serveRequest } from "./serve/serve-request.ts";
import { serveUpgrade } from "./serve/serve-upgrade.ts";

/** What `/lab/...` leads to: the lab's own controls, which no Kubernetes API has. */
export type Control = (path: string, body: unknown) => Promise<{ readonly status: number; readonly body: unknown }>;

export interface ApiServerOptions {
  readonly store: ApiStore;
  readonly clock: LabClock;
  /** The bearer token of the administrator, whom no role binds. */
  readonly token: string;
  /** gitVersion, for example v1.33.4 */
  readonly version: string;
  readonly pods: PodAccess;
  readonly evict: Evict;
  readonly control?: Control;
  /** Told of every right that somebody made use of. */
  readonly onAllowed?: (identity: Identity, question: Question) => void;
  /** Injected failures; none when left out. */
  readonly faults?: Faults;
  /** Told of errors that are the lab's own; the client gets a 500. */
  readonly onFault?: (error: unknown, request: string) => void;
}

/** How a user is known to the server; either is enough. */
export interface SignedIn {
  readonly token: string;
  /** Key and certificate, PEM. */
  readonly certificate: Certificate;
}

/** A running API server. */
export interface ApiServer {
  /** http://127.0.0.1:PORT, for clients that send a token over plain HTTP: kubectl and helm do not. */
  readonly url: string;
  /** https://127.0.0.1:PORT, the same port: what a kubeconfig should name. */
  readonly secureUrl: string;
  /** PEM of the authority to trust there: base64 of it is kubeconfig's certificate-authority-data. */
  readonly certificateAuthority: string;
  /** One more user, known by a token or by a certificate; what they may do is said by roles alone. */
  signIn(identity: Identity): SignedIn;
  /** As when its machine reboots. */
  restart(how: ApiRestart): void;
  /** Ends every watch, log and exec, and the listener. */
  close(): Promise<void>;
}

/** Kubernetes over HTTP and HTTPS on loopback, on one port that the system picks. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const closing = new AbortController();
  const { store, clock, version, pods, evict, token, onAllowed } = options;
  const users: Users = {
    tokens: new Map([[token, labAdmin]]),
    accounts: new AccountTokens(randomBytes(24).toString("base64url"), store, clock),
  };
  const held = new HeldLists(clock);
  const presence = new ApiPresence(clock);
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: bestProtocol });
  const certificate = loopbackCertificate();
  const parts: ServerParts & { readonly sockets: WebSocketServer } = {
    ...options,
    faults: (request) => (presence.isAway ? { reset: "now" } : (options.faults?.(request) ?? null)),
    world: { store, clock, version, pods, evict, rbac: new Rbac(store, presence, onAllowed), users, held },
    closing: closing.signal,
    sockets,
  };
  const listener = await listenOnLoopback(
    certificate,
    (request, response) => void serveRequest(parts, request, response),
    (request, socket, head) => void serveUpgrade(parts, request, socket, head),
  );
  return {
    url: `http://127.0.0.1:${listener.port}`,
    secureUrl: `https://127.0.0.1:${listener.port}`,
    certificateAuthority: certificate.cert,
    signIn(identity) {
      const secret = randomBytes(24).toString("base64url");
      users.tokens.set(secret, identity);
      return { token: secret, certificate: clientCertificate(certificate, identity) };
    },
    restart(how) {
      presence.restart(how);
      listener.cut();
    },
    async close() {
      closing.abort();
      for (const socket of sockets.clients) socket.terminate();
      await listener.close();
    },
  };
}

function bestProtocol(offered: ReadonlySet<string>): string | false {
  return execProtocols.find((protocol) => offered.has(protocol)) ?? false;
}
