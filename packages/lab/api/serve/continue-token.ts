import type { KubeObject } from "../../objects.ts";
import { badRequest } from "../../store/api-error.ts";

/** Where a paged list goes on. Opaque to clients; the fields are those that the API server encodes. */
export interface ContinueToken {
  readonly resourceVersion: string;
  /** namespace/name of the last object that was sent. */
  readonly start: string;
  /** Goes on in the present state, from a 410's metadata.continue. */
  readonly inconsistent: boolean;
}

const keyOf = ({ metadata }: KubeObject) => `${metadata.namespace ?? ""}/${metadata.name}`;

/** The token after `last` of a list at `resourceVersion`. */
export function writeContinue(resourceVersion: string, last: KubeObject): string {
  const token = { v: "meta.k8s.io/v1", rv: Number(resourceVersion), start: keyOf(last) };
  return Buffer.from(JSON.stringify(token)).toString("base64url");
}

/** 400 for what is no token of ours. */
export function readContinue(text: string): ContinueToken {
  try {
    const { rv, start } = JSON.parse(Buffer.from(text, "base64url").toString("utf8")) as { rv: number; start: string };
    if (typeof rv !== "number" || typeof start !== "string") throw new TypeError("fields are missing");
    return { resourceVersion: String(rv), start, inconsistent: rv < 0 };
  } catch (error) {
    throw badRequest(`continue key is not valid: ${(error as Error).message}`);
  }
}

/** Index of the first object after the token's. */
export function continuePosition(items: readonly KubeObject[], { start }: ContinueToken): number {
  const at = items.findIndex((item) => keyOf(item) === start);
  if (at >= 0) return at + 1;
  const next = items.findIndex((item) => keyOf(item) > start);
  return next >= 0 ? next : items.length;
}
