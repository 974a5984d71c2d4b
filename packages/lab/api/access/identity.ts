import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import type { LabClock } from "../../clock.ts";
import { ApiError } from "../../store/api-error.ts";
import type { ApiStore } from "../../store/api-store.ts";

/** Who asks, as authentication found out: user.Info of the API server. */
export interface Identity {
  readonly username: string;
  readonly groups: readonly string[];
  readonly uid?: string;
}

/** Whoever is in it may do all, without any role: the one group that RBAC never asks about. */
export const masters = "system:masters";

/** The user of the lab's own kubeconfig. */
export const labAdmin: Identity = { username: "kubernetes-admin", groups: [masters, "system:authenticated"] };

/** Everybody who was authenticated is in this group too. */
export const authenticated = ({ groups, ...user }: Identity): Identity => ({
  ...user,
  groups: [...new Set([...groups, "system:authenticated"])],
});

interface Claims {
  readonly sub: string;
  /** Of the account: one that was made anew under the name does not take over its tokens. */
  readonly uid: string;
  /** Unix seconds. */
  readonly exp: number;
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

function equal(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Tokens of service accounts: sealed by the server, good until they end or their account is gone. */
export class AccountTokens {
  readonly #key: string;
  readonly #store: ApiStore;
  readonly #clock: LabClock;

  constructor(key: string, store: ApiStore, clock: LabClock) {
    this.#key = key;
    this.#store = store;
    this.#clock = clock;
  }

  seal(claims: Claims & Readonly<Record<string, unknown>>): string {
    const unsigned = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
    return `${unsigned}.${this.#mark(unsigned)}`;
  }

  open(token: string): Identity | null {
    const [head = "", body = "", mark = ""] = token.split(".");
    if (!equal(mark, this.#mark(`${head}.${body}`))) return null;
    const { sub, uid, exp } = JSON.parse(Buffer.from(body, "base64url").toString("utf8")) as Claims;
    const [, , namespace = "", name = ""] = sub.split(":");
    const account = this.#store.get("serviceaccounts", namespace, name);
    if (account?.metadata.uid !== uid || exp * 1000 < this.#clock.now()) return null;
    return { username: sub, uid, groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`] };
  }

  #mark(unsigned: string): string {
    return createHmac("sha256", this.#key).update(unsigned).digest("base64url");
  }
}

/** How the server knows its users. */
export interface Users {
  /** By bearer token, as --token-auth-file gives them to the API server. */
  readonly tokens: Map<string, Identity>;
  readonly accounts: AccountTokens;
}

/** A certificate that our authority signed: CN is the user, each O a group, as in the API server. */
function byCertificate({ socket }: IncomingMessage): Identity | null {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return null;
  const { subject } = socket.getPeerCertificate();
  if (!subject?.CN) return null;
  const groups: unknown = subject.O;
  return {
    username: String(subject.CN),
    groups: (Array.isArray(groups) ? groups : [groups]).filter((one): one is string => typeof one === "string"),
  };
}

function byToken({ tokens, accounts }: Users, { headers }: IncomingMessage): Identity | null {
  const [scheme = "", given = ""] = (headers.authorization ?? "").split(" ");
  if (scheme.toLowerCase() !== "bearer" || given === "") return null;
  for (const [token, identity] of tokens) if (equal(token, given)) return identity;
  return accounts.open(given);
}

/** Who sent the request; 401 where no credential names anybody. */
export function authenticate(users: Users, request: IncomingMessage): Identity {
  const found = byCertificate(request) ?? byToken(users, request);
  if (found === null) throw new ApiError(401, "Unauthorized", "Unauthorized");
  return authenticated(found);
}
